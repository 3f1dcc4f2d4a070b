import { MeshError } from '../facts/error';
import type { RenderedObject } from './render';
import { hasHalfCharacter, multiLine, outermostKey, singleLine } from './yaml-string';

/**
 * Objects as a YAML stream, one document each, byte for byte as cdk8s writes them (`yaml-string.ts` names the few
 * strings that it writes so that some parser reads something else).
 *
 * The text reads back as the same objects with YAML 1.1 and YAML 1.2 parsers.
 *
 * @throws MESH2005 for a value that is no JSON, with construct path and field.
 */
export function toYaml(objects: readonly RenderedObject[]): string {
  return objects
    .map(({ manifest, construct }) => {
      try {
        return `${collection(manifest, '')}\n`;
      } catch (error) {
        throw error instanceof Unwritable ? error.toMeshError(manifest, construct.node.path) : error;
      }
    })
    .join('---\n');
}

/** Longest key that may stand before its colon. */
const MAX_KEY = 1024;

/** The lines of a map or sequence; the first one is not indented, it continues the line of the parent. */
function collection(value: object, indent: string): string {
  if (Array.isArray(value)) {
    return sequence(value, indent);
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new Unwritable(value, `an instance of ${value.constructor.name}`);
  }
  return map(value as Record<string, unknown>, indent);
}

function sequence(items: readonly unknown[], indent: string): string {
  const inner = `${indent}  `;
  let text = '';
  for (const item of items) {
    text += text === '' ? '- ' : `\n${indent}- `;
    text += isCollection(item) ? collection(item, inner) : scalar(item, inner);
  }
  return text === '' ? '[]' : text;
}

function map(fields: Record<string, unknown>, indent: string): string {
  const inner = `${indent}  `;
  let text = '';
  for (const name of Object.keys(fields)) {
    if (text !== '') {
      text += `\n${indent}`;
    }
    const value = fields[name];
    const written = key(name, indent);
    if (written.length > MAX_KEY) {
      text += `? ${written}\n${indent}: ${isCollection(value) ? collection(value, inner) : scalar(value, inner)}`;
    } else if (isCollection(value)) {
      const lines = collection(value, inner);
      text += lines === '{}' || lines === '[]' ? `${written}: ${lines}` : `${written}:\n${inner}${lines}`;
    } else {
      text += `${written}: ${scalar(value, inner)}`;
    }
  }
  return text === '' ? '{}' : text;
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function scalar(value: unknown, indent: string): string {
  switch (typeof value) {
    case 'string':
      return value.includes('\n') ? multiLine(writable(value), indent) : singleLine(writable(value));
    case 'number':
      if (!Number.isFinite(value)) {
        throw new Unwritable(value, String(value));
      }
      return JSON.stringify(value);
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'undefined':
    case 'object':
      return 'null';
    default:
      throw new Unwritable(value, `a ${typeof value}`);
  }
}

/** The same few keys make up half of the text. */
const knownKeys = new Map<string, string>();
const MAX_KNOWN_KEYS = 10_000;

function key(name: string, indent: string): string {
  if (indent === '') {
    return outermostKey(writable(name));
  }
  let written = knownKeys.get(name);
  if (written === undefined) {
    written = singleLine(writable(name));
    if (knownKeys.size === MAX_KNOWN_KEYS) {
      knownKeys.clear();
    }
    knownKeys.set(name, written);
  }
  return written;
}

function writable(text: string): string {
  if (hasHalfCharacter(text)) {
    throw new Unwritable(text, 'text with half of a surrogate pair');
  }
  return text;
}

/** A value that YAML cannot carry. */
class Unwritable extends Error {
  constructor(
    private readonly value: unknown,
    private readonly description: string,
  ) {
    super(description);
  }

  public toMeshError(manifest: object, where: string): MeshError {
    const field = fieldOf(this.value, manifest, '') ?? '';
    return new MeshError(
      'MESH2005',
      where,
      `${field} is ${this.description}; expected plain JSON: objects, lists, strings, finite numbers, booleans`,
    );
  }
}

/** Where a value stands: `spec.hosts[0]`. */
function fieldOf(value: unknown, within: unknown, path: string): string | undefined {
  if (Object.is(value, within)) {
    return path;
  }
  if (!isCollection(within)) {
    return undefined;
  }
  for (const [key, item] of Object.entries(within)) {
    const below = Array.isArray(within) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    const found = key === value ? `the key ${JSON.stringify(key)} of ${path}` : fieldOf(value, item, below);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

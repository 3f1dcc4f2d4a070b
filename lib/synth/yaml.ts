import { MeshError } from '../facts/error';
import type { RenderedObject } from './render';
import { hasHalfCharacter, isPlainWord, multiLine, outermostKey, singleLine } from './yaml-string';

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
        return new Writer().document(manifest);
      } catch (error) {
        throw error instanceof Unwritable ? error.toMeshError(manifest, construct.node.path) : error;
      }
    })
    .join('---\n');
}

/** Appends to one text, two pieces per line: pieces that are put together level by level are a lot of garbage. */
class Writer {
  private text = '';

  public document(manifest: object): string {
    this.value(manifest, OUTERMOST);
    return `${this.text}\n`;
  }

  /** Continues the line: with a scalar, or with the first line of a collection. */
  private value(value: unknown, level: Level): void {
    if (typeof value !== 'object' || value === null) {
      this.text += scalar(value, level.indent);
    } else if (isEmpty(value)) {
      this.text += Array.isArray(value) ? '[]' : '{}';
    } else {
      this.lines(value, level, true);
    }
  }

  /** @param continues whether the first line continues the line before. */
  private lines(value: object, level: Level, continues: boolean): void {
    let first = continues;
    if (Array.isArray(value)) {
      for (const item of value) {
        this.text += first ? '- ' : level.item;
        this.value(item, level.inner);
        first = false;
      }
      return;
    }
    for (const name in value) {
      const field = (value as Record<string, unknown>)[name];
      const key = level.key(name);
      const onNewLines = !key.explicit && typeof field === 'object' && field !== null && !isEmpty(field);
      const text = onNewLines ? key.beforeLines : key.beforeValue;
      this.text += first ? text.slice(level.lineBreak.length) : text;
      if (onNewLines) {
        this.lines(field, level.inner, false);
      } else {
        this.value(field, level.inner);
      }
      first = false;
    }
  }
}

/** A key with all that is written around it. */
interface Key {
  /** Written with a question mark; what follows continues the line of its colon. */
  readonly explicit: boolean;
  readonly beforeValue: string;
  readonly beforeLines: string;
}

/** Longest key that may stand before its colon. */
const MAX_KEY = 1024;
const MAX_KNOWN_KEYS = 10_000;

/** A level of indentation. It remembers its keys: the same few make up half of the text. */
class Level {
  /** What a line begins with, from the line break on. */
  public readonly lineBreak: string;
  /** What an item of a sequence begins with, from the line break on. */
  public readonly item: string;
  private readonly keys = new Map<string, Key>();
  private next?: Level;

  constructor(public readonly indent: string) {
    this.lineBreak = `\n${indent}`;
    this.item = `\n${indent}- `;
  }

  /** The level below. */
  public get inner(): Level {
    this.next ??= new Level(`${this.indent}  `);
    return this.next;
  }

  public key(name: string): Key {
    let key = this.keys.get(name);
    if (key === undefined) {
      key = this.newKey(name);
      if (this.keys.size === MAX_KNOWN_KEYS) {
        this.keys.clear();
      }
      this.keys.set(name, key);
    }
    return key;
  }

  private newKey(name: string): Key {
    const key = this.indent === '' ? outermostKey(writable(name)) : singleLine(writable(name));
    if (key.length > MAX_KEY) {
      const text = `${this.lineBreak}? ${key}${this.lineBreak}: `;
      return { explicit: true, beforeValue: text, beforeLines: text };
    }
    const text = `${this.lineBreak}${key}:`;
    return { explicit: false, beforeValue: `${text} `, beforeLines: text };
  }
}

const OUTERMOST = new Level('');

/** @throws for an object that is neither a map nor a sequence. */
function isEmpty(value: object): boolean {
  if (Array.isArray(value)) {
    return value.length === 0;
  }
  const prototype = Object.getPrototypeOf(value);
  // Not compared with Object.prototype: objects may come from another realm, as in Jest.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new Unwritable(value, `an instance of ${value.constructor.name}`);
  }
  for (const _ in value) {
    return false;
  }
  return true;
}

function scalar(value: unknown, indent: string): string {
  switch (typeof value) {
    case 'string':
      if (isPlainWord(value)) {
        return value;
      }
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
    const field = fieldOf(this.value, manifest, '') ?? 'a value';
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
  if (typeof within !== 'object' || within === null) {
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

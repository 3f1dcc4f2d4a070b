import type { Document, Node } from 'yaml';
import { MeshError } from './error';
import type { Manifest } from './manifest';
import { misreadName, whyNoObject } from './no-manifest';
import { yaml } from './packages';
import { readPlainYaml } from './plain-yaml';
import { schemaOfGo } from './yaml-of-go';

/** A Kubernetes object that was read, and where. */
export interface ReadManifest {
  /** File that holds it. */
  readonly file: string;
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly manifest: Manifest;
}

/**
 * Reads Kubernetes objects from YAML as `kubectl` does: several documents, of which empty ones are skipped, Lists of
 * which the items count, merge keys, and the words of YAML 1.1 (`yes`, `off` are booleans).
 *
 * @param file names the text in messages.
 * @throws MESH1107, with file and line, for text that is no YAML, a key that stands twice, a document that is no object;
 * MESH1173 for a name without quotes that YAML reads as something else.
 */
export function readManifests(text: string, file: string): ReadManifest[] {
  return plainManifests(text, file) ?? placedManifests(text, file);
}

/** What a file holds that is plain YAML of objects; undefined where more must be said of it. */
function plainManifests(text: string, file: string): ReadManifest[] | undefined {
  const found: ReadManifest[] = [];
  const documents = readPlainYaml(text);
  for (const { value, line } of documents ?? []) {
    if (!isObject(value) || isList(value)) return undefined;
    found.push({ file, line, manifest: value });
  }
  return documents && found;
}

/** Nothing here fills templates in. */
const TEMPLATE = '; it holds {{ }}: templates are filled in before, by helm template';

/** What a file holds, with the place of everything: for Lists, and for what is wrong. */
function placedManifests(text: string, file: string): ReadManifest[] {
  const { LineCounter, isScalar, parseAllDocuments } = yaml();
  const lines = new LineCounter();
  // what matters is an error; a warning would go past whoever calls
  const options = { version: '1.1', schema: schemaOfGo(), lineCounter: lines, logLevel: 'error' } as const;
  const documents = parseAllDocuments(text, options);
  const isTemplate = /\{\{.*\}\}/.test(text);
  return documents.flatMap((document) => {
    const [problem] = document.errors;
    if (problem) {
      const [reason] = problem.message.split('\n');
      const hint = isTemplate ? TEMPLATE : '';
      throw unreadable(file, lines.linePos(problem.pos[0]).line, `the file is no YAML: ${reason}${hint}`);
    }
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return [];
    const lineOf = (node: unknown) => lines.linePos((node as Node | null)?.range?.[0] ?? 0).line;
    return objectsOf(toValue(document, file, lineOf(contents)), contents, { file, lineOf, isTemplate });
  });
}

/** @throws MESH1107 for aliases that would grow without end, or hold themselves. */
function toValue(document: Document.Parsed, file: string, line: number): unknown {
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    throw unreadable(file, line, `the file is no YAML: ${(error as Error).message}`);
  }
  if (holdsItself(value, new Set())) {
    throw unreadable(file, line, 'an alias is inside of what it stands for, which never ends; write its fields out');
  }
  return value;
}

function holdsItself(value: unknown, above: Set<unknown>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (above.has(value)) return true;
  above.add(value);
  const found = Object.values(value).some((inner) => holdsItself(inner, above));
  above.delete(value);
  return found;
}

interface Place {
  readonly file: string;
  /** Whether it holds what `helm template` would fill in. */
  readonly isTemplate: boolean;
  readonly lineOf: (node: unknown) => number;
}

/** A Kubernetes object, or the items of a List. */
function objectsOf(value: unknown, node: unknown, place: Place): ReadManifest[] {
  const { isCollection } = yaml();
  const { file, lineOf } = place;
  const object = (value ?? {}) as { readonly kind?: unknown; readonly items?: unknown };
  if (isList(object)) {
    const nodes = isCollection(node) ? node.get('items', true) : undefined;
    return object.items.flatMap((item, index) =>
      objectsOf(item, isCollection(nodes) ? nodes.get(index, true) : node, place),
    );
  }
  const misread = misreadName(value, node);
  if (misread && place.isTemplate) throw unreadable(file, lineOf(misread.node), `${misread.message}${TEMPLATE}`);
  if (misread) throw new MeshError('MESH1173', `${file}:${lineOf(misread.node)}`, misread.message);
  const message = whyNoObject(value, file);
  if (message) throw unreadable(file, lineOf(node), `${message}${place.isTemplate ? TEMPLATE : ''}`);
  return [{ file, line: lineOf(node), manifest: value as Manifest }];
}

function isObject(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<Record<keyof Manifest, unknown>>;
  const { name, namespace } = (metadata ?? {}) as { readonly name?: unknown; readonly namespace?: unknown };
  return [apiVersion, kind, name, namespace ?? ''].every((one) => typeof one === 'string');
}

/** A List of any kind, as `kubectl get -o yaml` prints it. */
function isList(object: { readonly kind?: unknown; readonly items?: unknown }): object is { items: unknown[] } {
  return typeof object.kind === 'string' && object.kind.endsWith('List') && Array.isArray(object.items);
}

function unreadable(file: string, line: number, message: string): MeshError {
  return new MeshError('MESH1107', `${file}:${line}`, message);
}

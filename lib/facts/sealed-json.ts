import { readFileSync } from 'node:fs';
import { MeshError } from './error';
import type { Shape } from './misfit';
import { sha256 } from './sha256';

type Json = string | number | boolean | null | Json[] | { readonly [key: string]: Json };

/** A kind of document that one repository writes and another reads. */
export interface SealedKind {
  /** As messages call it, such as `contract`. */
  readonly name: string;
  /** Who writes it, as messages say it: `the provider's`. */
  readonly writers: string;
  /** The one version of the format that is read. */
  readonly version: number;
  /** Field that it has and the other kind has not. */
  readonly field: string;
  /** The other kind that repositories exchange: its field, and what to do with it. */
  readonly other: { readonly field: string; readonly is: string };
  /** How it looks. */
  readonly shape: Shape;
}

/** A document as text: sealed, so that an edit by hand shows. */
export function writeSealed(document: object): string {
  const body = JSON.stringify(document, null, 2).replace(/\n\}$/, ',');
  // as JSON.stringify would write it: an object of so many fields, each with a name of its own, takes longer than its text
  const lines = [...sealOf(document as Json)].map(([path, digest]) => `    ${JSON.stringify(path)}: "${digest}"`);
  return `${body}\n  "seal": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** Text of a document from a file. @throws MESH1501 when the file cannot be read. */
export function readSealedFile(path: string, kind: SealedKind): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new MeshError(
      'MESH1501',
      path,
      `the ${kind.name} cannot be read (${(error as Error).message}); copy it from ${kind.writers} dist/contracts/`,
    );
  }
}

/**
 * Reads a document's text; `where` names it in messages.
 *
 * @throws MESH1502 when it is no document of this version; MESH1503, naming the field, when it was edited; MESH1507,
 * naming the field, when its shape is not what this version of the library writes.
 */
export function parseSealed(text: string, kind: SealedKind, where: string): object {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new MeshError(
      'MESH1502',
      where,
      `the ${kind.name} is no JSON (${(error as Error).message}); copy it again from ${kind.writers} dist/contracts/`,
    );
  }
  const { seal, ...document } = { ...(read as Record<string, Json>) };
  if (!(kind.field in document) && kind.other.field in document) {
    throw new MeshError('MESH1502', where, `the file is ${kind.other.is}; expected a ${kind.name}`);
  }
  if (document.version !== kind.version) {
    throw new MeshError(
      'MESH1502',
      where,
      `field 'version' is ${JSON.stringify(document.version)}, expected ${kind.version}; write the ${kind.name} with the same major version of this library`,
    );
  }
  checkSeal(document, seal, kind, where);
  const misfit = kind.shape.misfitOf(document);
  if (misfit !== undefined) {
    throw new MeshError('MESH1507', where, `${misfit}; write the ${kind.name} with the same version of this library`);
  }
  return document;
}

function checkSeal(document: Record<string, Json>, seal: Json | undefined, kind: SealedKind, where: string): void {
  const expected: ReadonlyMap<string, Json> = sealOf(document);
  const found = new Map(typeof seal === 'object' && seal !== null ? Object.entries(seal) : []);
  for (const field of [...new Set([...expected.keys(), ...found.keys()])].sort()) {
    if (expected.get(field) === found.get(field)) continue;
    const how = !found.has(field) ? 'was added' : !expected.has(field) ? 'was removed' : 'was changed';
    throw new MeshError(
      'MESH1503',
      where,
      `field '${field}' ${how} after the ${kind.name} was written; change ${kind.writers} main.ts and synthesize it again`,
    );
  }
}

/** A digest per leaf, by its JSON path, so that a message can name the field that was edited. */
function sealOf(document: Json): Map<string, string> {
  const seal = new Map<string, string>();
  visit(document, '');
  return seal;

  function visit(value: Json, path: string): void {
    const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    if (keys.length === 0) seal.set(path, sha256(`${path}=${JSON.stringify(value)}`).slice(0, 12));
    for (const key of keys) visit((value as Record<string, Json>)[key], path + step(key, value, path));
  }
}

/** One step of a JSON path; a key that would read as several steps is quoted. */
function step(key: string, parent: Json, path: string): string {
  if (Array.isArray(parent)) return `[${key}]`;
  if (!/^\w+$/.test(key)) return `[${JSON.stringify(key)}]`;
  return path === '' ? key : `.${key}`;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { kinds, schema } from '../../imports/schema';
import { Random } from '../random';
import { value } from './generate';
import { mutate } from './mutate';
import type { Document } from './oracle';

const BUNDLE = 'istio-1.31';

/** The objects of Istio in the YAML files of folders; a file that is no YAML (a template) has none. */
export function documentsIn(folders: readonly string[]): Document[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
      .flatMap((entry) => documentsOf(readFileSync(join(entry.parentPath, entry.name), 'utf8'))),
  );
}

function documentsOf(text: string): Document[] {
  try {
    const parsed = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
    return parsed
      .map((document) => document.toJS() as Document | null)
      .filter((document) => document !== null && isServed(document)) as Document[];
  } catch {
    return [];
  }
}

function isServed({ apiVersion, kind }: Document): boolean {
  return typeof apiVersion === 'string' && typeof kind === 'string' && schema(BUNDLE, apiVersion, kind) !== undefined;
}

/** Random objects: changes to those of `base`, and new ones, equally often of every kind. The seed repeats them. */
export function randomDocuments(count: number, seed: number, base: readonly Document[]): Document[] {
  const random = new Random(seed);
  const known = byKind(base);
  const served = kinds(BUNDLE);
  return Array.from({ length: count }, () => {
    const { apiVersion, kind } = random.pick(served);
    const { schema: whole = {} } = schema(BUNDLE, apiVersion, kind) ?? {};
    const originals = known.get(kind) ?? [];
    if (originals.length > 0 && random.once(2)) return mutate({ ...random.pick(originals), apiVersion }, whole, random);
    const spec = value(whole.properties?.spec ?? {}, 'spec', random, 2 + random.below(4));
    const fresh = { apiVersion, kind, metadata: { name: 'a', namespace: 'default' }, spec };
    return random.once(3) ? fresh : mutate(fresh, whole, random);
  });
}

function byKind(documents: readonly Document[]): ReadonlyMap<unknown, Document[]> {
  const found = new Map<unknown, Document[]>();
  for (const document of documents) found.set(document.kind, [...(found.get(document.kind) ?? []), document]);
  return found;
}

/** An object as a client sends it: in a namespace, and as JSON. */
export function sent(document: Document): Document {
  const metadata = { namespace: 'default', ...(document.metadata as object) };
  return JSON.parse(JSON.stringify({ ...document, metadata })) as Document;
}

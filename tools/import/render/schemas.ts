import { type Crd, type CrdVersion, compareText } from '../crd';
import { type CelRule, mapSorted, type Schema, visit, withoutKeywords } from '../schema';

/** Keywords that are documentation, or are written beside the schema. */
const LEFT_OUT = new Set(['description', 'x-kubernetes-validations']);

/** File that finds a schema by bundle, API version and kind. */
export const INDEX = 'kinds.json';

interface Entry {
  readonly file: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly storage: boolean;
  readonly status: boolean;
}

/**
 * The schemas of all bundles as data, without descriptions: one JSON file per schema, and `kinds.json`, which finds a file
 * by bundle, API version and kind. Equal schemas of a kind share a file, also those of several versions of one project:
 * the file is in the folder of the first bundle that has it.
 */
export function renderSchemas(bundles: ReadonlyMap<string, readonly Crd[]>): Map<string, string> {
  const files = new Map<string, string>();
  const shared = new Map<string, string>();
  const index: Record<string, Record<string, Record<string, Entry>>> = {};
  for (const [bundle, crds] of [...bundles].sort(([a], [b]) => compareText(a, b))) {
    const versions: Record<string, Record<string, Entry>> = {};
    for (const crd of crds) {
      const { plural, namespaced } = crd;
      for (const [{ name, storage, status }, file] of renderKind(bundle, crd, { files, shared })) {
        const apiVersion = `${crd.group}/${name}`;
        const entry = { file, plural, namespaced, storage, status };
        versions[apiVersion] = { ...versions[apiVersion], [crd.kind]: entry };
      }
    }
    index[bundle] = mapSorted(versions, (kinds) => mapSorted(kinds, (entry) => entry));
  }
  return files.set(INDEX, indexText(index));
}

/** The index of the schemas as text, sorted by bundle. */
export function indexText(index: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(
    mapSorted(index, (versions) => versions),
    null,
    1,
  )}\n`;
}

/** What has been written: files with their text, and the file of each text. */
interface Written {
  readonly files: Map<string, string>;
  readonly shared: Map<string, string>;
}

/** Adds the files of a kind and returns them by version. */
function renderKind(bundle: string, crd: Crd, { files, shared }: Written): [version: CrdVersion, file: string][] {
  return crd.versions.map((version) => {
    const { name, schema } = version;
    const text = `${JSON.stringify(schemaData(schema))}\n`;
    const key = `${crd.group} ${crd.kind} ${text}`;
    const file = shared.get(key) ?? `${bundle}/${crd.group}.${crd.kind}.${name}.json`;
    shared.set(key, file);
    files.set(file, text);
    return [version, file];
  });
}

/** What is written per schema; `status` is the controller's, so it may hold anything. */
function schemaData(schema: Schema): { schema: Schema; rules: (CelRule & { path: string })[] } {
  const { status, ...properties } = schema.properties ?? {};
  const open: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const ours: Schema = { ...schema, properties: { ...properties, ...(status !== undefined && { status: open }) } };
  const rules: (CelRule & { path: string })[] = [];
  visit(ours, '', (part, path) => {
    for (const { rule, message } of part['x-kubernetes-validations'] ?? []) {
      rules.push({ path, rule, ...(message !== undefined && { message }) });
    }
  });
  rules.sort((a, b) => compareText(a.path, b.path));
  return { schema: withoutKeywords(ours, LEFT_OUT), rules };
}

import { type Crd, compareText } from '../crd';
import { type CelRule, mapSorted, type Schema, visit, withoutKeywords } from '../schema';

/** Keywords that are documentation, or are written beside the schema. */
const LEFT_OUT = new Set(['description', 'x-kubernetes-validations']);

interface Entry {
  readonly file: string;
  readonly namespaced: boolean;
}

/**
 * The schemas of all bundles as data, without descriptions: one JSON file per schema, which versions with an equal schema
 * share, and `kinds.json`, which finds a file by bundle, API version and kind.
 */
export function renderSchemas(bundles: ReadonlyMap<string, readonly Crd[]>): Map<string, string> {
  const files = new Map<string, string>();
  const index: Record<string, Record<string, Record<string, Entry>>> = {};
  for (const [bundle, crds] of bundles) {
    const versions: Record<string, Record<string, Entry>> = {};
    for (const crd of crds) {
      for (const [version, file] of renderKind(bundle, crd, files)) {
        const apiVersion = `${crd.group}/${version}`;
        versions[apiVersion] = { ...versions[apiVersion], [crd.kind]: { file, namespaced: crd.namespaced } };
      }
    }
    index[bundle] = mapSorted(versions, (kinds) => mapSorted(kinds, (entry) => entry));
  }
  files.set(
    'kinds.json',
    `${JSON.stringify(
      mapSorted(index, (versions) => versions),
      null,
      1,
    )}\n`,
  );
  return files;
}

/** Adds the files of a kind and returns them by version. */
function renderKind(bundle: string, crd: Crd, files: Map<string, string>): [version: string, file: string][] {
  const byText = new Map<string, string>();
  return crd.versions.map(({ name, schema }) => {
    const text = `${JSON.stringify(schemaData(schema))}\n`;
    const file = byText.get(text) ?? `${bundle}/${crd.group}.${crd.kind}.${name}.json`;
    byText.set(text, file);
    files.set(file, text);
    return [name, file];
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

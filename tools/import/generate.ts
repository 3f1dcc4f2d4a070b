import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Crd } from './crd';
import { GROUPS, type ImportGroup } from './groups';
import type { Definitions } from './kubernetes/definitions';
import { renderCore } from './kubernetes/render';
import { coreModel } from './kubernetes/types';
import { buildModel, specOf } from './model';
import { graphNaming, type NameGraph } from './names/graph';
import type { Naming } from './names/naming';
import { type GivenNames, shapeNaming } from './names/shape';
import { renderRules } from './render/cel';
import { renderFolder } from './render/folder';
import { INDEX, indexText, renderSchemas } from './render/schemas';
import { HEADER } from './render/text';

/** Files that are the same for every input, copied from `static/`. */
const STATIC = [
  'manifest.ts',
  'schema/index.ts',
  'schema/cel/duration.ts',
  'schema/cel/library.ts',
  'schema/cel/url.ts',
];

/**
 * Everything in `imports/`: path below it to content.
 *
 * @param bundles CRDs by bundle, see `loadBundles`.
 * @param definitions those of Kubernetes, see `loadDefinitions`; without them its folder is left out.
 */
export function generate(bundles: ReadonlyMap<string, readonly Crd[]>, definitions?: Definitions): Map<string, string> {
  const files = new Map<string, string>();
  for (const file of STATIC) files.set(file, HEADER + readFileSync(join(__dirname, 'static', file), 'utf8'));
  for (const group of GROUPS) {
    const crds = bundles.get(group.bundle);
    if (crds === undefined) throw new Error(`bundle ${group.bundle}: no file of sources.json belongs to it`);
    addGroup(files, group, crds);
  }
  if (definitions !== undefined) addCore(files, definitions);
  for (const [file, text] of renderSchemas(bundles)) files.set(`schema/${file}`, text);
  files.set('schema/cel/rules.ts', renderRules(bundles));
  return files;
}

/**
 * What `imports/` must hold of some bundles: their folders and schemas, and the index with what it says of the others.
 *
 * @param dir `imports/` as it is.
 */
export function generatePresent(
  dir: string,
  bundles: ReadonlyMap<string, readonly Crd[]>,
  definitions?: Definitions,
): Map<string, string> {
  const files = new Map<string, string>();
  if (definitions !== undefined) addCore(files, definitions);
  for (const group of GROUPS) {
    const crds = bundles.get(group.bundle);
    if (crds !== undefined) addGroup(files, group, crds);
  }
  for (const [file, text] of renderSchemas(bundles)) files.set(`schema/${file}`, text);
  const index = `schema/${INDEX}`;
  const whole = { ...JSON.parse(readFileSync(join(dir, index), 'utf8')), ...JSON.parse(files.get(index) as string) };
  return files.set(index, indexText(whole));
}

function addGroup(files: Map<string, string>, group: ImportGroup, crds: readonly Crd[]): void {
  const folder = renderFolder(group.title, buildModel(crds, namingOf(group, crds)));
  for (const [file, text] of folder) files.set(`${group.folder}/${file}`, text);
}

function addCore(files: Map<string, string>, definitions: Definitions): void {
  files.set('kubernetes/index.ts', renderCore(coreModel(definitions)));
}

function namingOf(group: ImportGroup, crds: readonly Crd[]): Naming {
  const names = JSON.parse(readFileSync(join(__dirname, 'names', group.names), 'utf8')) as NameGraph | GivenNames;
  if (isGraph(names)) return graphNaming(names);
  return shapeNaming(new Map(crds.map((crd) => [crd.kind, specOf(crd)])), names);
}

function isGraph(names: NameGraph | GivenNames): names is NameGraph {
  return 'types' in names && typeof names.types === 'object';
}

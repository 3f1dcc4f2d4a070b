/**
 * The import generator: CustomResourceDefinitions in, `imports/` out.
 *
 *     npm run import -- --fetch [<dir>]     # gets the input that public Go modules hold
 *     npm run import -- [<dir>]             # writes imports/
 *     npm run import -- --check [<dir>]     # exits 1 and names the first stale file of imports/
 *     npm run import -- --diff <old> <new>  # kinds, versions and fields that changed between two CRD files or folders
 *     npm run import -- --names <dir>       # message names from the .proto files of the Go module istio.io/api
 *
 * <dir> is a folder outside of the repository; by default one of the user's cache.
 *
 * input.ts     which files, their origin and checksum           crd.ts     YAML to kinds and versions
 * fetch.ts     files out of Go modules                          model.ts   kinds to classes and types
 * kubernetes/  kinds of Kubernetes itself, from OpenAPI
 * names/       how messages and enums are called                output.ts  files on disk
 * render/      types, classes, schema data as text              diff.ts    what a new version changes
 * static/      files that are the same for every input
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffCrds, readCrds } from './diff';
import { fetchSources } from './fetch';
import { generate, generatePresent } from './generate';
import { cacheFolder, loadBundles, loadDefinitions, loadPresent, missingIn } from './input';
import { namesFromProtos } from './names/proto';
import { firstDifferent, firstStale, writeFiles } from './output';

const ROOT = join(__dirname, '..', '..');
const IMPORTS = join(ROOT, 'imports');
const ISTIO_NAMES = join(__dirname, 'names', 'istio.json');

const USAGE =
  'usage: npm run import -- [<dir>] | --fetch [<dir>] | --check [<dir>] | --diff <old> <new> | --names <istio api dir>';

/** Operands that an option takes: at least, at most. */
const OPERANDS: Readonly<Record<string, readonly [number, number]>> = {
  '': [0, 1],
  '--fetch': [0, 1],
  '--check': [0, 1],
  '--diff': [2, 2],
  '--names': [1, 1],
};

/** Runs a command line and returns the exit code. */
export function main(args: readonly string[], print: (line: string) => void): number {
  const [option = '', ...operands] = args[0]?.startsWith('--') ? args : ['', ...args];
  const [least, most] = OPERANDS[option] ?? [1, 0];
  if (operands.length < least || operands.length > most) {
    print(USAGE);
    return 2;
  }
  const [first = cacheFolder(), second = ''] = operands;
  if (option === '--fetch') fetchSources(first, print);
  else if (option === '--check') return check(first, print);
  else if (option === '--diff') for (const line of diffCrds(readCrds(first), readCrds(second))) print(line);
  else if (option === '--names') writeNames(first, print);
  else importInto(first, print);
  return 0;
}

function importInto(dir: string, print: (line: string) => void): void {
  const bundles = loadBundles(dir);
  const definitions = loadDefinitions(dir);
  if (definitions === undefined) throw new Error(`${dir} lacks the OpenAPI document of Kubernetes; --fetch gets it`);
  const files = generate(bundles, definitions);
  writeFiles(IMPORTS, files);
  print(`imports/: ${files.size} files, ${Math.round([...files.values()].join('').length / 1024)} KB`);
}

/** What can be checked is; what cannot, because its input is not there, is told. */
function check(dir: string, print: (line: string) => void): number {
  const missing = missingIn(dir);
  for (const bundle of new Set(missing.map((source) => source.bundle))) {
    const files = missing.filter((source) => source.bundle === bundle).map(({ file }) => file);
    print(`not checked: ${bundle}: ${dir} lacks ${files.join(', ')}; --fetch gets them or says where they come from`);
  }
  const present = loadPresent(dir);
  const definitions = loadDefinitions(dir);
  if (present.size === 0 && definitions === undefined) return 0;
  const stale =
    missing.length === 0 && definitions !== undefined
      ? firstStale(IMPORTS, generate(present, definitions))
      : firstDifferent(IMPORTS, generatePresent(IMPORTS, present, definitions));
  if (stale !== undefined) {
    print(`imports/${stale} is not what npm run import writes; run it and commit the result`);
    return 1;
  }
  print(`checked: ${[...present.keys(), ...(definitions === undefined ? [] : ['kubernetes'])].join(', ')}`);
  return 0;
}

function writeNames(dir: string, print: (line: string) => void): void {
  const bundle = join(dir, 'kubernetes', 'customresourcedefinitions.gen.yaml');
  if (!existsSync(bundle))
    throw new Error(`${bundle}: no such file; expected a folder with the sources of istio.io/api`);
  const kinds = readCrds(bundle).map((crd) => crd.kind);
  const graph = namesFromProtos(dir, kinds);
  writeFileSync(ISTIO_NAMES, `${JSON.stringify(graph, null, 2)}\n`);
  print(`names/istio.json: ${kinds.length} kinds, ${Object.keys(graph.types).length} types`);
}

if (require.main === module) {
  try {
    process.exitCode = main(process.argv.slice(2), (line) => console.log(line));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

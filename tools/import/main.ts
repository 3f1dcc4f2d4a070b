/**
 * The import generator: CustomResourceDefinitions in, `imports/` out.
 *
 *     npm run import                        # reads ../shared/crds
 *     npm run import -- <dir>               # reads the same files elsewhere
 *     npm run import -- --check [<dir>]     # exits 1 and names the first stale file of imports/
 *     npm run import -- --diff <old> <new>  # kinds, versions and fields that changed between two CRD files or folders
 *     npm run import -- --names <dir>       # message names from the .proto files of the Go module istio.io/api
 *
 * input.ts     which files, their origin and checksum           crd.ts     YAML to kinds and versions
 * names/       how messages and enums are called                model.ts   kinds to classes and types
 * render/      types, classes, schema data as text              output.ts  files on disk
 * static/      files that are the same for every input          diff.ts    what a new version changes
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffCrds, readCrds } from './diff';
import { generate } from './generate';
import { loadBundles } from './input';
import { namesFromProtos } from './names/proto';
import { firstStale, writeFiles } from './output';

const ROOT = join(__dirname, '..', '..');
const IMPORTS = join(ROOT, 'imports');
const ISTIO_NAMES = join(__dirname, 'names', 'istio.json');
const DEFAULT_DIR = '../shared/crds';

const USAGE =
  'usage: npm run import -- [<crds dir>] | --check [<crds dir>] | --diff <old> <new> | --names <istio api dir>';

/** Runs a command line and returns the exit code. */
export function main(args: readonly string[], print: (line: string) => void): number {
  const [option, ...operands] = args[0]?.startsWith('--') ? args : [undefined, ...args];
  switch (option) {
    case undefined:
      if (operands.length > 1) break;
      return importInto(operands[0] ?? DEFAULT_DIR, print);
    case '--check':
      if (operands.length > 1) break;
      return check(operands[0] ?? DEFAULT_DIR, print);
    case '--diff':
      if (operands.length !== 2) break;
      for (const line of diffCrds(readCrds(operands[0] as string), readCrds(operands[1] as string))) print(line);
      return 0;
    case '--names':
      if (operands.length !== 1) break;
      return writeNames(operands[0] as string, print);
  }
  print(USAGE);
  return 2;
}

function importInto(dir: string, print: (line: string) => void): number {
  const files = generate(loadBundles(dir));
  writeFiles(IMPORTS, files);
  print(`imports/: ${files.size} files, ${Math.round([...files.values()].join('').length / 1024)} KB`);
  return 0;
}

function check(dir: string, print: (line: string) => void): number {
  if (!existsSync(dir)) {
    print(`no input available: ${dir} does not exist, imports/ is not checked`);
    return 0;
  }
  const stale = firstStale(IMPORTS, generate(loadBundles(dir)));
  if (stale === undefined) return 0;
  print(`imports/${stale} is not what npm run import writes; run it and commit the result`);
  return 1;
}

function writeNames(dir: string, print: (line: string) => void): number {
  const bundle = join(dir, 'kubernetes', 'customresourcedefinitions.gen.yaml');
  if (!existsSync(bundle))
    throw new Error(`${bundle}: no such file; expected a folder with the sources of istio.io/api`);
  const kinds = readCrds(bundle).map((crd) => crd.kind);
  const graph = namesFromProtos(dir, kinds);
  writeFileSync(ISTIO_NAMES, `${JSON.stringify(graph, null, 2)}\n`);
  print(`names/istio.json: ${kinds.length} kinds, ${Object.keys(graph.types).length} types`);
  return 0;
}

if (require.main === module) {
  try {
    process.exitCode = main(process.argv.slice(2), (line) => console.log(line));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

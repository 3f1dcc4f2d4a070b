import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { transformSync } from 'esbuild';
import { parse, parseAllDocuments } from 'yaml';
import type { Manifest } from '../../../lib/facts/manifest';
import { ranBest } from '../process';
import type { Ratio } from '../target';
import { objectsOf, writeTemplates } from './templates';
import { type Tools, tools } from './tools';

const ROOT = join(__dirname, '../../..');
const PROGRAM = join(__dirname, 'program.ts');
const PACKAGE = join(ROOT, 'build/lib/index.js');

/** Sizes in units, with how often each is run, and the ratios that are wanted. */
const SIZES = [
  { units: 10, runs: 7, atMost: { helm: 1.5 } },
  { units: 1000, runs: 2, atMost: { helm: 0.7, jsonnet: 0.8 } },
] satisfies Size[];

type Name = keyof Tools;

interface Size {
  readonly units: number;
  readonly runs: number;
  readonly atMost: { readonly [name in Name]?: number };
}

const NAMES: readonly Name[] = ['helm', 'jsonnet'];

/** What whole processes take, beside programs that write the same objects and judge nothing. */
export function peerRatios(folderOf: (name: string) => string, build: boolean): Ratio[] {
  if (!existsSync(PACKAGE)) {
    console.log('not measured: whole programs (npm run build makes the package)');
    return [];
  }
  const found = tools(build);
  const missing = NAMES.filter((name) => found[name] === undefined);
  if (missing.length > 0) console.log(`not measured: ${missing.join(', ')} (npm run bench -- --peers builds them)`);
  const compared = missing.length === NAMES.length ? [] : SIZES.flatMap((size) => compare(folderOf, size, found));
  return [...compared, typeCheck(folderOf('types'))];
}

function compare(folderOf: (name: string) => string, { units, runs, atMost }: Size, found: Tools): Ratio[] {
  const folder = folderOf(`peers-${units}`);
  const names = Array.from({ length: units }, (_, index) => `svc${index}`);
  writeTemplates(folder, names);
  const program = join(folder, 'program.js');
  const text = readFileSync(PROGRAM, 'utf8').replace("'../../../lib'", JSON.stringify(PACKAGE));
  writeFileSync(program, transformSync(text, { loader: 'ts', format: 'cjs', target: 'node20' }).code);
  const outdir = join(folder, 'dist');
  const objects = objectsOf(names);
  const own = ranBest(['bash', '-c', 'rm -rf "$2"; exec node "$0" "$1" "$2"', program, String(units), outdir], {
    runs,
  });
  return NAMES.flatMap((name): Ratio[] => {
    const { [name]: tool } = found;
    const { [name]: most } = atMost;
    if (tool === undefined || most === undefined) return [];
    const args = name === 'helm' ? ['template', 'x', 'chart'] : ['units.jsonnet'];
    const other = ranBest([tool, ...args], { runs, cwd: folder });
    refuseOthers(name, other.stdout, objects);
    return [
      {
        what: `${objects.length.toLocaleString('en')} objects, whole process / ${name}, which judges nothing`,
        ...{ ratio: own.cpu / other.cpu, atMost: most },
        beside: `${own.cpu.toFixed(2)} s, ${other.cpu.toFixed(2)} s`,
      },
    ];
  });
}

/** @throws when a program wrote other objects: its time would say nothing. */
function refuseOthers(name: Name, stdout: string, objects: readonly Manifest[]): void {
  // to read a large stream of YAML takes longer than all that is measured
  if (name === 'helm' && objects.length > 1000) {
    const count = stdout.split(/^kind: /m).length - 1;
    if (count !== objects.length) throw new Error(`helm wrote ${count} objects, expected ${objects.length}`);
    return;
  }
  const read = name === 'helm' ? parseAllDocuments(stdout).map((one) => one.toJS()) : parse(stdout);
  const sorted = (all: readonly unknown[]) => all.map((one) => JSON.stringify(canonical(one))).sort();
  if (!isDeepStrictEqual(sorted(read), sorted(objects))) throw new Error(`${name} wrote other objects`);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, canonical(item)]),
  );
}

const EMPTY = "import { App, Chart } from 'cdk8s';\n\nconst app = new App();\nnew Chart(app, 'empty');\napp.synth();\n";

/** What a user's compiler takes for a program, beside one for an app of cdk8s alone. */
function typeCheck(folder: string): Ratio {
  const modules = { cdk8s: 'cdk8s', constructs: 'constructs', '@types/node': '@types/node' };
  for (const [name, place] of Object.entries({ ...modules, 'cdk8s-multimesh': '..' })) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(join(ROOT, 'node_modules', place), link);
  }
  const cpuOf = (name: string, text: string) => {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, text);
    const options = ['--noEmit', '--skipLibCheck', '--strict', '--target', 'ES2022', '--module', 'node16'];
    const tsc = require.resolve('typescript/bin/tsc');
    return ranBest(['node', tsc, ...options, '--types', 'node', file], { runs: 2, cwd: folder }).cpu;
  };
  const empty = cpuOf('empty', EMPTY);
  const own = cpuOf('own', readFileSync(PROGRAM, 'utf8').replace("'../../../lib'", "'cdk8s-multimesh'"));
  return {
    what: "tsc --noEmit of a user's program / of an empty cdk8s app",
    ...{ ratio: own / empty, atMost: 1.2, beside: `${own.toFixed(1)} s, ${empty.toFixed(1)} s` },
  };
}

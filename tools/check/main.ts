/**
 * The part of `npm run check` that compilers and linters do not know: dependency direction and import cycles, generated
 * files that are stale, texts that belong to one machine.
 *
 *     npm run check
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import manifest from '../../package.json';
import { undescribed } from '../docs/api';
import { generatedDocs } from '../docs/generate';
import { main as generateImports } from '../import/main';
import { cycleProblems } from './cycles';
import { directionProblems } from './direction';
import { staleProblems } from './generated';
import type { Files } from './modules';
import { privateProblems } from './private';
import type { Problem } from './problem';
import { unmergedProblems } from './unmerged';

const ROOT = join(__dirname, '..', '..');

/** A check by the words that the output calls it. */
const CHECKS: readonly { readonly name: string; readonly problems: () => Problem[] }[] = [
  { name: 'dependency direction', problems: () => directionProblems(source(), manifest) },
  { name: 'import cycles', problems: () => cycleProblems(source()) },
  { name: 'dist/ up to date', problems: distProblems },
  { name: 'imports/ up to date', problems: importsProblems },
  { name: 'docs/ up to date', problems: docsProblems },
  { name: 'everything public is described', problems: undescribedProblems },
  { name: 'nothing unmerged', problems: () => unmergedProblems(trackedTexts()) },
  { name: 'nothing private', problems: () => privateProblems(trackedTexts(), namesOfThisMachine()) },
];

function source(): Files {
  const below = (folder: string) => [...filesIn(join(ROOT, folder))].map(([path, text]) => [`${folder}/${path}`, text]);
  const files = [...['imports', 'lib', 'scenarios', 'schema'].flatMap(below), ['main.ts', read('main.ts')]];
  return new Map(files.filter(([path]) => /\.(ts|json)$/.test(path ?? '')) as [string, string][]);
}

/** In a process of its own, as users run it. */
function distProblems(): Problem[] {
  const outdir = mkdtempSync(join(tmpdir(), 'dist-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, ['--require', 'ts-node/register', 'main.ts'], {
      cwd: ROOT,
      env: { ...process.env, CDK8S_OUTDIR: outdir },
      encoding: 'utf8',
    });
    if (status !== 0) return [{ where: 'main.ts', message: `does not synthesize:\n${stderr.trim()}` }];
    return staleProblems('dist', 'npm run synth', filesIn(join(ROOT, 'dist')), filesIn(outdir));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function importsProblems(): Problem[] {
  const lines: string[] = [];
  const code = generateImports(['--check'], (line) => lines.push(line));
  if (code !== 0) return lines.map((message) => ({ where: 'imports', message }));
  for (const line of lines) console.log(`      ${line}`);
  return [];
}

function docsProblems(): Problem[] {
  const generated = generatedDocs();
  const all = [...filesIn(join(ROOT, 'docs'))];
  const committed = new Map(all.filter(([file]) => generated.has(file) || file.startsWith('api/')));
  return staleProblems('docs', 'npm run docs', committed, generated);
}

function undescribedProblems(): Problem[] {
  return undescribed().map((where) => ({ where, message: 'is public and has no docstring; say what it means' }));
}

/** Texts of all files that are, or are about to be, committed. */
function trackedTexts(): Files {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const paths = list.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
  return new Map(paths.map((path) => [path, read(path)]));
}

/** The folder of this checkout, the home folder and private package registries, as far as they tell machines apart. */
function namesOfThisMachine(): string[] {
  const folders = [ROOT, homedir()].filter((folder) => folder.split(sep).length > 2).map((folder) => folder + sep);
  const registry = process.env.npm_config_registry;
  const host = registry === undefined ? undefined : new URL(registry).host;
  return [...folders, ...(host === undefined || host === 'registry.npmjs.org' ? [] : [host])];
}

/** Texts of the files of a folder by their path in it, with `/`. */
function filesIn(folder: string): Files {
  if (!existsSync(folder)) return new Map();
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths.sort().map((path) => [
      path
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
      readFileSync(path, 'utf8'),
    ]),
  );
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function main(): number {
  let count = 0;
  for (const { name, problems } of CHECKS) {
    const found = problems();
    console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'}  ${name}`);
    for (const { where, message } of found) console.error(`      ${where}: ${message}`);
    count += found.length;
  }
  return count === 0 ? 0 : 1;
}

process.exitCode = main();

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchSources } from '../../../tools/import/fetch';
import { MODULES, type Source } from '../../../tools/import/input';

const scratch = mkdtempSync(join(tmpdir(), 'fetch-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const LIST: Source[] = [
  { file: 'a.yaml', bundle: 'b', module: 'example.com/m@v1.2.3', path: 'crds/a.yaml', sha256: sha256('a') },
  { file: 'c.yaml', bundle: 'b', module: 'example.com/m@v1.2.3', path: 'crds/c.yaml', sha256: sha256('c') },
  { file: 'd.yaml', bundle: 'd', project: 'https://example.com/p', version: 'v9', path: 'd.yaml', sha256: sha256('d') },
];

/** A module folder with the given files below crds/. */
function moduleWith(files: Record<string, string>): string {
  const dir = mkdtempSync(join(scratch, 'module-'));
  mkdirSync(join(dir, 'crds'));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, 'crds', file), text);
  return dir;
}

function fetch(sum: string, files: Record<string, string>) {
  const to = join(mkdtempSync(join(scratch, 'to-')), 'crds');
  const lines: string[] = [];
  const asked: string[] = [];
  const download = (module: string) => {
    asked.push(module);
    return { dir: moduleWith(files), sum };
  };
  const run = () =>
    fetchSources(to, (line) => lines.push(line), download, LIST, { 'example.com/m@v1.2.3': 'h1:right' });
  return { to, lines, asked, run };
}

test('files out of modules, each module once; of the others, where they come from', () => {
  const { to, lines, asked, run } = fetch('h1:right', { 'a.yaml': 'a', 'c.yaml': 'c' });
  run();
  expect(asked).toEqual(['example.com/m@v1.2.3']);
  expect(readdirSync(to).sort()).toEqual(['a.yaml', 'c.yaml']);
  expect(readFileSync(join(to, 'c.yaml'), 'utf8')).toBe('c');
  expect(lines).toEqual([
    'example.com/m@v1.2.3: a.yaml, c.yaml',
    `missing: ${join(to, 'd.yaml')} is d.yaml of https://example.com/p, v9`,
  ]);
});

test('what is there already is not missing', () => {
  const { to, lines, run } = fetch('h1:right', { 'a.yaml': 'a', 'c.yaml': 'c' });
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, 'd.yaml'), 'd');
  run();
  expect(lines).toEqual(['example.com/m@v1.2.3: a.yaml, c.yaml']);
});

test('a module with another checksum is refused', () => {
  const { to, run } = fetch('h1:wrong', { 'a.yaml': 'a', 'c.yaml': 'c' });
  expect(run).toThrow('example.com/m@v1.2.3: checksum is h1:wrong, tools/import/sources.json expects h1:right');
  expect(readdirSync(to)).toEqual([]);
});

test('of a module with a file of other bytes nothing is written', () => {
  const { to, run } = fetch('h1:right', { 'a.yaml': 'a', 'c.yaml': 'other' });
  expect(run).toThrow(/crds\/c\.yaml: sha256 is .* \(crds\/c\.yaml of the Go module example\.com\/m@v1\.2\.3\);/);
  expect(readdirSync(to)).toEqual([]);
});

test('without go, it says so', () => {
  const path = process.env.PATH;
  process.env.PATH = '';
  try {
    expect(() => fetchSources(join(scratch, 'none'), () => {}, undefined, LIST)).toThrow(
      /^example\.com\/m@v1\.2\.3: go is not there to download it: /,
    );
  } finally {
    process.env.PATH = path;
  }
});

test('sources.json has the checksum of every module', () => {
  for (const [module, sum] of Object.entries(MODULES)) {
    expect(module).toMatch(/^[\w./-]+@v\d+\.\d+\.\d+(-[\w.-]+)?$/);
    expect(sum).toMatch(/^h1:[\w+/]{43}=$/);
  }
});

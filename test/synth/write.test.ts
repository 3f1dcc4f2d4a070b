import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../lib/facts/sha256';
import { formatIndex, INDEX_FILE } from '../../lib/synth/file-index';
import { readIndexes } from '../../lib/synth/indexes';
import type { Output } from '../../lib/synth/plan';
import { writeOutput } from '../../lib/synth/write';

let outdir: string;

beforeEach(() => {
  outdir = join(fs.mkdtempSync(join(tmpdir(), 'write-')), 'dist');
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(join(outdir, '..'), { recursive: true });
});

function output(files: { [path: string]: string }, options: Partial<Output> = {}): Output {
  return {
    files: Object.entries(files).map(([path, text]) => ({ path, text })),
    folders: ['c1', 'c2'],
    indexed: true,
    mayVanish: ['c2'].filter((folder) => !Object.keys(files).some((path) => path.startsWith(`${folder}/`))),
    ...options,
  };
}

const digestsOf = (files: { [path: string]: string }) =>
  new Map(Object.entries(files).map(([path, text]) => [path, sha256(text)]));

const isIndex = (path: string) => path === INDEX_FILE || path.endsWith(`/${INDEX_FILE}`);

/** All files below the output directory, without indexes. */
const withoutIndexes = () => Object.fromEntries(Object.entries(tree()).filter(([path]) => !isIndex(path)));

/** All files below the output directory, with their texts; empty folders with `/`. */
function tree(): { [path: string]: string } {
  const entries = fs.readdirSync(outdir, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .map((entry) => [join(entry.parentPath, entry.name), entry.isDirectory()] as const)
      .map(([path, isFolder]) => [
        path.slice(outdir.length + 1) + (isFolder ? '/' : ''),
        isFolder ? '' : fs.readFileSync(path, 'utf8'),
      ]),
  );
}

function put(path: string, text: string): void {
  fs.mkdirSync(join(outdir, path, '..'), { recursive: true });
  fs.writeFileSync(join(outdir, path), text);
}

const FIRST = { 'c1/a.yaml': 'a: 1\n', 'c1/b.yaml': 'b: 1\n', 'c2/a.yaml': 'a: 2\n', 'fleet.json': '{}' };
const SECOND = { 'c1/a.yaml': 'a: 1\n', 'c1/b.yaml': 'b: 2\n', 'c1/new.yaml': 'n: 1\n', 'contracts/x/y.json': '[]' };

describe('writeOutput', () => {
  test('writes files and an index of them', () => {
    writeOutput(outdir, output(FIRST));
    const { 'c1/': _1, 'c2/': _2, ...files } = withoutIndexes();
    expect(files).toEqual(FIRST);
    expect(readIndexes(outdir).digests).toEqual(digestsOf(FIRST));
    const [head] = tree()[INDEX_FILE].split('\n');
    expect(tree()).toMatchObject({
      [INDEX_FILE]: `${head}\n# Folder with an index of its own: c1\n# Folder with an index of its own: c2\n${sha256('{}')}  fleet.json\n`,
      'c1/fleet.index': `${head}\n${sha256('a: 1\n')}  a.yaml\n${sha256('b: 1\n')}  b.yaml\n`,
      'c2/fleet.index': `${head}\n${sha256('a: 2\n')}  a.yaml\n`,
    });
  });

  test('a change in one folder changes its index alone', () => {
    writeOutput(outdir, output(FIRST));
    const before = tree();
    writeOutput(outdir, output({ ...FIRST, 'c1/b.yaml': 'b: 2\n', 'c1/c.yaml': '' }));
    const after = tree();
    const changed = Object.keys(after).filter((path) => after[path] !== before[path]);
    expect(changed.sort()).toEqual(['c1/b.yaml', 'c1/c.yaml', 'c1/fleet.index']);
  });

  test('an index that names all files, as earlier versions wrote it, is understood', () => {
    for (const [path, text] of Object.entries(FIRST)) put(path, text);
    put(INDEX_FILE, formatIndex({ digests: digestsOf(FIRST) }));
    expect(() => writeOutput(outdir, output(SECOND, { mayVanish: [] }))).toThrow('MESH2013');
    writeOutput(outdir, output(SECOND));
    expect(readIndexes(outdir).digests).toEqual(digestsOf(SECOND));
    expect(withoutIndexes()).toEqual({ ...SECOND, 'c1/': '', 'contracts/': '', 'contracts/x/': '' });
  });

  test('removes files of the earlier synth, folders that become empty, and nothing else', () => {
    // GIVEN
    writeOutput(outdir, output(FIRST));
    put('README.md', 'by hand');
    put('other/by-hand.yaml', 'x: 1\n');
    // WHEN
    writeOutput(outdir, output(SECOND));
    // THEN
    expect(withoutIndexes()).toEqual({
      ...SECOND,
      'c1/': '',
      'contracts/': '',
      'contracts/x/': '',
      'other/': '',
      'README.md': 'by hand',
      'other/by-hand.yaml': 'x: 1\n',
    });
    expect(readIndexes(outdir).digests).toEqual(digestsOf(SECOND));
    expect(Object.keys(tree()).filter(isIndex)).toEqual(['fleet.index', 'c1/fleet.index']);
  });

  test('does not touch files that are equal', () => {
    // GIVEN
    writeOutput(outdir, output(FIRST));
    const past = new Date(1e12);
    const indexes = [INDEX_FILE, 'c1/fleet.index', 'c2/fleet.index'];
    for (const path of [...Object.keys(FIRST), ...indexes]) {
      fs.utimesSync(join(outdir, path), past, past);
    }
    const touched = () =>
      [...Object.keys(FIRST), ...indexes].filter((path) => fs.statSync(join(outdir, path)).mtimeMs !== 1e12);
    // WHEN, THEN
    writeOutput(outdir, output(FIRST));
    expect(touched()).toEqual([]);
    writeOutput(outdir, output({ ...FIRST, 'c1/b.yaml': 'b: 2\n' }));
    // the index of the directory owns all that moves meanwhile, so it is written, too
    expect(touched()).toEqual(['c1/b.yaml', INDEX_FILE, 'c1/fleet.index']);
  });

  test('writes again what was edited or removed by hand', () => {
    writeOutput(outdir, output(FIRST));
    put('c1/a.yaml', 'edited: true\n');
    fs.rmSync(join(outdir, 'c2'), { recursive: true });
    writeOutput(outdir, output(FIRST));
    expect(tree()).toMatchObject(FIRST);
  });

  describe.each([
    ['of a first synth', {}],
    ['of a later synth', FIRST],
  ])('a failing step %s leaves the directory as it was', (_, before) => {
    const STEPS = ['mkdirSync', 'mkdtempSync', 'writeFileSync', 'copyFileSync', 'renameSync', 'readFileSync'] as const;

    test.each(STEPS)('%s', (step) => {
      // GIVEN
      fs.mkdirSync(outdir);
      if (Object.keys(before).length > 0) {
        writeOutput(outdir, output(before));
      }
      const untouched = tree();
      let failures = 0;
      for (let failing = 1; ; failing++) {
        // WHEN the n-th call fails
        let calls = 0;
        const actual = fs[step] as (...args: unknown[]) => unknown;
        const spy = jest.spyOn(fs, step as 'renameSync').mockImplementation((...args: unknown[]) => {
          calls++;
          if (calls === failing) {
            throw new Error('disk full');
          }
          return actual(...args) as undefined;
        });
        let failed = false;
        try {
          writeOutput(outdir, output(SECOND));
        } catch (error) {
          expect(error).toEqual(new Error('disk full'));
          failed = true;
        }
        spy.mockRestore();
        // THEN
        if (!failed) {
          expect(tree()).toMatchObject(SECOND);
          break;
        }
        failures++;
        expect(tree()).toEqual(untouched);
      }
      const never = Object.keys(before).length === 0 && ['copyFileSync', 'readFileSync'].includes(step);
      expect(failures).toBeGreaterThan(never ? -1 : 0);
    });
  });

  test('says so when a failure cannot be undone', () => {
    writeOutput(outdir, output(FIRST));
    const rename = fs.renameSync;
    let calls = 0;
    jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      calls++;
      if (calls > 2) {
        throw new Error('read-only file system');
      }
      rename(from, to);
    });
    expect(() => writeOutput(outdir, output(SECOND))).toThrow(
      `writing into ${outdir} failed (Error: read-only file system), and what was done could not be undone (Error: read-only file system); restore the directory from git`,
    );
  });

  test.each([
    ['completes', SECOND],
    ['takes back', FIRST],
  ])('%s the work of a synth that was killed, wherever that was', (_, next) => {
    // GIVEN a process that is killed between two renames: neither undo nor cleaning up
    const rename = fs.renameSync;
    for (let most = 0; ; most++) {
      writeOutput(outdir, output(FIRST));
      let calls = 0;
      const killed = jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
        calls++;
        if (calls > most) throw new Error('killed');
        rename(from, to);
      });
      const kept = jest.spyOn(fs, 'rmSync').mockImplementation(() => {});
      let isDone = true;
      try {
        writeOutput(outdir, output(SECOND));
      } catch {
        isDone = false;
      }
      killed.mockRestore();
      kept.mockRestore();
      if (isDone) {
        expect(most).toBeGreaterThan(5);
        return;
      }
      expect(Object.keys(tree()).some((path) => path.startsWith('.fleet-'))).toBe(true);
      // WHEN
      const wanted = { ...next, 'c1/new.yaml': 'n: 2\n' };
      writeOutput(outdir, output(wanted));
      // THEN
      const files = Object.entries(withoutIndexes()).filter(([path]) => !path.endsWith('/'));
      expect(Object.fromEntries(files)).toEqual(wanted);
      expect(readIndexes(outdir).digests).toEqual(digestsOf(wanted));
      fs.rmSync(outdir, { recursive: true });
    }
  });

  describe('a foreign file in the folder of a cluster', () => {
    test.each(['c1/by-hand.yaml', 'c1/by-hand.yml', 'c1/by-hand.json', 'c2/deeper/by-hand.yaml', 'c1/new.yaml'])(
      '%s is an error, and nothing is written',
      (path) => {
        // GIVEN
        writeOutput(outdir, output(FIRST));
        put(path, 'kind: Secret\n');
        const before = tree();
        // WHEN
        expect(() => writeOutput(outdir, output(SECOND))).toThrow(
          `MESH2006 ${outdir}: '${join(outdir, path)}' was not written by this fleet, and \`kubectl apply -f\` would apply it; move hand-written YAML out of the output directory (mesh.include() judges it there), or delete the file if an earlier program generated it`,
        );
        // THEN
        expect(tree()).toEqual(before);
      },
    );

    test('all of them are named', () => {
      put('c1/x.yaml', 'x');
      put('c2/y.yaml', 'y');
      expect(() => writeOutput(outdir, output(FIRST))).toThrow(
        `'${join(outdir, 'c1/x.yaml')}', '${join(outdir, 'c2/y.yaml')}' were not written by this fleet`,
      );
    });

    test('other files are none', () => {
      put('c1/README.md', 'text');
      put('elsewhere/x.yaml', 'x');
      writeOutput(outdir, output(FIRST));
      expect(tree()).toMatchObject({ ...FIRST, 'c1/README.md': 'text', 'elsewhere/x.yaml': 'x' });
    });

    test('a file that is equal to what belongs there is ours, as after a lost index', () => {
      writeOutput(outdir, output(FIRST));
      fs.rmSync(join(outdir, INDEX_FILE));
      writeOutput(outdir, output(FIRST));
      expect(readIndexes(outdir).digests).toEqual(digestsOf(FIRST));
    });
  });

  test('an unreadable index is an error, and nothing is written', () => {
    writeOutput(outdir, output(FIRST));
    put(INDEX_FILE, '<<<<<<< HEAD\n');
    const before = tree();
    expect(() => writeOutput(outdir, output(SECOND))).toThrow(`MESH2007 ${join(outdir, INDEX_FILE)}:1: '<<<<<<< HEAD'`);
    expect(tree()).toEqual(before);
  });

  describe('without an index, as with cdk8s', () => {
    test('files of an earlier synth stay', () => {
      const plain = { folders: [], indexed: false };
      writeOutput(outdir, output({ 'a.yaml': '1' }, plain));
      writeOutput(outdir, output({ 'b.yaml': '2' }, plain));
      expect(tree()).toEqual({ 'a.yaml': '1', 'b.yaml': '2' });
    });

    test('those of an earlier index go, and the index with them', () => {
      writeOutput(outdir, output(FIRST));
      writeOutput(outdir, output({ 'a.yaml': '1' }, { folders: [], indexed: false, mayVanish: ['c1', 'c2'] }));
      expect(tree()).toEqual({ 'a.yaml': '1' });
    });

    test('nothing to write makes the directory', () => {
      writeOutput(outdir, output({}, { folders: [], indexed: false }));
      expect(tree()).toEqual({});
    });
  });
});

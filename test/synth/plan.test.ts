import fs from 'node:fs';
import { join } from 'node:path';
import { INDEX_FILE, parseIndex } from '../../lib/synth/file-index';
import { LOCK_FILE } from '../../lib/synth/lock';
import { type Output, planOutput } from '../../lib/synth/plan';
import { writeOutput } from '../../lib/synth/write';
import { filesOf, temporaryFolder } from '../support/model';

let outdir: string;

beforeEach(() => {
  outdir = join(temporaryFolder(), 'dist');
});

afterEach(() => {
  jest.restoreAllMocks();
});

function output(paths: readonly string[], options: Partial<Output> = {}): Output {
  const files = paths.map((path) => ({ path, text: `${path}\n` }));
  return { files, folders: ['c1', 'c2'], indexed: true, ...options };
}

test('what stands in the way of a file is no file: a link to nothing, a file in place of the folder', () => {
  fs.mkdirSync(outdir);
  fs.symlinkSync('nowhere', join(outdir, 'fleet.json'));
  fs.writeFileSync(join(outdir, 'c1'), '');
  const { changes } = planOutput(outdir, output(['fleet.json', 'c1/a.yaml'], { folders: [] }));
  expect(changes).toEqual({ added: ['c1/a.yaml', 'fleet.json'], changed: [], removed: [] });
});

test('texts are made anew each time that files are gone through, and written as they are', () => {
  const paths = ['c1/a.yaml', 'fleet.json'];
  const files = {
    *[Symbol.iterator]() {
      for (const path of paths) yield { path, text: `${path}\n` };
    },
  };
  writeOutput(outdir, { ...output([]), files });
  const { 'c1/a.yaml': a, 'fleet.json': facts } = filesOf(outdir);
  expect([a, facts]).toEqual(['c1/a.yaml\n', 'fleet.json\n']);
  expect(planOutput(outdir, output(paths)).isDone).toBe(true);
});

describe('changes', () => {
  test('are told by path, also before anything is written', () => {
    writeOutput(outdir, output(['c1/a.yaml', 'c1/old.yaml', 'c1/b.yaml', 'fleet.json']));
    fs.writeFileSync(join(outdir, 'c1/b.yaml'), 'edited\n');
    const next = output(['fleet.json', 'c1/new.yaml', 'c1/b.yaml', 'c1/a.yaml']);
    const before = filesOf(outdir);
    const expected = { added: ['c1/new.yaml'], changed: ['c1/b.yaml'], removed: ['c1/old.yaml'] };
    expect(planOutput(outdir, next)).toMatchObject({ isDone: false, changes: expected });
    expect(filesOf(outdir)).toEqual(before);
    expect(writeOutput(outdir, next).changes).toEqual(expected);
    expect(planOutput(outdir, next)).toMatchObject({ isDone: true, changes: { added: [], changed: [], removed: [] } });
  });

  test('a directory that does not exist is empty, and planning does not make it', () => {
    expect(planOutput(outdir, output(['c1/a.yaml'])).changes.added).toEqual(['c1/a.yaml']);
    expect(fs.existsSync(outdir)).toBe(false);
  });

  test('an output directory that is up to date needs no right to write', () => {
    writeOutput(outdir, output(['c1/a.yaml']));
    const write = jest.spyOn(fs, 'writeFileSync').mockImplementation(() => {
      throw new Error('read-only file system');
    });
    expect(writeOutput(outdir, output(['c1/a.yaml'])).isDone).toBe(true);
    expect(write).not.toHaveBeenCalled();
  });

  test('a folder is looked at once, however many of its files go', () => {
    const many = Array.from({ length: 50 }, (_, index) => `c1/deep/${index}.yaml`);
    writeOutput(outdir, output([...many, 'c1/a.yaml']));
    const [read, remove] = [jest.spyOn(fs, 'readdirSync'), jest.spyOn(fs, 'rmdirSync')];
    writeOutput(outdir, output(['c1/a.yaml']));
    expect(fs.existsSync(join(outdir, 'c1/deep'))).toBe(false);
    const folders = remove.mock.calls.map(([path]) => String(path)).filter((path) => path.includes('c1'));
    expect(folders).toEqual([join(outdir, 'c1/deep'), join(outdir, 'c1')]);
    expect(read.mock.calls.length).toBeLessThan(10);
  });
});

describe('the folder of a cluster that would vanish', () => {
  const before = ['c1/a.yaml', 'c2/a.yaml', 'contracts/x.json'];

  test.each([
    ['one of two', ['c1/a.yaml'], true, "folder 'c2'", 'c2'],
    ['all of them, as from an empty list', [], false, "folders 'c1', 'c2'", 'c1'],
    ['as where another program writes', ['c3/a.yaml'], true, "folders 'c1', 'c2'", 'c1'],
  ])('is refused, and nothing is written: %s', (_, paths, indexed, folders, first) => {
    writeOutput(outdir, output(before));
    const files = filesOf(outdir);
    expect(() => writeOutput(outdir, output(paths, { indexed, folders: [] }))).toThrow(
      `MESH2013 ${outdir}: nothing would be left of the ${folders}, and GitOps would delete it from the cluster; look for an empty list, or for another program with this outdir. If the cluster is gone, say \`new Fleet({ removedClusters: ['${first}'] })\``,
    );
    expect(filesOf(outdir)).toEqual(files);
  });

  test('may go where it is named; folders without manifests may always', () => {
    writeOutput(outdir, output(before));
    const { changes } = writeOutput(outdir, output(['c1/a.yaml'], { folders: ['c1'], mayVanish: ['c2'] }));
    expect(changes.removed).toEqual(['c2/a.yaml', 'contracts/x.json']);
    // The name may stay where nothing is left to protect.
    writeOutput(outdir, output(['c1/a.yaml'], { folders: ['c1'], mayVanish: ['c2'] }));
  });

  test('a permission for a cluster that is written is refused', () => {
    expect(() => writeOutput(outdir, output(before, { mayVanish: ['c2'] }))).toThrow(
      `MESH2019 ${outdir}: removedClusters names 'c2', but the fleet still writes it; remove the name, so that the folder is protected`,
    );
  });
});

describe('the program that owns the directory', () => {
  test('stands in the index', () => {
    writeOutput(outdir, output(['c1/a.yaml'], { program: 'shop-meshes' }));
    const text = filesOf(outdir)[INDEX_FILE];
    expect(text.split('\n')[1]).toBe('# Program: shop-meshes');
    expect(parseIndex(text, '').program).toBe('shop-meshes');
  });

  test('is the only one that may write there', () => {
    writeOutput(outdir, output(['c1/a.yaml'], { program: 'shop-meshes' }));
    const files = filesOf(outdir);
    expect(() => writeOutput(outdir, output(['c1/b.yaml'], { program: 'other' }))).toThrow(
      `MESH2014 ${outdir}: the directory belongs to program 'shop-meshes', and this one is 'other'; give each program an outdir of its own, or write the new name into ${join(outdir, INDEX_FILE)} if the program was renamed`,
    );
    expect(filesOf(outdir)).toEqual(files);
  });

  test('an index that names none is taken over', () => {
    writeOutput(outdir, output(['c1/a.yaml']));
    expect(planOutput(outdir, output(['c1/a.yaml'], { program: 'shop-meshes' }))).toMatchObject({
      isDone: false,
      changes: { added: [], changed: [], removed: [] },
    });
  });
});

test('while another synth writes, nothing is written', () => {
  writeOutput(outdir, output(['c1/a.yaml']));
  fs.writeFileSync(join(outdir, LOCK_FILE), '1 elsewhere.example\n');
  const files = filesOf(outdir);
  expect(() => writeOutput(outdir, output(['c1/b.yaml']))).toThrow(/^MESH2015 /);
  expect(filesOf(outdir)).toEqual(files);
});

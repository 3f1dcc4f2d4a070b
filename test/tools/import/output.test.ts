import { mkdtempSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstDifferent, firstStale, writeFiles } from '../../../tools/import/output';

const files = new Map([
  ['b/two.ts', '2'],
  ['a.ts', '1'],
]);

test('writes what differs and removes what is not generated', () => {
  // GIVEN a folder with a current file, an old one and one that nobody generates
  const dir = mkdtempSync(join(tmpdir(), 'imports-'));
  writeFiles(
    dir,
    new Map([
      ['a.ts', '1'],
      ['b/two.ts', 'old'],
      ['b/gone.ts', 'x'],
    ]),
  );
  utimesSync(join(dir, 'a.ts'), 1, 1);
  // WHEN
  writeFiles(dir, files);
  // THEN
  expect(readdirSync(dir, { recursive: true }).sort()).toEqual(['a.ts', 'b', 'b/two.ts']);
  expect(readFileSync(join(dir, 'b/two.ts'), 'utf8')).toBe('2');
  expect(statSync(join(dir, 'a.ts')).mtimeMs).toBe(1000);
});

test('names the first stale file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'imports-'));
  expect(firstStale(dir, files)).toBe('a.ts');
  writeFiles(dir, files);
  expect(firstStale(dir, files)).toBeUndefined();
  writeFileSync(join(dir, 'b/two.ts'), 'edited');
  writeFileSync(join(dir, 'b/three.ts'), 'added');
  expect(firstStale(dir, files)).toBe('b/three.ts');
  expect(firstStale(dir, new Map([...files, ['b/three.ts', 'added']]))).toBe('b/two.ts');
});

test('names the first file that differs, whatever else there is', () => {
  const dir = mkdtempSync(join(tmpdir(), 'imports-'));
  writeFiles(dir, new Map([...files, ['b/three.ts', 'of somebody else']]));
  expect(firstDifferent(dir, files)).toBeUndefined();
  expect(firstDifferent(dir, new Map([...files, ['a.ts', 'other']]))).toBe('a.ts');
  expect(firstDifferent(dir, new Map([['gone.ts', '']]))).toBe('gone.ts');
});

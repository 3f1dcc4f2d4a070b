import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCluster } from '../../../lib/verify/world/load';

const object = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: a }\n`;

function folder(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'cluster-'));
  mkdirSync(join(root, 'sub'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return root;
}

test('all YAML files of a folder and those below are read, by name; others are left alone', () => {
  const root = folder({
    'b.yaml': object('two'),
    'a.yml': object('one'),
    'sub/c.yaml': object('three'),
    'README.md': '# x',
  });
  const read = loadCluster('c1', root);
  expect(read.map(({ name, cluster, source }) => [name, cluster, source?.file])).toEqual([
    ['one', 'c1', join(root, 'a.yml')],
    ['two', 'c1', join(root, 'b.yaml')],
    ['three', 'c1', join(root, 'sub/c.yaml')],
  ]);
});

test('an object that is there twice is refused with both places', () => {
  const root = folder({ 'a.yaml': object('one'), 'b.yaml': object('one') });
  expect(() => loadCluster('c1', root)).toThrow(
    `MESH1107 ${join(root, 'b.yaml')}:1: ConfigMap a/one @c1 is in ${join(root, 'a.yaml')}:1, too; the one that is applied last would win: remove one`,
  );
});

test('a folder that does not exist is told by its path', () => {
  expect(() => loadCluster('c1', '/nowhere')).toThrow(/^MESH1107 \/nowhere: the folder cannot be read/);
});

test('a folder that is called like a file is no file', () => {
  const root = folder({ 'a.yaml': object('one') });
  mkdirSync(join(root, 'chart.yaml'));
  writeFileSync(join(root, 'chart.yaml', 'b.yaml'), object('two'));
  expect(loadCluster('c1', root).map(({ name }) => name)).toEqual(['one', 'two']);
});

test('UTF-16 is refused with the encoding that is expected', () => {
  const root = folder({ 'a.yaml': '' });
  writeFileSync(join(root, 'a.yaml'), Buffer.from(`\ufeff${object('one')}`, 'utf16le'));
  expect(() => loadCluster('c1', root)).toThrow(
    `MESH1107 ${join(root, 'a.yaml')}: the file is UTF-16, as PowerShell writes it; expected UTF-8: save it so`,
  );
});

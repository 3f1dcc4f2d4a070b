import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('bytes that are no UTF-8 are refused: another name would come of them', () => {
  const root = folder({ 'a.yaml': '' });
  writeFileSync(join(root, 'a.yaml'), Buffer.from(object('caf\u00e9'), 'latin1'));
  expect(() => loadCluster('c1', root)).toThrow(
    `MESH1107 ${join(root, 'a.yaml')}: the file is no UTF-8; save it so, without bytes of another encoding`,
  );
});

test('a link is what it leads to, and one that leads back to where it is found is left alone', () => {
  const [root, other] = [folder({ 'a.yaml': object('one') }), folder({ 'b.yaml': object('two') })];
  symlinkSync(other, join(root, 'linked'));
  symlinkSync('.', join(root, 'self'));
  symlinkSync('..', join(root, 'sub', 'up'));
  symlinkSync(root, join(other, 'back'));
  expect(loadCluster('c1', root).map(({ name }) => name)).toEqual(['one', 'two']);
});

test('a link that leads nowhere, or in a circle, is refused and not skipped', () => {
  const root = folder({});
  symlinkSync('b.yaml', join(root, 'a.yaml'));
  expect(() => loadCluster('c1', root)).toThrow(/a\.yaml: the file cannot be read \(ENOENT/);
  symlinkSync('a.yaml', join(root, 'b.yaml'));
  expect(() => loadCluster('c1', root)).toThrow(/a\.yaml: the file cannot be read \(ELOOP/);
});

test('line ends of Windows, a byte order mark, tabs in JSON and merge keys are read', () => {
  const root = folder({
    'a.yaml': object('crlf').replaceAll('\n', '\r\n'),
    'b.yaml': `\ufeff${object('bom')}`,
    'c.json': '{\n\t"apiVersion": "v1",\n\t"kind": "ConfigMap",\n\t"metadata": { "name": "tabs" }\n}',
    'd.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { <<: &m { name: merged }, namespace: a }\n',
  });
  expect(loadCluster('c1', root).map(({ name }) => name)).toEqual(['crlf', 'bom', 'tabs', 'merged']);
});

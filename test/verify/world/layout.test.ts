import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { layoutOf } from '../../../lib/verify/world/layout';

const object = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n';

function clusters(...names: string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'layout-'));
  for (const name of names) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'a.yaml'), object);
  }
  return root;
}

const namesOf = (root: string): string[] => layoutOf(root).clusters.map(({ name }) => name);

test('a link to a folder is a cluster, one to a file is a manifest', () => {
  const shared = clusters('c1', 'real');
  const root = clusters('c1');
  symlinkSync(join(shared, 'real'), join(root, 'c2'));
  expect(namesOf(root)).toEqual(['c1', 'c2']);
  symlinkSync(join(shared, 'real', 'a.yaml'), join(root, 'a.yaml'));
  expect(namesOf(root)).toEqual([basename(root)]);
});

test.each(['a.yaml', 'a.json'])('a link %s that leads nowhere is not passed over', (name) => {
  const root = clusters('c1');
  symlinkSync(join(root, 'nowhere'), join(root, name));
  expect(namesOf(root)).toEqual([basename(root)]);
});

test('a cluster whose name would act on a terminal is refused', () => {
  const root = clusters('c\n::error::x');
  expect(() => layoutOf(root)).toThrow(
    `MESH4002 ${root}/c\\u000a::error::x: the folder of a cluster has control characters in its name; rename it`,
  );
});

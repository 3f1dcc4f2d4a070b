import type { Manifest } from '../../../../lib/facts/manifest';
import { missingNamespaces } from '../../../../lib/verify/admission/core/namespaces';

const inNamespace = (namespace: string, name = 'a'): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
});
const created = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

test('namespaces that are created, at any place, and those that every cluster has are there', () => {
  expect(
    missingNamespaces([inNamespace('a'), created('a'), inNamespace('default'), inNamespace('kube-system')]),
  ).toEqual([]);
});

test('others are named with the objects that are in them', () => {
  const objects = [inNamespace('b', 'x'), inNamespace('a'), inNamespace('b', 'y'), created('c')];
  expect(missingNamespaces(objects)).toEqual([
    { namespace: 'b', objects: [objects[0], objects[2]] },
    { namespace: 'a', objects: [objects[1]] },
  ]);
});

test('a Namespace of another API creates none', () => {
  const other: Manifest = { apiVersion: 'example.com/v1', kind: 'Namespace', metadata: { name: 'a' } };
  expect(missingNamespaces([other, inNamespace('a')]).map(({ namespace }) => namespace)).toEqual(['a']);
});

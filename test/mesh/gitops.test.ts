import { ApiObject } from 'cdk8s';
import { Fleet } from '../../lib';
import { FOUNDATION, ownerLabels } from '../../lib/mesh/gitops';
import { scenarios } from '../../scenarios';
import { mesh } from '../support/model';

const names = Object.keys(scenarios);

function placedOf(name: string) {
  const fleet = new Fleet();
  scenarios[name](fleet);
  return fleet.manifests();
}

test.each(names)('everything that is written for a mesh can be selected by it: %s', (name) => {
  for (const { file, path, manifest } of placedOf(name)) {
    const [, owner] = file.match(/\/(?:0-)?([^.]+)\./) ?? [];
    expect([path, manifest.metadata.labels]).toEqual([path, expect.objectContaining(ownerLabels(owner))]);
  }
});

test('labels of an object win, and objects of the user in a chart of the mesh have them, too', () => {
  const fleet = new Fleet();
  const chart = mesh(fleet, 'shop').chart('own');
  const labels = { 'app.kubernetes.io/part-of': 'payments' };
  new ApiObject(chart, 'a', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'shop', labels },
  });
  expect(fleet.manifests()[0].manifest.metadata.labels).toEqual({ ...ownerLabels('shop'), ...labels });
});

test('GitOps keeps namespaces and control planes, puts them first, and nothing else', () => {
  expect(FOUNDATION).toEqual({
    'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
    'argocd.argoproj.io/sync-wave': '-1',
    'kustomize.toolkit.fluxcd.io/prune': 'disabled',
  });
  const kinds = ['Namespace', 'ServiceMeshControlPlane', 'Istio', 'IstioCNI', 'IstioRevisionTag'];
  const placed = names.flatMap(placedOf);
  for (const { path, manifest } of placed) {
    const isKept = Object.entries(FOUNDATION).every(([key, value]) => manifest.metadata.annotations?.[key] === value);
    expect([path, isKept]).toEqual([path, kinds.includes(manifest.kind)]);
  }
  // Otherwise the loop has not met them all.
  expect(placed.map(({ manifest: { kind } }) => kind)).toEqual(expect.arrayContaining(kinds));
});

import { apiGroup, describeManifest } from '../../lib/facts/manifest';

test('apiGroup: without the version; empty for the core group', () => {
  expect(apiGroup({ apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'a' } })).toBe(
    'networking.istio.io',
  );
  expect(apiGroup({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } })).toBe('');
});

test('describeManifest: kind, namespace and name, and the cluster where it is known', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'b' } };
  expect(describeManifest(service)).toBe('Service b/a');
  expect(describeManifest(service, 'east')).toBe('Service b/a @east');
  expect(describeManifest({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b' } }, 'east')).toBe(
    'Namespace b @east',
  );
});

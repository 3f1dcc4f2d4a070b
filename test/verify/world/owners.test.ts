import { deployment, namespace, worldOf } from '../support/world';

const owned = (kind: string, name: string, by: string, status = '', more = '') => `
---
apiVersion: ${kind === 'Pod' ? 'v1' : 'apps/v1'}
kind: ${kind}
metadata:
  name: ${name}
  namespace: in
  labels: { app: web }
  ownerReferences: [{ ${by}, controller: true }]
${more}
spec: { containers: [{ name: app, image: example/web }] }
${status}
`;

const dump = (status: string, more = '') =>
  namespace('in') +
  deployment('in/web') +
  owned('ReplicaSet', 'web-1', 'kind: Deployment, name: web') +
  owned('Pod', 'web-1-a', 'kind: ReplicaSet, name: web-1', 'status: { phase: Running, podIP: 10.1.0.7 }') +
  owned('Pod', 'web-1-b', 'kind: ReplicaSet, name: web-1', status, more);

const workloads = (yaml: string) =>
  worldOf({ c1: yaml })
    .meshes.get('c1')
    ?.workloads.map(({ name, ip, moreIps }) => [name, ip, ...moreIps]);

test('in a dump the pods of a Deployment are the Deployment, with their addresses', () => {
  expect(workloads(dump('status: { phase: Running, podIP: 10.1.0.8 }'))).toEqual([['web', '10.1.0.7', '10.1.0.8']]);
});

test('every pod is found by its address', () => {
  const world = worldOf({ c1: dump('status: { phase: Running, podIP: 10.1.0.8 }') });
  for (const ip of ['10.1.0.7', '10.1.0.8']) {
    expect(world.ownerOf(ip)).toMatchObject({ kind: 'workload', workload: { id: 'c1/in/web' } });
  }
});

test('pods that have ended, or are about to, have no address', () => {
  expect(workloads(dump('status: { phase: Failed, podIP: 10.1.0.8 }'))).toEqual([['web', '10.1.0.7']]);
  expect(
    workloads(dump('status: { phase: Running, podIP: 10.1.0.8 }', '  deletionTimestamp: "2026-01-01T00:00:00Z"')),
  ).toEqual([['web', '10.1.0.7']]);
});

test('a pod whose owner is not in the dump stands for itself', () => {
  const pod = owned('Pod', 'web-1-a', 'kind: ReplicaSet, name: web-1', 'status: { phase: Running, podIP: 10.1.0.7 }');
  expect(workloads(namespace('in') + pod)).toEqual([['web-1-a', '10.1.0.7']]);
});

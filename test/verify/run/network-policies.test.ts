import { describeOutcome } from '../../../lib/verify/run/outcome';
import { trace } from '../../../lib/verify/trace';
import type { MeshFact } from '../../../lib/verify/world/facts';
import { deployment, namespace, service, worldOf } from '../support/world';

const http = '{ name: http, port: 80, targetPort: 8080 }';
const base =
  namespace('a') + deployment('a/client', 'sleep') + namespace('b') + deployment('b/web') + service('b/web', http);

const policy = (id: string, spec: string) => {
  const [itsNamespace, name] = id.split('/');
  return `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${itsNamespace} }
spec: ${spec}
`;
};

const made = (yaml: string, networkPolicies: MeshFact['networkPolicies'] = 'enforced', more = '') =>
  trace(worldOf({ c1: base + yaml, c2: more }, { meshes: { c1: { networkPolicies } } }), {
    from: 'c1/a/client',
    url: 'http://web.b/',
  });
const said = (spec: string, id = 'b/it') => describeOutcome(made(policy(id, spec)).outcome);

const REFUSED = 'curl 28';
const fromAll = (peers: string, ports = '') => `{ podSelector: {}, ingress: [{ from: ${peers}${ports} }] }`;

test.each([
  ['that selects the server and allows nothing', '{ podSelector: {} }', REFUSED],
  ['that selects other pods', '{ podSelector: { matchLabels: { app: other } } }', '200'],
  ['that only closes the way out of the server', '{ podSelector: {}, policyTypes: [Egress] }', '200'],
  ['with a rule for everybody', '{ podSelector: {}, ingress: [{}] }', '200'],
  ['for pods of its own namespace', fromAll('[{ podSelector: {} }]'), REFUSED],
  ['for pods of every namespace', fromAll('[{ namespaceSelector: {} }]'), '200'],
  [
    'for a namespace by its name',
    fromAll('[{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: a } } }]'),
    '200',
  ],
  [
    'for other pods of that namespace',
    fromAll('[{ namespaceSelector: {}, podSelector: { matchLabels: { app: other } } }]'),
    REFUSED,
  ],
  [
    'for pods by expressions',
    fromAll(
      '[{ namespaceSelector: { matchExpressions: [{ key: x, operator: DoesNotExist }] }, podSelector: { matchExpressions: [{ key: app, operator: In, values: [client] }, { key: version, operator: Exists }, { key: app, operator: NotIn, values: [web] }] } }]',
    ),
    '200',
  ],
  ["for the pod's port", fromAll('[{ namespaceSelector: {} }]', ', ports: [{ port: 8080 }]'), '200'],
  ['for a range with it', fromAll('[{ namespaceSelector: {} }]', ', ports: [{ port: 8000, endPort: 9000 }]'), '200'],
  ["for the Service's port", fromAll('[{ namespaceSelector: {} }]', ', ports: [{ port: 80 }]'), REFUSED],
  ['for UDP', fromAll('[{ namespaceSelector: {} }]', ', ports: [{ protocol: UDP }]'), REFUSED],
  [
    'for a port by a name that no container has',
    fromAll('[{ namespaceSelector: {} }]', ', ports: [{ port: web }]'),
    REFUSED,
  ],
  ['for all addresses', fromAll('[{ ipBlock: { cidr: 0.0.0.0/0 } }]'), '200'],
])('a policy %s', (_, spec, expected) => {
  expect(said(spec)).toBe(expected);
});

test('policies add up', () => {
  const both = policy('b/closed', '{ podSelector: {} }') + policy('b/open', '{ podSelector: {}, ingress: [{}] }');
  expect(made(both).outcome.code).toBe(200);
});

test('the way out of the caller counts, too', () => {
  expect(said('{ podSelector: {}, policyTypes: [Egress] }', 'a/it')).toBe(REFUSED);
  const toServer = '{ podSelector: {}, egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }] }';
  expect(said(toServer, 'a/it')).toBe('200');
  expect(said(toServer.replace('8080', '80'), 'a/it')).toBe(REFUSED);
  expect(said(`{ policyTypes: [Egress], ${toServer.slice(1)}`, 'a/it')).toBe('200');
});

test('says who refuses, and at which end', () => {
  const { ways } = made(policy('b/closed', '{ podSelector: {} }'));
  expect(ways[0].hops.at(-1)).toMatchObject({
    failure: {
      code: 'MESH-T109',
      why: 'NetworkPolicy b/closed takes no ingress from c1/a/client to port 8080 of c1/b/web',
    },
    refs: [{ object: 'NetworkPolicy b/closed @c1', field: 'spec.ingress' }],
  });
});

test('a block of addresses is not judged where nothing says the address', () => {
  const { unmodelled } = made(policy('b/blocks', fromAll('[{ ipBlock: { cidr: 10.0.0.0/8 } }]')));
  expect(unmodelled.map(({ object, field }) => `${object} ${field}`)).toEqual([
    'NetworkPolicy b/blocks @c1 spec.ingress',
  ]);
});

test('pods of another cluster are addresses, not pods', () => {
  const open = fromAll('[{ namespaceSelector: {} }]');
  const world = worldOf(
    { c1: base + policy('b/it', open), c2: namespace('x') + deployment('x/far', 'sleep') },
    { meshes: { c1: { networkPolicies: 'enforced' } }, dns: { c2: { 'web.example': '104.0.0.11' } } },
  );
  const web = [...(world.meshes.get('c1')?.workloads ?? [])].find(({ name }) => name === 'web');
  const { outcome } = trace(world, { from: 'c2/x/far', url: `http://${web?.ip}:8080/` });
  expect(outcome.class).toBe('no answer');
});

test('a network may ignore them; where nothing says what it does, they are not modelled', () => {
  const closed = policy('b/closed', '{ podSelector: {} }');
  expect(made(closed, 'ignored')).toMatchObject({ outcome: { code: 200 }, unmodelled: [] });
  const unknown = trace(worldOf({ c1: base + closed }), { from: 'c1/a/client', url: 'http://web.b/' });
  expect(unknown.unmodelled.map(({ object }) => object)).toEqual(['NetworkPolicy b/closed @c1']);
});

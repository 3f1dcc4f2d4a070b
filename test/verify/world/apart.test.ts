import { Access, Cluster, Fleet } from '../../../lib';
import type { FleetDocument, MeshFacts } from '../../../lib/facts/fleet';
import { judgeFleet } from '../../../lib/verify/fleet-verdict';
import { ClusterObjects } from '../../../lib/verify/settled';
import { apart } from '../../../lib/verify/world/apart';
import { resource } from '../../../lib/verify/world/resource';
import { federated, peer, services } from '../../peering/federations';

const mesh = (name: string, cluster: string, namespaces: string[]): MeshFacts => ({
  ...{ name, cluster, platform: 'OpenShift Service Mesh 2.6', istio: '1.20', trustDomain: `${name}.local` },
  controlPlane: {
    ...{ namespace: `${name}-system`, writtenBy: 'smcp', outboundTrafficPolicy: 'ALLOW_ANY', mtls: true },
  },
  ...{ namespaces, gateways: [] },
});

const documentOf = (meshes: MeshFacts[]): FleetDocument => ({
  version: 1,
  clusters: [...new Set(meshes.map(({ cluster }) => cluster))].map((name) => ({ name, domain: 'corp.internal' })),
  meshes,
  peerings: [],
  secrets: ['red-system', 'elsewhere'].map((namespace) => ({
    ...{ cluster: 'ocp', namespace, name: 's', keys: [], writtenBy: 'somebody else', neededBy: 'p' },
  })),
});

const object = (kind: string, namespace: string, name: string, cluster = 'ocp') =>
  resource(cluster, { apiVersion: 'v1', kind, metadata: { name, ...(namespace && { namespace }) }, spec: {} });

const objects = new ClusterObjects([
  object('Namespace', '', 'shop'),
  object('Service', 'shop', 'web'),
  object('Service', 'blue-system', 'istiod'),
  object('Service', 'elsewhere', 'db'),
  object('ClusterRole', '', 'reader'),
  object('Service', 'shop', 'far', 'east'),
]);

test('each of several meshes has its own namespaces, and what is in none', () => {
  const made = apart(
    documentOf([mesh('red', 'ocp', ['shop']), mesh('blue', 'ocp', []), mesh('far', 'east', [])]),
    objects,
  );
  expect(made.document.meshes.map(({ cluster }) => cluster)).toEqual(['ocp:red', 'ocp:blue', 'east']);
  expect(made.document.clusters).toEqual(
    ['ocp:red', 'ocp:blue', 'east'].map((name) => ({ name, domain: 'corp.internal' })),
  );
  const named = (cluster: string) => made.objects.in(cluster).map(({ kind, name }) => `${kind} ${name}`);
  expect(named('ocp:red')).toEqual(['Namespace shop', 'Service web', 'Service db', 'ClusterRole reader']);
  expect(named('ocp:blue')).toEqual(['Service istiod', 'Service db', 'ClusterRole reader']);
  expect(named('east')).toEqual(['Service far']);
  expect(made.document.secrets.map(({ cluster, namespace }) => `${cluster} ${namespace}`)).toEqual([
    ...['ocp:red red-system', 'ocp:red elsewhere', 'ocp:blue elsewhere'],
  ]);
});

test('what is found is told of the cluster that there is', () => {
  const { told } = apart(documentOf([mesh('red', 'ocp', ['shop']), mesh('blue', 'ocp', [])]), objects);
  const finding = {
    ...{ code: 'MESH3100', severity: 'error' as const, atRuntime: '', fix: '' },
    objects: ['Service shop/web @ocp:red'],
    message: 'from ocp:red/shop/web to ocp:blue/blue-system/istiod',
    refs: [{ object: 'Service shop/web @ocp:red', field: 'spec' }],
  };
  const [found] = told([finding]);
  expect([found.objects, found.message, found.refs[0].object]).toEqual([
    ['Service shop/web @ocp'],
    'from ocp/shop/web to ocp/blue-system/istiod',
    'Service shop/web @ocp',
  ]);
});

test('a fleet without such clusters is left as it is', () => {
  const document = documentOf([mesh('red', 'ocp', ['shop'])]);
  const made = apart(document, objects);
  expect([made.document, made.objects]).toEqual([document, objects]);
});

test('a federation inside of one cluster is left out, and said to be', () => {
  const fleet = new Fleet({ print: () => {} });
  const cluster = new Cluster(fleet, 'ocp');
  const [a, b] = ['a', 'b'].map((id) => federated(fleet, 'gateways', id, { cluster }));
  peer({ fleet, a, b }).expose(services(b).web, { allow: [Access.http()] });
  const { findings, proof } = judgeFleet({ manifests: fleet.manifests(), facts: fleet.facts(), included: [] });
  expect(findings.map(({ code }) => code)).not.toContain('MESH3100');
  expect(proof?.unjudged).toEqual([
    { peering: 'p', why: 'both meshes are in one cluster, where their gateways know each other by their Services' },
  ]);
});

test('a mesh whose name begins with that of another one is told of, too', () => {
  const { told } = apart(documentOf([mesh('red', 'ocp', ['shop']), mesh('reddish', 'ocp', [])]), objects);
  const finding = { code: 'MESH3100', severity: 'error' as const, atRuntime: '', fix: '', objects: [], refs: [] };
  const [{ message }] = told([{ ...finding, message: 'from ocp:reddish/a/b to ocp:red/shop/web' }]);
  expect(message).toBe('from ocp/a/b to ocp/shop/web');
});

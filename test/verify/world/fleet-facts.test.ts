import type { FleetDocument, MeshFacts, PeeringSummary } from '../../../lib/facts/fleet';
import { fleetFacts, sharedClusters } from '../../../lib/verify/world/fleet-facts';

const mesh = (cluster: string, more: Partial<MeshFacts> = {}): MeshFacts => ({
  name: `${cluster}-mesh`,
  cluster,
  platform: 'Istio 1.31',
  istio: '1.31',
  trustDomain: `${cluster}.example`,
  controlPlane: { namespace: 'istio-system', writtenBy: 'existing', outboundTrafficPolicy: 'ALLOW_ANY', mtls: false },
  namespaces: [],
  gateways: [],
  ...more,
});

const gateway = (name: string, more: Partial<MeshFacts['gateways'][number]> = {}): MeshFacts['gateways'][number] => ({
  name,
  kind: 'ingress',
  namespace: 'gateways',
  service: `${name}-service`,
  selector: { istio: name },
  identity: `west.example/ns/gateways/sa/${name}`,
  ports: [{ name: 'https', number: 443, targetPort: 8443 }],
  denyByDefault: true,
  ...more,
});

const peering = (exposure: Partial<PeeringSummary['exposures'][number]>): PeeringSummary => ({
  name: 'premium',
  path: 'premium',
  strategy: 'DirectPeering',
  consumer: 'east-mesh',
  provider: 'west-mesh',
  tls: 'simple',
  exposures: [{ key: 'broker/insurances:8000', protocol: 'http', access: [], ...exposure }],
});

const documentOf = (meshes: MeshFacts[], more: Partial<FleetDocument> = {}): FleetDocument => ({
  version: 1,
  clusters: meshes.map(({ cluster: name }) => ({ name, domain: 'cluster.local' })),
  meshes,
  peerings: [],
  secrets: [],
  ...more,
});

const ca = (name: string, ...sha256: string[]) => ({ name, sha256 });

test('a control plane is what it states of itself', () => {
  const { controlPlane } = mesh('east');
  const stated = mesh('east', {
    root: ca('shared'),
    controlPlane: {
      ...controlPlane,
      namespace: 'istio-root',
      revision: 'canary',
      outboundTrafficPolicy: 'REGISTRY_ONLY',
      pathNormalization: 'NONE',
      dnsCapture: true,
      network: 'n1',
      trustDomainAliases: ['old.example'],
      otherRoots: { believedBy: 'everyProxy', roots: [{ ...ca('other'), trustDomains: ['west.example'] }] },
    },
  });
  expect(fleetFacts(documentOf([stated])).meshes).toEqual({
    east: {
      istio: '1.31',
      root: 'shared',
      network: 'n1',
      revision: 'canary',
      env: { ISTIO_MULTIROOT_MESH: 'true' },
      meshConfig: {
        rootNamespace: 'istio-root',
        trustDomain: 'east.example',
        trustDomainAliases: ['old.example'],
        outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
        pathNormalization: { normalization: 'NONE' },
        caCertificates: [{ pem: 'ca:other', trustDomains: ['west.example'] }],
        defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true', PROXY_CONFIG_XDS_AGENT: 'true' } },
      },
    },
  });
});

test('roots that only gateways believe are asked for by no other proxy', () => {
  const otherRoots = { believedBy: 'gateways' as const, roots: [{ ...ca('other'), trustDomains: [] }] };
  const { controlPlane } = mesh('east');
  const { meshes } = fleetFacts(documentOf([mesh('east', { controlPlane: { ...controlPlane, otherRoots } })]));
  expect(meshes.east.meshConfig?.defaultConfig).toEqual({ proxyMetadata: {} });
});

test('two names of one root are one authority', () => {
  const meshes = [mesh('east', { root: ca('a', 'aa') }), mesh('west', { root: ca('b', 'bb', 'aa') })];
  const facts = fleetFacts(documentOf([...meshes, mesh('north', { root: ca('c', 'bb') })])).meshes;
  expect([facts.east.root, facts.west.root, facts.north.root]).toEqual(['a', 'a', 'a']);
});

test('a name that nobody gives an address leads to the gateway at which its calls arrive', () => {
  const meshes = [mesh('east'), mesh('west', { gateways: [gateway('public')] })];
  const peerings = [
    peering({
      host: 'insurances.example',
      endpoint: { port: 30443 },
      arrival: { gateway: 'public', port: 443 },
    }),
  ];
  const { dns, addresses } = fleetFacts(documentOf(meshes, { peerings }));
  const to = { cluster: 'west', namespace: 'gateways', service: 'public-service', port: 443 };
  expect(dns).toEqual({
    east: { 'insurances.example': '198.18.0.1' },
    west: { 'insurances.example': '198.18.0.1' },
  });
  expect(addresses).toEqual([{ ip: '198.18.0.1', ports: { 30443: to } }]);
});

test('an address of a gateway takes all of its ports, one of nodes the port that is called', () => {
  const address = { kind: 'ip' as const, hosts: ['192.0.2.1'] };
  const nodes = { kind: 'nodePort' as const, hosts: ['192.0.2.7', '192.0.2.8'], port: 30443 };
  const meshes = [
    mesh('east'),
    mesh('west', { gateways: [gateway('public', { address }), gateway('nodes', { address: nodes })] }),
  ];
  const endpoint = { port: 30443, addresses: nodes.hosts };
  const peerings = [peering({ endpoint, arrival: { gateway: 'nodes', port: 443 } })];
  const { addresses } = fleetFacts(documentOf(meshes, { peerings }));
  const to = (service: string) => ({ cluster: 'west', namespace: 'gateways', service, port: 443 });
  expect(addresses).toEqual([
    { ip: '192.0.2.1', ports: { 443: to('public-service') } },
    { ip: '192.0.2.7', ports: { 30443: to('nodes-service') } },
    { ip: '192.0.2.8', ports: { 30443: to('nodes-service') } },
  ]);
});

test('nodes take a port of their own for each port of a gateway', () => {
  const address = { kind: 'nodePort' as const, hosts: ['192.0.2.7'], ports: { 443: 30443 } };
  const { addresses } = fleetFacts(documentOf([mesh('west', { gateways: [gateway('nodes', { address })] })]));
  const to = { cluster: 'west', namespace: 'gateways', service: 'nodes-service', port: 443 };
  expect(addresses).toEqual([{ ip: '192.0.2.7', ports: { 30443: to } }]);
});

test('where a router ends TLS, it has the addresses, and the certificate that each peering states', () => {
  const meshes = [mesh('east'), mesh('west', { gateways: [gateway('public', { route: 'edge' })] })];
  const arrival = { gateway: 'public', port: 443 };
  const server = { subjectAltName: 'a.example', signer: ca('routers') };
  const peerings = [
    { ...peering({ host: 'a.example', endpoint: { port: 443 }, arrival }), server },
    peering({ host: 'b.example', endpoint: { port: 443, addresses: ['192.0.2.9'] }, arrival }),
  ];
  const { addresses, routers, certificates, dns } = fleetFacts(documentOf(meshes, { peerings }));
  const name = 'router of a.example @west';
  expect(addresses).toEqual([]);
  expect(dns?.east).toEqual({ 'a.example': '198.18.250.2' });
  expect(routers).toEqual({
    west: { address: '198.18.250.2', moreAddresses: ['192.0.2.9'], certificates: { 'a.example': name } },
  });
  expect(certificates).toEqual([{ name, ca: 'routers', san: ['DNS:a.example'] }]);
});

test('a Secret holds a key pair, and the roots of all who need it', () => {
  const secret = {
    cluster: 'west',
    namespace: 'gateways',
    name: 'server',
    keys: ['ca.crt', 'tls.crt', 'tls.key'],
    identity: 'insurances.example',
    signer: ca('servers'),
    writtenBy: 'somebody else' as const,
  };
  const secrets = [
    { ...secret, trusts: ca('clients-a'), neededBy: 'a' },
    { ...secret, trusts: ca('clients-b'), neededBy: 'b' },
    { ...secret, name: 'client', identity: 'spiffe://a.example/b', keys: ['tls.crt', 'tls.key'], neededBy: 'c' },
    { ...secret, kind: 'ConfigMap' as const, name: 'roots', neededBy: 'd' },
  ];
  const facts = fleetFacts(documentOf([mesh('west')], { secrets }));
  const client = 'west/gateways/client';
  expect(facts.certificates).toEqual([
    { name: 'west/gateways/server', ca: 'servers', san: ['DNS:insurances.example'] },
    { name: client, ca: 'servers', san: ['URI:spiffe://a.example/b'] },
  ]);
  expect(facts.secrets?.map(({ data }) => data)).toEqual([
    {
      'ca.crt': 'ca:clients-a clients-b',
      'tls.crt': 'cert:west/gateways/server',
      'tls.key': 'key:west/gateways/server',
    },
    { 'tls.crt': `cert:${client}`, 'tls.key': `key:${client}` },
  ]);
});

test('clusters with two meshes are named', () => {
  expect(sharedClusters(documentOf([mesh('east'), mesh('east', { name: 'other' }), mesh('west')]))).toEqual(['east']);
});

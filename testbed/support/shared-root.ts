import {
  Access,
  Address,
  Callers,
  Cluster,
  ControlPlane,
  type ControlPlaneOptions,
  type Fleet,
  Gateway,
  GatewayPort,
  Istio,
  Mesh,
  MtlsPolicy,
  Port,
  type Protocol,
  Routing,
  Rule,
  SharedRootPeering,
  type SharedRootPeeringProps,
  TrustBundle,
} from '../../lib';

/** What differs from two clusters that share root and trust domain, with a gateway known by name. */
interface Difference {
  readonly trustDomains?: Readonly<Record<string, string>>;
  readonly controlPlanes?: Readonly<Record<string, ControlPlaneOptions>>;
  readonly address?: Address;
  readonly peering?: Partial<SharedRootPeeringProps>;
}

const root = TrustBundle.declared('shared-root', { rootSha256: ['a1'.repeat(32)] });

function clusters(fleet: Fleet, { trustDomains = {}, controlPlanes = {}, address, peering }: Difference = {}) {
  const mesh = (name: string) =>
    new Mesh(new Cluster(fleet, name), name, {
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('istio-system', { dnsCapture: true, ...controlPlanes[name] }),
      root,
      trustDomain: trustDomains[name],
    });
  const c1 = mesh('c1');
  const c2 = mesh('c2');
  c1.namespace('foo', { create: true });
  c2.namespace('bar', { create: true });
  new MtlsPolicy(c2, 'strict', { mode: 'STRICT' });
  const ingress = new Gateway(c2, 'eastwest', {
    kind: 'ingress',
    namespace: 'istio-system',
    ports: [GatewayPort.tls()],
    address: address ?? Address.hostname('gateway.c2.example'),
    denyByDefault: false,
    replicas: [1, 1],
  });
  const peer = (consumer: Mesh) =>
    new SharedRootPeering(fleet, `${consumer.name}-c2`, {
      consumer,
      provider: c2,
      ingress,
      domain: 'cluster2',
      callers: Callers.namespaces('foo'),
      ...peering,
    });
  const httpbin = c2.service('httpbin', { namespace: 'bar', ports: [Port.http(8000)] });
  return { c1, c2, httpbin, peer, mesh };
}

/** Nobody, own callers, several ports, another port than the service's, subsets, all protocols. */
export function everything(fleet: Fleet): void {
  const { c1, c2, httpbin, peer } = clusters(fleet);
  const peering = peer(c1);
  const sleep = c1.principal('foo/sleep');
  const only = [Access.http({ from: [sleep] })];
  const bytes = [Access.tcp({ from: [sleep] })];
  const service = <P extends Protocol>(name: string, port: Port<P>) =>
    c2.service(name, { namespace: 'bar', ports: [port] });
  peering.expose(httpbin, { allow: only });
  // the two meshes have one trust domain: an identity of one is one of the other, so rules name it, too
  const local = c2.principal('bar/local');
  peering.expose(service('opened', Port.http(8000)), {
    allow: [Access.http({ methods: ['GET'], paths: ['/public/*'], from: [sleep, local] })],
    alsoFrom: [local],
  });
  peering.expose(service('locked', Port.http(8000)), { allow: [] });
  peering.expose(service('moved', Port.http(8000, { targetPort: 18000 })), { allow: only, port: 80 });
  peering.expose(service('h2', Port.http2(8000)), { allow: only });
  peering.expose(service('secure', Port.tls(443, { targetPort: 8443 })), { allow: bytes });
  // its pods run as another account
  peering.expose(service('renamed', Port.http(8000)), { allow: only, serviceAccounts: ['somebody'] });
  const multi = c2.service('multi', {
    namespace: 'bar',
    ports: [Port.http(8001, { name: 'http-a' }), Port.http(8002, { name: 'http-b' }), Port.tcp(9000)],
  });
  peering.expose(multi.at(Port.http(8001)), { allow: only });
  peering.expose(multi.at(Port.tcp(9000)), { allow: bytes });
  const reviews = c2.service('reviews', {
    namespace: 'bar',
    ports: [Port.http(9080, { targetPort: 19080 })],
    subsets: { v2: { version: 'v2' } },
  });
  peering.expose(reviews, { allow: only, subset: 'v2' });
}

/** The gateway is reached by a node of its cluster; names are dialled by rules alone, through an alias. */
export function nodePort(fleet: Fleet): void {
  const { c1, httpbin, peer } = clusters(fleet, {
    address: Address.nodePort({ nodes: ['10.44.2.1'], port: 32001 }),
    controlPlanes: { c1: { dnsCapture: false } },
    peering: { names: 'rulesOnly' },
  });
  const remote = peer(c1).expose(httpbin, { allow: [Access.http({ from: [c1.principal('foo/sleep')] })] });
  const alias = c1.alias('httpbin', { namespace: 'foo', port: Port.http(80) });
  new Routing(c1, 'httpbin', { host: alias, rules: [Rule.otherwise().to(remote)] });
}

/** One root, two trust domains. */
export function trustDomains(fleet: Fleet, ofProvider: ControlPlaneOptions, from: string[]): void {
  const { c1, c2, httpbin, peer } = clusters(fleet, {
    trustDomains: { c1: 'c1.local', c2: 'c2.local' },
    controlPlanes: { c2: ofProvider },
  });
  const any = c2.service('any', { namespace: 'bar', ports: [Port.http(8000)] });
  const peering = peer(c1);
  peering.expose(httpbin, { allow: [Access.http({ from })] });
  peering.expose(any, { allow: [Access.http()] });
}

/** Two consumers of one service, one of them cancelled. */
export function consumers(fleet: Fleet, ...names: ('c1' | 'c3')[]): void {
  const { c1, httpbin, peer, mesh } = clusters(fleet);
  const c3 = mesh('c3');
  c3.namespace('foo', { create: true });
  const account = { c1: 'foo/sleep', c3: 'foo/three' };
  for (const consumer of [c1, c3]) {
    const name = consumer.name as 'c1' | 'c3';
    if (names.includes(name)) {
      peer(consumer).expose(httpbin, { allow: [Access.http({ from: [consumer.principal(account[name])] })] });
    }
  }
}

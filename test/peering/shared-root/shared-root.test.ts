import { Access, Callers, Fleet, Port, Routing, Rule, SharedRootPeering } from '../../../lib';
import { cancellingLeavesOthers, namesAreUnique } from '../../support/assertions';
import { messageOf, objectsOf, synth } from '../../support/model';
import { eastWest, member, SHA, twoMeshes } from './shared-root';

const SLEEP = 'cluster.local/ns/foo/sa/sleep';
const allow = [Access.http({ from: [SLEEP] })];

const at = (cluster: string, build: (fleet: Fleet) => void) => objectsOf(build, cluster);

const http = (fleet: Fleet) => {
  const { peering, httpbin } = twoMeshes(fleet);
  return peering.expose(httpbin.at(Port.http(8000)), { allow });
};

test('consumer: a host of the mesh at a virtual IP, led to the gateway, to one identity, by mTLS', () => {
  const written = at('c1', http);
  expect(written.one('ServiceEntry')).toMatchObject({
    metadata: { name: 'p.httpbin.bar.cluster2', namespace: 'foo' },
    spec: {
      hosts: ['httpbin.bar.cluster2'],
      exportTo: ['.'],
      location: 'MESH_INTERNAL',
      resolution: 'STATIC',
      addresses: ['240.5.236.81'],
      subjectAltNames: ['spiffe://cluster.local/ns/bar/sa/httpbin'],
      ports: [{ number: 8000, name: 'http-8000', protocol: 'HTTP' }],
      endpoints: [
        { address: '192.0.2.2', ports: { 'http-8000': 15443 }, labels: { 'security.istio.io/tlsMode': 'istio' } },
      ],
    },
  });
  expect(written.one('DestinationRule')).toMatchObject({
    metadata: { name: 'p.httpbin.bar.cluster2', namespace: 'foo' },
    spec: {
      host: 'httpbin.bar.cluster2',
      exportTo: ['.'],
      trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } },
    },
  });
});

test('provider: exactly the host is passed on, to where its SNI leads; the workload decides by identity', () => {
  const written = at('c2', http);
  expect(written.one('Gateway').spec).toEqual({
    selector: { istio: 'eastwest' },
    servers: [
      {
        port: { number: 15443, name: 'tls', protocol: 'TLS' },
        hosts: ['httpbin.bar.cluster2'],
        tls: { mode: 'AUTO_PASSTHROUGH' },
      },
    ],
  });
  expect(written.one('ServiceEntry')).toMatchObject({
    metadata: { name: 'eastwest.httpbin.bar.cluster2', namespace: 'istio-system' },
    spec: {
      hosts: ['httpbin.bar.cluster2'],
      exportTo: ['.'],
      location: 'MESH_INTERNAL',
      resolution: 'DNS',
      ports: [{ number: 8000, name: 'http-8000', protocol: 'HTTP' }],
      endpoints: [
        {
          address: 'httpbin.bar.svc.cluster.local',
          ports: { 'http-8000': 8000 },
          labels: { 'security.istio.io/tlsMode': 'istio' },
        },
      ],
    },
  });
  expect(written.one('AuthorizationPolicy')).toMatchObject({
    metadata: { name: 'p.bar.httpbin.8000.workload', namespace: 'bar' },
    spec: {
      selector: { matchLabels: { app: 'httpbin' } },
      action: 'ALLOW',
      rules: [{ from: [{ source: { principals: [SLEEP] } }], to: [{ operation: { ports: ['8000'] } }] }],
    },
  });
});

test('Argo CD lets nobody in before the policy is there, and removes the policy last', () => {
  const written = at('c2', http);
  expect(written.one('Gateway').metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '1' });
  expect(written.one('AuthorizationPolicy').metadata.annotations).toEqual({
    'argocd.argoproj.io/sync-options': 'PruneLast=true',
  });
});

test('several ports of a service share its host, whatever their order', () => {
  const program =
    (...ports: Port[]) =>
    (fleet: Fleet) => {
      const { peering, httpbin } = twoMeshes(fleet);
      for (const port of ports) {
        const access = port.protocol === 'tcp' ? Access.tcp({ from: [SLEEP] }) : Access.http({ from: [SLEEP] });
        peering.expose(httpbin.at(port as never), { allow: [access] });
      }
    };
  const all = [Port.http(8000), Port.http2(8001), Port.tcp(9000)];
  const written = synth(program(...all));
  expect(synth(program(...all.reverse()))).toEqual(written);
  for (const cluster of ['c1', 'c2']) {
    const entry = at(cluster, program(...all)).one('ServiceEntry').spec as { ports: unknown; endpoints: unknown };
    expect(entry.ports).toEqual([
      { number: 8000, name: 'http-8000', protocol: 'HTTP' },
      { number: 8001, name: 'http2-8001', protocol: 'HTTP2' },
      { number: 9000, name: 'tcp-9000', protocol: 'TCP' },
    ]);
    const target = (own: number) => (cluster === 'c1' ? 15443 : own);
    expect(entry.endpoints).toMatchObject([
      { ports: { 'http-8000': target(8000), 'http2-8001': target(8001), 'tcp-9000': target(9000) } },
    ]);
  }
  namesAreUnique(program(...all));
  expect(at('c2', program(...all)).find('AuthorizationPolicy')).toHaveLength(3);
});

test('another port than that of the service is dialled, and is in the SNI', () => {
  const program = (fleet: Fleet) => {
    const { peering, httpbin } = twoMeshes(fleet);
    peering.expose(httpbin.at(Port.http(8000)), { allow, port: 80 });
  };
  expect(at('c1', program).one('ServiceEntry').spec).toMatchObject({
    ports: [{ number: 80, name: 'http-80' }],
    endpoints: [{ ports: { 'http-80': 15443 } }],
  });
  expect(at('c2', program).one('ServiceEntry').spec).toMatchObject({
    ports: [{ number: 80, name: 'http-80' }],
    endpoints: [{ ports: { 'http-80': 8000 } }],
  });
});

test('a subset has a host of its own, which leads to its pods', () => {
  const program = (fleet: Fleet) => {
    const { peering } = twoMeshes(fleet);
    const service = (peering.provider as ReturnType<typeof eastWest>['provider']).service('reviews', {
      namespace: 'bar',
      ports: [Port.http(80, { targetPort: 8080 })],
      subsets: { v1: { version: 'v1' } },
      pods: { app: 'reviews', tier: 'front' },
    });
    peering.expose(service, { allow, subset: 'v1' });
  };
  expect(at('c1', program).one('ServiceEntry').spec).toMatchObject({ hosts: ['v1.reviews.bar.cluster2'] });
  expect(at('c2', program).one('ServiceEntry')).toMatchObject({
    metadata: { namespace: 'bar' },
    spec: {
      hosts: ['v1.reviews.bar.cluster2'],
      exportTo: ['istio-system'],
      resolution: 'STATIC',
      ports: [{ number: 80, targetPort: 8080, name: 'http-80' }],
      workloadSelector: { labels: { app: 'reviews', tier: 'front', version: 'v1' } },
    },
  });
});

test('in-mesh callers go on calling with alsoFrom; where meshes share identities, an access rule names them, too', () => {
  const local = 'cluster.local/ns/bar/sa/local';
  const program = (allow: Access[]) => (fleet: Fleet) => {
    const { peering, httpbin } = twoMeshes(fleet);
    peering.expose(httpbin.at(Port.http(8000)), { allow, alsoFrom: [local] });
  };
  expect(at('c2', program([Access.http({ from: [local] })])).one('AuthorizationPolicy').spec).toMatchObject({
    action: 'ALLOW',
    rules: [{ from: [{ source: { principals: [local] } }] }, { from: [{ source: { principals: [local] } }] }],
  });
  for (const allow of [[], [Access.http({ from: ['cluster.local/ns/foo/sa/sleep'] })]]) {
    expect(messageOf(() => program(allow)(new Fleet()))).toMatch(
      /^MESH1132 \S+: alsoFrom names 'cluster.local\/ns\/bar\/sa\/local' of c2, and c1 shares the trust domain, so its workloads of that identity could call as well; name it in an access rule, too, if that is meant, or give the meshes trust domains of their own$/,
    );
  }
});

test('two consumers share the host at the gateway; cancelling one leaves the objects of the other', () => {
  const program =
    (...names: string[]) =>
    (fleet: Fleet) => {
      const { provider, ingress, httpbin } = eastWest(fleet);
      for (const name of names) {
        new SharedRootPeering(fleet, `${name}-c2`, {
          consumer: member(fleet, name),
          provider,
          ingress,
          callers: Callers.namespaces('foo'),
        }).expose(httpbin.at(Port.http(8000)), { allow });
      }
    };
  namesAreUnique(program('c1', 'c3'));
  expect(cancellingLeavesOthers(program('c1', 'c3'), program('c3')).sort()).toEqual([
    'AuthorizationPolicy bar/c1-c2.bar.httpbin.8000.workload @c2',
    'DestinationRule foo/c1-c2.httpbin.bar.c2 @c1',
    'ServiceEntry foo/c1-c2.httpbin.bar.c2 @c1',
  ]);
});

test('an exposure is a destination of rules', () => {
  const written = objectsOf((fleet) => {
    const { consumer, peering, httpbin } = twoMeshes(fleet);
    const local = consumer.service('httpbin', { namespace: 'foo', ports: [Port.http(8000)] });
    const remote = peering.expose(httpbin.at(Port.http(8000)), { allow });
    new Routing(consumer, 'httpbin', {
      host: local,
      rules: [Rule.otherwise().to({ weight: 75, to: local }, { weight: 25, to: remote })],
    });
  });
  expect(written.one('VirtualService').spec).toEqual({
    hosts: ['httpbin.foo.svc.cluster.local'],
    http: [
      {
        route: [
          { destination: { host: 'httpbin.foo.svc.cluster.local', port: { number: 8000 } }, weight: 75 },
          { destination: { host: 'httpbin.bar.cluster2', port: { number: 8000 } }, weight: 25 },
        ],
      },
    ],
  });
});

test('fleet.json and the contract say what both sides agree on', () => {
  const files = synth(http);
  expect(JSON.parse(files['fleet.json']).peerings).toMatchObject([
    { strategy: 'SharedRootPeering', tls: 'mesh', exposures: [{ host: 'httpbin.bar.cluster2' }] },
  ]);
  const root = { name: 'shared-root', sha256: [SHA] };
  expect(JSON.parse(files['contracts/p.json'])).toMatchObject({
    common: { roots: { consumer: root, provider: root } },
    exposures: [
      {
        key: 'bar/httpbin:8000',
        host: 'httpbin.bar.cluster2',
        port: 8000,
        endpoint: { port: 15443, addresses: ['192.0.2.2'] },
        servers: ['spiffe://cluster.local/ns/bar/sa/httpbin'],
        access: [{ kind: 'http', from: [SLEEP] }],
      },
    ],
  });
});

import type { ControlPlane } from '../../../lib/verify/control-plane';
import type { ProxyView } from '../../../lib/verify/view/proxy';
import type { VirtualHost } from '../../../lib/verify/view/types';
import { deployment, gatewayDeployment, istio, namespace, planeOf, service, workloadOf } from '../support/world';

const proxy = (plane: ControlPlane, id: string): ProxyView => plane.proxy(workloadOf(plane, id));

const http = '{ name: http, port: 80, targetPort: 8080 }';
const base = namespace('a') + deployment('a/client') + namespace('b') + deployment('b/web') + service('b/web', http);
const rule = (spec: string, metadata = '') => istio('VirtualService', 'b/r', spec, metadata);
const clusters = (host: VirtualHost | undefined) =>
  host?.routes.flatMap((route) => (route.clusters ?? []).map(({ cluster }) => cluster));

describe('virtual hosts', () => {
  test('a service answers to its short forms, as far as the namespace knows them', () => {
    const view = proxy(planeOf(base), 'a/client');
    for (const host of ['web.b', 'web.b.svc', 'web.b.svc.cluster.local', 'web.b.svc.cluster.local.', 'WEB.b:80']) {
      expect(view.virtualHost('80', host)?.name).toBe('web.b.svc.cluster.local:80');
    }
    expect(view.virtualHost('80', 'web')?.name).toBe('allow_any');
  });

  test('of two VirtualServices for a host the older one counts alone', () => {
    const aged = (name: string, to: string, created: string) =>
      istio(
        'VirtualService',
        `b/${name}`,
        `hosts: [web]\nhttp: [{ route: [{ destination: { host: ${to} } }] }]`,
        `, creationTimestamp: ${created}`,
      );
    const yaml = aged('a', 'young.example', '2026-01-02T00:00:00Z') + aged('z', 'old.example', '2026-01-01T00:00:00Z');
    expect(clusters(proxy(planeOf(base + yaml), 'a/client').virtualHost('80', 'web.b'))).toEqual([
      'outbound|80||old.example',
    ]);
  });

  test('a host of a VirtualService that is no service is known on port 80 only', () => {
    const unknown = rule('hosts: [nobody.example]\nhttp: [{ route: [{ destination: { host: web } }] }]');
    const view = proxy(planeOf(base + unknown + service('b/other', '{ name: http, port: 8080 }')), 'a/client');
    expect(view.virtualHost('80', 'nobody.example')?.name).toBe('nobody.example:80');
    expect(view.virtualHost('8080', 'nobody.example')?.name).toBe('allow_any');
  });

  test('a destination that is not on the listener has the port of the listener', () => {
    const other = rule('hosts: [web]\nhttp: [{ route: [{ destination: { host: other.b.svc.cluster.local } }] }]');
    const view = proxy(planeOf(base + other + service('b/other', '{ name: http, port: 8080 }')), 'a/client');
    expect(clusters(view.virtualHost('80', 'web.b'))).toEqual(['outbound|80||other.b.svc.cluster.local']);
  });

  test('matches for other callers, gateways and ports are left out', () => {
    const route = (match: string, to: string) => `- match: [${match}]\n  route: [{ destination: { host: ${to} } }]`;
    const routes = [
      route('{ sourceLabels: { app: other } }', 'labels.example'),
      route('{ sourceNamespace: b }', 'namespace.example'),
      route('{ gateways: [gw] }', 'gateway.example'),
      route('{ port: 81 }', 'port.example'),
      route('{ sourceLabels: { app: client }, sourceNamespace: a, port: 80 }', 'mine.example'),
    ];
    const all = rule(`hosts: [web]\ngateways: [mesh, gw]\nhttp:\n${routes.join('\n')}`);
    expect(clusters(proxy(planeOf(base + all), 'a/client').virtualHost('80', 'web.b'))).toEqual([
      'outbound|80||mine.example',
    ]);
  });
});

test('a port of UDP is none of a service, also where another service of the host is younger', () => {
  const udp = istio(
    'ServiceEntry',
    'b/zz',
    'hosts: [web.b.svc.cluster.local]\nports: [{ number: 80, name: u, protocol: UDP }]\nresolution: NONE',
    ', creationTimestamp: 2026-01-02T00:00:00Z',
  );
  const table = proxy(planeOf(base + udp), 'b/web').outboundTable('80');
  expect(table.map(({ name }) => name)).toContain('web.b.svc.cluster.local:80');
});

describe('outbound listeners', () => {
  const entry = (id: string, protocol: string, more = '') =>
    istio(
      'ServiceEntry',
      id,
      `hosts: [${id.replace('/', '.')}.example]\nresolution: STATIC\nports: [{ number: 9000, name: p, protocol: ${protocol} }]\n${more}`,
    );

  test('HTTP ports share one address, TCP ports have the address of their service', () => {
    const yaml = entry('b/tcp', 'TCP', 'addresses: [240.0.0.1]') + entry('b/http', 'HTTP');
    const view = proxy(planeOf(base + yaml), 'a/client');
    expect(view.outboundListener('1.2.3.4', 9000).name).toBe('0.0.0.0_9000');
    expect(view.outboundListener('240.0.0.1', 9000).name).toBe('240.0.0.1_9000');
    expect(view.outboundListener('1.2.3.4', 9999).name).toBe('virtualOutbound');
  });

  test('TLS of several hosts on one address is told apart by SNI', () => {
    const view = proxy(planeOf(base + entry('b/one', 'TLS') + entry('b/two', 'TLS')), 'a/client');
    expect(view.outboundListener('1.2.3.4', 9000).chains.map(({ sni }) => sni)).toEqual([
      ['b.one.example'],
      ['b.two.example'],
    ]);
  });

  test('a block of addresses is a match on the shared address', () => {
    const view = proxy(planeOf(base + entry('b/net', 'TCP', 'addresses: [240.1.0.0/16]')), 'a/client');
    expect(view.outboundListener('240.1.2.3', 9000).chains.map(({ prefixes }) => prefixes)).toEqual([['240.1.0.0/16']]);
  });

  // listener.go: buildSidecarOutboundListeners
  test('that capture nothing bind to the loopback address', () => {
    const bound = istio('Sidecar', 'a/s', 'egress: [{ hosts: ["*/*"], captureMode: NONE }]');
    const view = proxy(planeOf(base + bound), 'a/client');
    expect([...view.outboundEntries(80).keys()]).toEqual(['127.0.0.1:80']);
    expect(view.outboundListener('1.2.3.4', 80).name).toBe('virtualOutbound');
  });

  // push_context.go: initServiceRegistry (instancesByPort)
  test('of a host without resolution are where a Service of that name has its pods', () => {
    const ports = 'ports: [{ number: 80, name: p1, protocol: TCP }]';
    const plane = planeOf(
      base + istio('ServiceEntry', 'b/z', `hosts: [web.b.svc.cluster.local]\nresolution: NONE\n${ports}`),
    );
    const { registry } = plane;
    const entryOfHost = registry.services.find(({ from }) => from.name === 'z');
    const pod = workloadOf(plane, 'b/web');
    expect(entryOfHost && registry.instances(entryOfHost, 80).map(({ address }) => address)).toEqual([pod.ip]);
    expect(entryOfHost && registry.endpoints(entryOfHost, 80)).toEqual([]);
  });
});

describe('clusters', () => {
  const external = (resolution: string, more = '') =>
    istio(
      'ServiceEntry',
      'b/x',
      `hosts: [x.example]\nresolution: ${resolution}\nlocation: MESH_INTERNAL\nports: [{ number: 80, name: http, protocol: HTTP, targetPort: 8080 }]${more}`,
    );
  const policy = (spec: string) => istio('DestinationRule', 'a/r', `host: x.example\n${spec}`);
  const cluster = (yaml: string, name = 'outbound|80||x.example') =>
    proxy(planeOf(base + yaml), 'a/client').cluster(name);

  test('are not sent for a DNS name without endpoints', () => {
    const none = '\nworkloadSelector: { labels: { app: nobody } }';
    expect(cluster(external('DNS', none))).toBeUndefined();
    expect(cluster(external('STATIC', none))?.endpoints.flat()).toEqual([]);
  });

  test('of a subset need its name in the rule, and keep its labels', () => {
    const endpoints = '\nendpoints: [{ address: 1.1.1.1, labels: { v: one } }, { address: 1.1.1.2 }]';
    const yaml = external('STATIC', endpoints) + policy('subsets: [{ name: one, labels: { v: one } }]');
    const addresses = cluster(yaml, 'outbound|80|one|x.example')
      ?.endpoints.flat()
      .map(({ address }) => address);
    expect(addresses).toEqual(['1.1.1.1']);
    expect(cluster(yaml, 'outbound|80|two|x.example')).toBeUndefined();
  });

  // cluster_builder.go: buildSubsetCluster
  test('of a subset go to the dialled address where the subset says so, whatever its port says', () => {
    const balancers =
      'loadBalancer: { simple: PASSTHROUGH }, portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: RANDOM } }]';
    const yaml = external('STATIC') + policy(`subsets: [{ name: one, trafficPolicy: { ${balancers} } }]`);
    expect(cluster(yaml, 'outbound|80|one|x.example')?.type).toBe('ORIGINAL_DST');
    expect(cluster(yaml)?.type).toBe('EDS');
  });

  test('settings of a port replace those of the rule as a whole', () => {
    const settings = 'tls: { mode: SIMPLE }, portLevelSettings: [{ port: { number: 80 }, outlierDetection: {} }]';
    const found = cluster(external('DNS') + policy(`trafficPolicy: { ${settings} }`));
    expect([found?.tls, found?.ejectsOutliers]).toEqual([undefined, true]);
  });

  test('a sidecar uses a Secret only where the rule selects it', () => {
    const tls = 'trafficPolicy: { tls: { mode: SIMPLE, credentialName: ca } }';
    const selecting = `${tls}\nworkloadSelector: { matchLabels: { app: client } }`;
    expect(cluster(external('DNS') + policy(tls))?.tls).toBeUndefined();
    expect(cluster(external('DNS') + policy(selecting))?.tls?.credential).toBe('ca');
  });

  test('mTLS comes by itself to endpoints that say they take it, unless the namespace turned it off', () => {
    const off = istio('PeerAuthentication', 'b/default', 'mtls: { mode: DISABLE }');
    const name = 'outbound|80||web.b.svc.cluster.local';
    expect(cluster('', name)?.autoTls?.subjectAltNames).toEqual(['spiffe://cluster.local/ns/b/sa/web']);
    expect(cluster(off, name)?.autoTls).toBeUndefined();
  });

  test('only the original destination takes the target port of a host without resolution', () => {
    const plane = planeOf(base + external('NONE') + gatewayDeployment('gw/egress', 'egress'));
    const name = 'outbound|80||x.example';
    expect(proxy(plane, 'a/client').cluster(name)).toMatchObject({ type: 'ORIGINAL_DST', portOverride: 8080 });
    expect(proxy(plane, 'gw/egress').cluster(name)).not.toHaveProperty('portOverride');
  });

  test('priorities need outlier detection', () => {
    const endpoints =
      '\nendpoints: [{ address: 1.1.1.1, locality: far/a }, { address: 1.1.1.2, locality: c1/c1-a }, { address: 1.1.1.3, locality: near/a }]';
    const addresses = (yaml: string) =>
      cluster(external('STATIC', endpoints) + yaml)?.endpoints.map((group) => group.map(({ address }) => address));
    expect(addresses('')).toEqual([['1.1.1.1', '1.1.1.2', '1.1.1.3']]);
    expect(addresses(policy('trafficPolicy: { outlierDetection: {} }'))).toEqual([['1.1.1.2'], ['1.1.1.1', '1.1.1.3']]);
    const failover = 'loadBalancer: { localityLbSetting: { failover: [{ from: c1, to: near }] } }';
    expect(addresses(policy(`trafficPolicy: { outlierDetection: {}, ${failover} }`))).toEqual([
      ['1.1.1.2'],
      ['1.1.1.3'],
      ['1.1.1.1'],
    ]);
  });

  test('other networks are reached through their gateway, with mTLS only', () => {
    const gateway = `---\napiVersion: v1\nkind: Service\nmetadata: { name: ew, namespace: istio-system, labels: { topology.istio.io/network: far } }\nspec: { type: LoadBalancer, loadBalancerIP: 10.9.9.9, ports: [{ port: 15443 }] }\n`;
    const mtls = 'labels: { security.istio.io/tlsMode: istio }';
    const endpoints = `\nendpoints: [{ address: 1.1.1.1, network: far, ${mtls} }, { address: 1.1.1.2, network: far }, { address: 1.1.1.3 }]`;
    const found = cluster(external('STATIC', endpoints) + gateway)?.endpoints.flat();
    expect(found?.map(({ address, port }) => `${address}:${port}`)).toEqual(['10.9.9.9:15443', '1.1.1.3:8080']);
  });
});

describe('inbound', () => {
  const chains = (yaml: string) =>
    proxy(planeOf(base + yaml), 'b/web')
      .inboundListener()
      .chains.filter(({ destinationPort }) => destinationPort === 8080)
      .map(({ transport, tls }) => `${transport}${tls ? ' mTLS' : ''}`);
  const authentication = (id: string, spec: string) => istio('PeerAuthentication', id, spec);

  test('takes both by default, and what the narrowest policy says', () => {
    expect(chains('')).toEqual(['tls mTLS', 'raw_buffer']);
    expect(chains(authentication('istio-system/default', 'mtls: { mode: STRICT }'))).toEqual(['tls mTLS']);
    const ofWorkload =
      'selector: { matchLabels: { app: web } }\nmtls: { mode: STRICT }\nportLevelMtls: { "8080": { mode: DISABLE } }';
    expect(chains(authentication('b/web', ofWorkload))).toEqual(['raw_buffer']);
  });

  test('a policy with a selector in the root namespace is ignored', () => {
    const selecting = 'selector: { matchLabels: { app: web } }\nmtls: { mode: STRICT }';
    expect(chains(authentication('istio-system/web', selecting))).toEqual(['tls mTLS', 'raw_buffer']);
  });
});

describe('EnvoyFilter', () => {
  const filter = (patch: string) =>
    istio(
      'EnvoyFilter',
      'b/f',
      `workloadSelector: { labels: { app: web } }\nconfigPatches:\n- applyTo: HTTP_FILTER\n  match: { context: SIDECAR_INBOUND }\n  patch: ${patch}`,
    );
  const type = '"@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC';
  const rbac = `{ name: r, typed_config: { ${type}, rules: { policies: { p: { permissions: [{ any: true }], principals: [{ any: true }] } } } } }`;

  test('adds RBAC to every HTTP chain', () => {
    const view = proxy(planeOf(base + filter(`{ operation: INSERT_BEFORE, value: ${rbac} }`)), 'b/web');
    for (const chain of view.inboundListener().chains) expect(chain.rbac.length).toBe(chain.http ? 1 : 0);
  });

  test('that puts a filter behind the last one, or without type, is refused by Envoy', () => {
    const refused = (patch: string) => proxy(planeOf(base + filter(patch)), 'b/web').inboundListener().refused?.why;
    expect(refused(`{ operation: ADD, value: ${rbac} }`)).toBe('a filter after envoy.filters.http.router');
    expect(refused('{ operation: INSERT_BEFORE, value: { name: r, config: {} } }')).toBe(
      'filter r has no typed_config',
    );
  });

  test('that does something else is named as not modelled', () => {
    const patches = 'configPatches: [{ applyTo: CLUSTER, patch: { operation: MERGE, value: {} } }]';
    const [found] = proxy(planeOf(base + istio('EnvoyFilter', 'b/f', patches)), 'b/web').unmodelled;
    expect([found.object, found.field]).toEqual(['EnvoyFilter b/f @c1', 'spec.configPatches[0]']);
  });

  test.each(['[null]', 'all', '[{ or_rules: { rules: [5] } }]'])(
    'with permissions that are no messages: %s',
    (list) => {
      const broken = rbac.replace('[{ any: true }]', list);
      const [found] = proxy(
        planeOf(base + filter(`{ operation: INSERT_BEFORE, value: ${broken} }`)),
        'b/web',
      ).unmodelled;
      expect([found.object, found.field]).toEqual(['EnvoyFilter b/f @c1', 'spec.configPatches[0]']);
    },
  );
});

import type { ControlPlane } from '../../../lib/verify/control-plane';
import { deployment, gatewayDeployment, istio, namespace, planeOf, service, workloadOf } from '../support/world';

const scopeOf = (plane: ControlPlane, id: string) => plane.scopeOf(workloadOf(plane, id));

const hosts = (plane: ControlPlane, id: string) =>
  scopeOf(plane, id)
    .services.map(({ hostname }) => hostname)
    .filter((host) => !/^(kubernetes\.default|istiod)/.test(host));

const http = '{ name: http, port: 80, targetPort: 8080 }';
const base =
  namespace('a') + deployment('a/client') + service('a/client', http) + service('b/web', http) + service('c/web', http);

const external = (id: string, more = '') =>
  istio(
    'ServiceEntry',
    id,
    `hosts: [x.example]\nresolution: DNS\nports: [{ number: 80, name: http, protocol: HTTP }]${more}`,
  );

describe('visibility', () => {
  test('a service is seen where it is exported to', () => {
    const plane = planeOf(base + external('b/own', '\nexportTo: ["."]') + external('c/named', '\nexportTo: [a]'));
    expect(scopeOf(plane, 'a/client').byHost.get('x.example')?.namespace).toBe('c');
  });

  test('what the mesh exports by default counts where nothing is stated', () => {
    const plane = planeOf(base, { meshConfig: { defaultServiceExportTo: ['.'] } });
    expect(hosts(plane, 'a/client')).toEqual(['client.a.svc.cluster.local']);
  });

  // sidecar.go: collectImportedServices
  test('a destination of a VirtualService of the own namespace is imported whatever its exportTo', () => {
    const rule = istio(
      'VirtualService',
      'a/r',
      'hosts: [new.example]\nhttp: [{ route: [{ destination: { host: client } }] }]',
    );
    const plane = planeOf(base + rule, { meshConfig: { defaultServiceExportTo: ['~'] } });
    expect(hosts(plane, 'a/client')).toEqual(['client.a.svc.cluster.local']);
  });
});

describe('a Sidecar', () => {
  const sidecar = (spec: string, id = 'a/s') => istio('Sidecar', id, spec);

  test('narrows services to its hosts', () => {
    expect(hosts(planeOf(base + sidecar('egress: [{ hosts: ["./*", "b/*"] }]')), 'a/client')).toEqual([
      'client.a.svc.cluster.local',
      'web.b.svc.cluster.local',
    ]);
  });

  test('excludes with ~', () => {
    const plane = planeOf(base + sidecar('egress: [{ hosts: ["*/*", "~b/*", "~/*.c.svc.cluster.local"] }]'));
    expect(hosts(plane, 'a/client')).toEqual(['client.a.svc.cluster.local']);
  });

  test('with a selector comes before that of the namespace, and that before the root namespace', () => {
    const own = sidecar('workloadSelector: { labels: { app: client } }\negress: [{ hosts: ["b/*"] }]', 'a/own');
    const ofNamespace = sidecar('egress: [{ hosts: ["c/*"] }]', 'a/all');
    const ofMesh = sidecar('egress: [{ hosts: ["./*"] }]', 'istio-system/all');
    const found = (yaml: string) => hosts(planeOf(base + yaml), 'a/client')[0];
    expect(found(own + ofNamespace + ofMesh)).toBe('web.b.svc.cluster.local');
    expect(found(ofNamespace + ofMesh)).toBe('web.c.svc.cluster.local');
    expect(found(ofMesh)).toBe('client.a.svc.cluster.local');
  });

  test('narrows a service to the port of its listener', () => {
    const two = service('b/two', `${http}, { name: tcp, port: 90 }`);
    const plane = planeOf(
      base + two + sidecar('egress: [{ port: { number: 90, protocol: TCP, name: t }, hosts: ["b/*"] }]'),
    );
    expect(
      scopeOf(plane, 'a/client')
        .byHost.get('two.b.svc.cluster.local')
        ?.ports.map(({ port }) => port),
    ).toEqual([90]);
  });

  test('imports where a VirtualService leads, with the ports that it names', () => {
    const two = service('c/two', `${http}, { name: tcp, port: 90 }`);
    const to = '{ destination: { host: two.c.svc.cluster.local, port: { number: 80 } } }';
    const rule = istio('VirtualService', 'b/r', `hosts: [web.b.svc.cluster.local]\nhttp: [{ route: [${to}] }]`);
    const plane = planeOf(base + two + rule + sidecar('egress: [{ hosts: ["b/*"] }]'));
    expect(
      scopeOf(plane, 'a/client')
        .byHost.get('two.c.svc.cluster.local')
        ?.ports.map(({ port }) => port),
    ).toEqual([80]);
  });

  test('that states a policy without a mode blocks unknown hosts', () => {
    const mode = (yaml: string) => scopeOf(planeOf(base + yaml), 'a/client').unknownHosts.mode;
    expect(mode(sidecar('outboundTrafficPolicy: {}'))).toBe('REGISTRY_ONLY');
    expect(mode('')).toBe('ALLOW_ANY');
  });
});

// sidecar.go: pickBestVisibleNamespace, pickFirstVisibleNamespace
test('which service of another namespace a destination means changed with Istio 1.30', () => {
  const rule = istio(
    'VirtualService',
    'a/r',
    'hosts: [client]\nhttp: [{ route: [{ destination: { host: x.example } }] }]',
  );
  const aged = (id: string, created: string) =>
    external(id).replace(/namespace: (\w+)/, `namespace: $1, creationTimestamp: ${created}`);
  const yaml = base + rule + aged('b/x', '2026-01-02T00:00:00Z') + aged('c/x', '2026-01-01T00:00:00Z');
  const only = istio('Sidecar', 'a/s', 'egress: [{ hosts: ["./*"] }]');
  const found = (version: string) =>
    scopeOf(planeOf(yaml + only, { istio: version }), 'a/client').byHost.get('x.example')?.namespace;
  expect(found('1.31')).toBe('c');
  expect(found('1.24')).toBe('b');
});

test('namespaces without Sidecar share what they see, as long as all see the same', () => {
  const yaml = base + namespace('b') + deployment('b/other');
  const lists = (plane: ControlPlane) => ['a/client', 'b/other'].map((id) => scopeOf(plane, id).egress);
  const [left, right] = lists(planeOf(yaml));
  expect(left).toBe(right);
  const [mine, its] = lists(planeOf(yaml + external('b/own', '\nexportTo: ["."]')));
  expect(mine).not.toBe(its);
});

describe('DestinationRules', () => {
  const rule = (id: string, spec: string) => istio('DestinationRule', id, `host: x.example\n${spec}`);
  const subsets = (yaml: string) => {
    const found = scopeOf(planeOf(base + external('b/x') + yaml), 'a/client').rule('x.example', { app: 'client' });
    return (found?.spec.subsets ?? []).map(({ name }) => name);
  };
  const named = (name: string) => `subsets: [{ name: ${name} }]`;

  test("of the client's namespace come before those of the service's, and those before the root namespace", () => {
    expect(subsets(rule('a/r', named('client')) + rule('b/r', named('service')))).toEqual(['client']);
    expect(subsets(rule('b/r', named('service')) + rule('istio-system/r', named('root')))).toEqual(['service']);
    expect(subsets(rule('istio-system/r', named('root')))).toEqual(['root']);
  });

  test('of one host are merged only where their exportTo is the same', () => {
    expect(subsets(rule('a/r', named('one')) + rule('a/s', named('two')))).toEqual(['one', 'two']);
    expect(subsets(rule('a/r', named('one')) + rule('a/s', `${named('two')}\nexportTo: ["."]`))).toEqual(['two']);
  });

  test('that select workloads come first for these', () => {
    const selecting = rule('a/z', `${named('mine')}\nworkloadSelector: { matchLabels: { app: client } }`);
    expect(subsets(rule('a/r', named('all')) + selecting)).toEqual(['mine']);
  });
});

describe('delegates', () => {
  const root = istio(
    'VirtualService',
    'a/root',
    'hosts: [web.b.svc.cluster.local]\nhttp: [{ match: [{ uri: { prefix: /a } }], delegate: { name: leaf } }]',
  );
  const leaf = (match: string) =>
    istio(
      'VirtualService',
      'a/leaf',
      `http:\n- match: [${match}]\n  route: [{ destination: { host: web.c.svc.cluster.local } }]`,
    );
  const routes = (match: string) =>
    planeOf(base + root + leaf(match)).virtualServices.all.flatMap(({ http: all }) => all);

  test('bring their routes, and are named as where these stand', () => {
    const [found, ...others] = routes('{ uri: { prefix: /a/b } }');
    expect([found.field, found.from.name, found.route.match?.[0].uri]).toEqual([
      'spec.http[0]',
      'leaf',
      { prefix: '/a/b' },
    ]);
    expect(others).toEqual([]);
  });

  test('that match what the root does not are left out', () => {
    expect(routes('{ uri: { prefix: /b } }')).toEqual([]);
    expect(routes('{ uri: { regex: /a.* } }')).toEqual([]);
  });
});

test('gateways see everything that is exported to their namespace', () => {
  const narrow = istio('Sidecar', 'gw/s', 'egress: [{ hosts: ["./*"] }]');
  expect(hosts(planeOf(base + gatewayDeployment('gw/ingress', 'ingress') + narrow), 'gw/ingress')).toEqual([
    'client.a.svc.cluster.local',
    'web.b.svc.cluster.local',
    'web.c.svc.cluster.local',
  ]);
});

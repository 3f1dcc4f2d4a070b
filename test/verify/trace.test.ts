import { decidingRef } from '../../lib/verify/report/trace/deciding';
import { describeOutcome } from '../../lib/verify/run/outcome';
import { describeAmbiguity, Tracer, trace } from '../../lib/verify/trace';
import type { WorldFacts } from '../../lib/verify/world/facts';
import { deployment, gatewayDeployment, istio, namespace, service, worldOf } from './support/world';

const http = '{ name: http, port: 80, targetPort: 8080 }';
const base =
  namespace('a') + deployment('a/client', 'sleep') + namespace('b') + deployment('b/web') + service('b/web', http);

const call = (yaml: string, url: string, facts: Partial<WorldFacts> = {}, more: object = {}) =>
  trace(worldOf({ c1: base + yaml }, facts), { from: 'c1/a/client', url, ...more });

const said = (yaml: string, url: string, facts: Partial<WorldFacts> = {}) => {
  const { outcome, ways } = call(yaml, url, facts);
  const flags = ways[0].hops.map(({ flag }) => flag).filter((flag) => flag);
  return [describeOutcome(outcome), ...flags].join(' ');
};

const entry = (host: string, protocol: string, more = 'resolution: DNS') =>
  istio(
    'ServiceEntry',
    `b/${host.replace('.', '-')}`,
    `hosts: [${host}]\nports: [{ number: 80, name: p, protocol: ${protocol} }]\n${more}`,
  );
const rule = (spec: string) => istio('VirtualService', 'b/r', `hosts: [web]\nhttp: [${spec}]`);
const dns = { dns: { c1: { 'x.example': '10.9.9.9' } } };

describe('what a caller is told', () => {
  test.each([
    ['a workload that answers', '', 'http://web.b/status/418', '418'],
    ['a name that nobody has', '', 'http://nobody.b/', 'curl 6'],
    ['a port that the Service lacks', '', 'http://web.b:81/', 'curl 56 UF'],
    [
      'a route without cluster',
      rule('{ route: [{ destination: { host: web, subset: v9 } }] }'),
      'http://web.b/',
      '503 NC',
    ],
    [
      'no route that matches',
      rule('{ match: [{ uri: { prefix: /a } }], route: [{ destination: { host: web } }] }'),
      'http://web.b/b',
      '404 NR',
    ],
    [
      'an injected fault',
      rule('{ fault: { abort: { httpStatus: 418 } }, route: [{ destination: { host: web } }] }'),
      'http://web.b/',
      '418 FI',
    ],
    ['a redirect', rule('{ redirect: { uri: /x } }'), 'http://web.b/', '301'],
    [
      'no endpoint',
      deployment('b/web').replace('spec:', 'spec:\n  replicas: 0') && service('b/none', http),
      'http://none.b/',
      '503 UH',
    ],
    ['a policy that denies', istio('AuthorizationPolicy', 'b/p', '{}'), 'http://web.b/', '403'],
    [
      'a port that nothing listens on',
      service('b/wrong', '{ name: http, port: 80, targetPort: 9999 }').replace('app: wrong', 'app: web'),
      'http://wrong.b/',
      '503 UF',
    ],
  ])('%s', (_, yaml, url, expected) => {
    expect(said(yaml, url)).toBe(expected);
  });

  test('an unknown host is blocked with 502 where HTTP is known, and cut elsewhere', () => {
    const blocks = {
      meshes: { c1: { meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' as const } } } },
      ...dns,
    };
    expect(said('', 'http://x.example/', blocks)).toBe('502');
    expect(said('', 'http://x.example:9999/', blocks)).toBe('curl 56 UH');
  });

  test('clear text to a workload that takes mTLS only is reset: 503 UC, NR at the server', () => {
    const strict = istio('PeerAuthentication', 'b/default', 'mtls: { mode: STRICT }');
    const off = istio('DestinationRule', 'b/web', 'host: web\ntrafficPolicy: { tls: { mode: DISABLE } }');
    expect(said(strict + off, 'http://web.b/')).toBe('503 UC NR');
  });

  test('TLS to a server without TLS: 503 UF, DPE at the server', () => {
    const simple = istio('DestinationRule', 'b/web', 'host: web\ntrafficPolicy: { tls: { mode: SIMPLE } }');
    expect(said(simple + istio('PeerAuthentication', 'b/d', 'mtls: { mode: DISABLE }'), 'http://web.b/')).toBe(
      '503 UF DPE',
    );
  });

  test('a Secret that is missing: 503 UF, and who misses it', () => {
    const more = 'workloadSelector: { matchLabels: { app: client } }';
    const mutual = istio(
      'DestinationRule',
      'a/x',
      `host: x.example\ntrafficPolicy: { tls: { mode: MUTUAL, credentialName: pair } }\n${more}`,
    );
    const { ways } = call(entry('x.example', 'HTTP') + mutual, 'http://x.example/', {
      ...dns,
      secretsAreComplete: true,
    });
    expect(ways[0].hops[0]).toMatchObject({
      flag: 'UF',
      failure: { code: 'MESH-T406', why: 'there is no Secret a/pair' },
    });
  });

  test.each([
    [
      'a port',
      rule('{ route: [{ destination: { host: web, port: { number: 81 } } }] }'),
      'Service b/web @c1 has the ports 80',
      'VirtualService b/r',
    ],
    [
      'a subset',
      rule('{ route: [{ destination: { host: web, subset: v9 } }] }') +
        istio('DestinationRule', 'b/web', 'host: web\nsubsets: [{ name: v1, labels: { version: v1 } }]'),
      'DestinationRule b/web @c1 has the subsets v1',
      'VirtualService b/r',
    ],
    [
      'a subset without DestinationRule',
      rule('{ route: [{ destination: { host: web, subset: v9 } }] }'),
      'no DestinationRule that c1/a/client sees is for web.b.svc.cluster.local',
      'VirtualService b/r',
    ],
    [
      'a host that nothing has',
      rule('{ route: [{ destination: { host: x.example } }] }'),
      "nothing in the cluster has the host 'x.example'",
      'VirtualService b/r',
    ],
    [
      'a host that is not exported',
      rule('{ route: [{ destination: { host: x.example, port: { number: 80 } } }] }') +
        entry('x.example', 'HTTP', 'resolution: DNS\nexportTo: ["."]'),
      'ServiceEntry b/x-example @c1 is not exported to a',
      'ServiceEntry b/x-example spec.exportTo',
    ],
  ])('%s that a route leads to: no cluster, why, and who decided', (_, yaml, why, decided) => {
    const [way] = call(yaml, 'http://web.b/').ways;
    const [hop] = way.hops;
    expect(hop.failure?.why).toContain(`; ${why}`);
    const ref = decidingRef(hop);
    expect(`${ref?.object.replace(' @c1', '')} ${ref?.field}`).toContain(decided);
  });

  test('what was sent is decided by the DestinationRule, also where a VirtualService routes', () => {
    const strict = istio('PeerAuthentication', 'b/default', 'mtls: { mode: STRICT }');
    const off = istio('DestinationRule', 'b/web', 'host: web\ntrafficPolicy: { tls: { mode: DISABLE } }');
    const route = rule('{ route: [{ destination: { host: web } }] }');
    const [hop] = call(strict + off + route, 'http://web.b/').ways[0].hops;
    expect(decidingRef(hop)).toMatchObject({ object: 'DestinationRule b/web @c1', field: 'spec.trafficPolicy.tls' });
  });

  test('a listener that Envoy refuses never becomes ready', () => {
    const filter = istio(
      'EnvoyFilter',
      'b/f',
      'configPatches: [{ applyTo: HTTP_FILTER, match: { context: SIDECAR_INBOUND }, patch: { operation: ADD, value: { name: x } } }]',
    );
    expect(said(filter, 'http://web.b/')).toBe('never ready');
  });

  test('raw connections speak of sockets', () => {
    expect(said('', 'tcp://nobody.b:80')).toBe('ENOTFOUND');
    expect(
      said(deployment('b/echo', 'socket', 9000) + service('b/echo', '{ name: tcp, port: 9000 }'), 'tcp://echo.b:9000'),
    ).toBe('ok');
    expect(said('', 'tcp://10.9.9.9:80')).toBe('ECONNRESET UF');
  });
});

test('weights make ways, most likely first', () => {
  const split = rule(
    '{ route: [{ destination: { host: web }, weight: 20 }, { destination: { host: x.example }, weight: 80 }] }',
  );
  const { ways } = call(split + entry('x.example', 'HTTP'), 'http://web.b/', dns);
  expect(ways.map(({ probability, outcome }) => [probability, describeOutcome(outcome)])).toEqual([
    [0.8, 'curl 28'],
    [0.2, '200'],
  ]);
});

test('a call that leads back to itself ends', () => {
  const gateway =
    gatewayDeployment('gw/loop', 'loop') +
    service('gw/loop', '{ name: http, port: 80 }').replace('app: loop', 'istio: loop');
  const server = istio(
    'Gateway',
    'gw/g',
    'selector: { istio: loop }\nservers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }]',
  );
  const back = istio(
    'VirtualService',
    'gw/r',
    'hosts: ["*"]\ngateways: [g]\nhttp: [{ route: [{ destination: { host: loop } }] }]',
  );
  const { outcome, ways } = call(gateway + server + back, 'http://loop.gw/');
  expect(describeOutcome(outcome)).toBe('curl 28');
  expect(ways[0].hops.at(-1)?.failure?.code).toBe('MESH-T106');
});

describe('what an answer depends on', () => {
  const compete = (first: string, second: string) =>
    istio('VirtualService', 'b/one', 'hosts: [web]\nhttp: [{ directResponse: { status: 201 } }]', first) +
    istio('VirtualService', 'b/two', 'hosts: [web]\nhttp: [{ directResponse: { status: 202 } }]', second);

  test('is said where two objects compete and nothing says which is older', () => {
    const { ambiguous } = call(compete('', ''), 'http://web.b/');
    expect(ambiguous && describeAmbiguity(ambiguous)).toBe(
      'depends on which is older of VirtualService b/one @c1, VirtualService b/two @c1: 201 or 202',
    );
  });

  test('is nothing where their ages are known', () => {
    const aged = (day: number) => `, creationTimestamp: 2026-01-0${day}T00:00:00Z`;
    const { ambiguous, outcome } = call(compete(aged(2), aged(1)), 'http://web.b/');
    expect([ambiguous, outcome.code]).toEqual([undefined, 202]);
  });

  test('are assumptions, where no fact says what an application or a Secret is', () => {
    const server = deployment('b/other', 'unknown-image') + service('b/other', http);
    expect(call(server, 'http://other.b/').assumptions).toEqual(['c1/b/other answers 200 on port 8080']);
    const tls = istio(
      'DestinationRule',
      'a/x',
      'host: x.example\ntrafficPolicy: { tls: { mode: SIMPLE, credentialName: ca } }\nworkloadSelector: { matchLabels: { app: client } }',
    );
    expect(call(entry('x.example', 'HTTP') + tls, 'http://x.example/', dns).assumptions).toEqual([
      'Secret a/ca @c1 exists and is right',
    ]);
  });

  test('are tokens, whose content no fact says', () => {
    const claim = istio(
      'AuthorizationPolicy',
      'b/p',
      'rules: [{ from: [{ source: { requestPrincipals: [x] } }] }, { to: [{ operation: { methods: [GET] } }] }]',
    );
    const { outcome, assumptions } = call(claim, 'http://web.b/');
    expect([outcome.code, assumptions]).toEqual([200, ['no token fulfils request.auth.principal x']]);
  });

  test('are objects that are not modelled', () => {
    const lua = istio(
      'EnvoyFilter',
      'b/f',
      'configPatches: [{ applyTo: HTTP_FILTER, match: { context: SIDECAR_INBOUND }, patch: { operation: INSERT_FIRST, value: { name: l, typed_config: { "@type": lua } } } }]',
    );
    const network =
      '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: net, namespace: b }\nspec: { podSelector: {} }\n';
    expect(call(lua + network, 'http://web.b/').unmodelled.map(({ object }) => object)).toEqual([
      'EnvoyFilter b/f @c1',
      'NetworkPolicy b/net @c1',
    ]);
  });
});

describe('a call that cannot be made', () => {
  test.each([
    [
      { from: 'c1/a/nobody', url: 'http://web.b/' },
      'MESH1107 c1/a/nobody: there is no such workload; expected <cluster>/<namespace>/<name>, there are c1/a/client, c1/b/web',
    ],
    [
      { from: 'c1/a/client', url: 'ftp://web.b/' },
      "MESH1107 ftp://web.b/: the URL cannot be called; expected something like 'http://reviews.default:9080/ratings/0', or tcp:// and tls:// with a port",
    ],
    [
      { from: 'c1/a/client', url: 'https://web.b/', as: 'me' },
      "MESH1107 c1/a/client: there is no certificate 'me' in the facts; there are none",
    ],
  ])('%j', (wrong, message) => {
    expect(() => trace(worldOf({ c1: base }), wrong)).toThrow(message);
  });

  test('a policy that is attached to a target is told as not modelled', () => {
    const policy = istio('AuthorizationPolicy', 'b/p', "targetRefs: [{ kind: Service, group: '', name: web }]");
    expect(call(policy, 'http://web.b/').unmodelled).toEqual([
      expect.objectContaining({ object: 'AuthorizationPolicy b/p @c1', field: 'spec.targetRefs' }),
    ]);
  });
});

test('a gateway that no Gateway selects: the one that selects nobody is named', () => {
  const gateway =
    namespace('gw') +
    gatewayDeployment('gw/in', 'in') +
    service('gw/in', '{ name: https, port: 443, targetPort: 8443 }').replace('app: in', 'istio: in') +
    istio(
      'Gateway',
      'gw/g',
      'selector: { istio: inn }\nservers: [{ port: { number: 443, name: h, protocol: HTTP }, hosts: ["*"] }]',
    );
  const { ways } = call(gateway, 'http://in.gw:443/');
  expect(ways[0].hops.at(-1)).toMatchObject({
    failure: {
      code: 'MESH-T202',
      why: 'no server listens on 8443; Gateway gw/g @c1 selects istio=inn, which no pod has',
    },
    refs: [{ object: 'Gateway gw/g @c1', field: 'spec.selector' }],
  });
});

test('a gateway that asks for no certificate does not see the one that its client has', () => {
  const open = (mode: string) =>
    namespace('gw') +
    gatewayDeployment('gw/in', 'in') +
    service('gw/in', '{ name: https, port: 443, targetPort: 8443 }').replace('app: in', 'istio: in') +
    istio(
      'Gateway',
      'gw/g',
      `selector: { istio: in }\nservers: [{ port: { number: 443, name: h, protocol: HTTPS }, hosts: [x.example], tls: { mode: ${mode}, credentialName: c } }]`,
    );
  const facts = {
    certificates: [{ name: 'me', ca: 'mine', san: ['DNS:me.example'] }],
    dns: { c1: { 'x.example': 'in.gw.svc.cluster.local' } },
  };
  const seen = (mode: string) =>
    call(open(mode), 'https://in.gw/', facts, { as: 'me', sni: 'x.example' }).ways[0].hops.find(
      ({ role }) => role === 'gateway',
    )?.received;
  expect(seen('MUTUAL')).toMatchObject({ tls: 'MUTUAL', presented: ['me.example'] });
  expect(seen('SIMPLE')).toEqual({ tls: 'SIMPLE', sni: 'x.example' });
});

test('a gateway tells the one behind it who called, after whatever the request says of itself', () => {
  const gateway = (name: string, port: number) =>
    gatewayDeployment(`gw/${name}`, name) +
    service(`gw/${name}`, `{ name: http, port: ${port}, targetPort: 8080 }`).replace(`app: ${name}`, `istio: ${name}`) +
    istio(
      'Gateway',
      `gw/${name}`,
      `selector: { istio: ${name} }\nservers: [{ port: { number: ${port}, name: h, protocol: HTTP }, hosts: [x.example] }]`,
    );
  const route = (name: string, to: string, port: number) =>
    istio(
      'VirtualService',
      `gw/${name}`,
      `hosts: [x.example]\ngateways: [gw/${name}]\nhttp: [{ route: [{ destination: { host: ${to}, port: { number: ${port} } } }] }]`,
    );
  const objects = (block: string) =>
    namespace('gw') +
    gateway('out', 80) +
    gateway('in', 80) +
    route('out', 'in.gw.svc.cluster.local', 80) +
    route('in', 'web.b.svc.cluster.local', 80) +
    istio(
      'AuthorizationPolicy',
      'gw/p',
      `selector: { matchLabels: { istio: in } }\nrules: [{ from: [{ source: { remoteIpBlocks: ['${block}'] } }] }]`,
    );
  const meshConfig = { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } };
  const outcome = (block: string, told?: string) => {
    const headers = { host: 'x.example', ...(told && { 'x-forwarded-for': told }) };
    return describeOutcome(
      call(objects(block), 'http://out.gw/', { meshes: { c1: { meshConfig } } }, { headers }).outcome,
    );
  };
  expect(outcome('203.0.113.0/24', '203.0.113.9')).toBe('403');
  expect(outcome('0.0.0.0/0')).toBe('200');
});

test('a redirect believes what a request says of itself where proxies before the gateway are trusted', () => {
  const redirecting = (match: string) =>
    namespace('gw') +
    gatewayDeployment('gw/in', 'in') +
    service('gw/in', '{ name: http, port: 80, targetPort: 8080 }').replace('app: in', 'istio: in') +
    istio(
      'Gateway',
      'gw/g',
      'selector: { istio: in }\nservers: [{ port: { number: 80, name: h, protocol: HTTP }, hosts: [x.example], tls: { httpsRedirect: true } }]',
    ) +
    istio(
      'VirtualService',
      'gw/v',
      `hosts: [x.example]\ngateways: [gw/g]\nhttp: [{ ${match}route: [{ destination: { host: web.b.svc.cluster.local } }] }]`,
    );
  const outcome = (numTrustedProxies: number, proto: string, match = '') => {
    const meshConfig = { defaultConfig: { gatewayTopology: { numTrustedProxies } } };
    const facts = { meshes: { c1: { meshConfig } }, dns: { c1: { 'x.example': 'in.gw.svc.cluster.local' } } };
    const headers = { host: 'x.example', 'x-forwarded-proto': proto };
    return describeOutcome(call(redirecting(match), 'http://in.gw/', facts, { headers }).outcome);
  };
  expect([outcome(0, 'https'), outcome(1, 'http'), outcome(1, 'https')]).toEqual(['301', '301', '200']);
  expect(outcome(1, 'https', 'match: [{ port: 443 }], ')).toBe('404');
});

describe('what applications speak', () => {
  const containers = (http2: boolean | 'only') => ({
    containers: { 'c1/b/web/app': { speaks: 'http' as const, http2 } },
  });
  const h2c = { http2: true };

  test('a container of its own comes before the image', () => {
    expect(call('', 'http://web.b/').outcome.code).toBe(200);
    const none = { containers: { 'c1/b/web/app': { speaks: 'none' as const } } };
    expect(call('', 'http://web.b/', none).outcome.code).toBe(503);
  });

  test('HTTP/2 goes to who takes it, as far as the proxy keeps it', () => {
    const outside = deployment('out/caller', 'sleep');
    const made = (http2: boolean | 'only', more: object) =>
      describeOutcome(
        trace(worldOf({ c1: base + outside }, containers(http2)), {
          from: 'c1/out/caller',
          url: 'http://web.b/',
          ...more,
        }).outcome,
      );
    expect(made(true, h2c)).toBe('200');
    // the sidecar of the server speaks HTTP/1.1 to it, whatever came in
    expect(made(false, h2c)).toBe('200');
    expect(made('only', {})).toBe('502');
  });
});

test('a path is sent as it is written', () => {
  const { ways } = call('', 'http://web.b/a/../b%2Fc//d?x=/../y#z');
  expect(ways[0].outcome.served?.request?.path).toBe('/b%2Fc//d?x=/../y');
  const raw = { meshes: { c1: { meshConfig: { pathNormalization: { normalization: 'NONE' } } } } };
  expect(call('', 'http://web.b/a/../b', raw).ways[0].outcome.served?.request?.path).toBe('/a/../b');
  expect(call('', 'http://web.b?x=1', raw).ways[0].outcome.served?.request?.path).toBe('/?x=1');
});

test('a path that cannot be normalized is refused by the first proxy', () => {
  const { outcome, ways } = call('', 'http://web.b/%00');
  expect(outcome.code).toBe(400);
  expect(ways[0].hops).toMatchObject([{ at: 'c1/a/client', failure: { code: 'MESH-T210' } }]);
});

test('proxies answer gRPC with 200 and a status of its own', () => {
  const deny = istio('AuthorizationPolicy', 'b/p', '{}');
  const grpc = { headers: { 'Content-Type': 'application/grpc+proto' } };
  expect(describeOutcome(call(deny, 'http://web.b/', {}, grpc).outcome)).toBe('200 (grpc-status 7)');
  expect(describeOutcome(call('', 'http://web.b/', {}, grpc).outcome)).toBe('200');
  const other = { headers: { 'content-type': 'application/grpc-web' } };
  expect(describeOutcome(call(deny, 'http://web.b/', {}, other).outcome)).toBe('403');
});

test.each([
  [400, 13],
  [401, 16],
  [404, 12],
  [418, 2],
  [503, 14],
])('HTTP status %i of a proxy is the status %i of gRPC', (status, grpcStatus) => {
  const direct = rule(`{ directResponse: { status: ${status} } }`);
  const grpc = { headers: { 'content-type': 'application/grpc' } };
  expect(call(direct, 'http://web.b/', {}, grpc).outcome).toMatchObject({ code: 200, grpcStatus });
});

test('a name to ask for is SNI, authority and the name of the certificate, as with curl --connect-to', () => {
  const tls = { containers: { 'c1/b/web/app': { speaks: 'http' as const } } };
  const https = entry('x.example', 'TLS');
  const { ways } = call(https, 'https://x.example:80/', { ...tls, ...dns }, { sni: 'y.example' });
  expect(ways[0].hops[0].received).toMatchObject({ sni: 'y.example' });
});

describe('a name that is resolved for each call', () => {
  const domain = (protocol: string, port = 80) =>
    istio(
      'ServiceEntry',
      'b/any',
      `hosts: ["*.x.example"]\nports: [{ number: ${port}, name: p, protocol: ${protocol} }]\nresolution: DYNAMIC_DNS`,
    );
  const world = (yaml: string) =>
    worldOf(
      { c1: base + yaml },
      {
        dns: { c1: { 'a.x.example': 'web.b.svc.cluster.local', 'b.x.example': '10.9.9.9' } },
      },
    );
  const made = (yaml: string, url: string, more: object = {}) =>
    trace(world(yaml), { from: 'c1/a/client', url, ...more });

  test('has an address of its own where DNS is captured, whatever DNS knows', () => {
    const meshes = {
      c1: { meshConfig: { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } } },
    };
    const captured = worldOf({ c1: base + domain('HTTP') }, { meshes });
    const { outcome, ways } = trace(captured, { from: 'c1/a/client', url: 'http://no.x.example/' });
    expect([outcome.code, ways[0].hops[0].flag]).toEqual([503, 'DF']);
    const other = trace(captured, { from: 'c1/a/client', url: 'http://x.example/' });
    expect(describeOutcome(other.outcome)).toBe('curl 6');
    const plain = worldOf({ c1: base + domain('HTTP').replace('DYNAMIC_DNS', 'NONE') }, { meshes });
    expect(describeOutcome(trace(plain, { from: 'c1/a/client', url: 'http://no.x.example/' }).outcome)).toBe('curl 6');
  });

  test('is that of the Host of a request, at its port', () => {
    expect(made(domain('HTTP'), 'http://a.x.example/').outcome.served?.workload).toBe('c1/b/web');
    const { ways } = made(domain('HTTP'), 'http://a.x.example/', { headers: { host: 'a.x.example:81' } });
    expect(ways[0].hops[0]).toMatchObject({
      cluster: 'outbound|80||*.x.example',
      endpoint: expect.stringMatching(/:81$/),
    });
  });

  test('is that of the SNI of TLS, at the port that was dialled', () => {
    const { ways } = made(domain('TLS', 443), 'https://b.x.example/', { sni: 'a.x.example' });
    expect(ways[0].hops[0].endpoint).toMatch(/:443$/);
    expect(ways[0].hops[0].endpoint).not.toMatch(/^10\.9/);
  });

  test('ends the call where DNS does not know it: DF', () => {
    const { outcome, ways } = made(domain('HTTP'), 'http://a.x.example/', { headers: { host: 'c.x.example' } });
    expect([outcome.code, ways[0].hops[0].flag, ways[0].hops[0].failure?.why]).toEqual([
      ...[503, 'DF', 'DNS does not know c.x.example'],
    ]);
  });

  test('ends TLS, too, where DNS does not know it: UH', () => {
    const { outcome, ways } = made(domain('TLS', 443), 'https://b.x.example/', { sni: 'c.x.example' });
    expect([outcome.class, ways[0].hops[0].flag]).toEqual(['TLS', 'UH']);
  });

  test('is none of a subset, or of a protocol that has no names', () => {
    const subset =
      istio('DestinationRule', 'b/any', 'host: "*.x.example"\nsubsets: [{ name: s }]') +
      istio(
        'VirtualService',
        'b/v',
        'hosts: ["*.x.example"]\nhttp: [{ route: [{ destination: { host: "*.x.example", subset: s } }] }]',
      );
    expect(made(domain('HTTP') + subset, 'http://a.x.example/').ways[0].hops[0].flag).toBe('NC');
    expect(made(domain('MONGO'), 'tcp://a.x.example:80').ways[0].hops[0].flag).toBe('NC');
  });
});

describe('an answer that is late', () => {
  const facts = {
    containers: { 'c1/b/web/app': { speaks: 'http' as const, delayInPath: '[?&]sleep=(\\d+)' } },
  };
  const route = (more: string) => rule(`{ route: [{ destination: { host: web } }], ${more} }`);
  const ending = (more: string, url: string) => {
    const { outcome, ways } = call(more, url, facts);
    return [describeOutcome(outcome), ways[0].hops[0].flag ?? ''].join(' ');
  };

  test('counts where the route gives it the time', () => {
    expect(ending('', 'http://web.b/?sleep=99999')).toBe('200 ');
    expect(ending(route('timeout: 1s'), 'http://web.b/?sleep=1000')).toBe('200 ');
    expect(ending(route('timeout: 0s'), 'http://web.b/?sleep=1500')).toBe('200 ');
  });

  test('is 504 UT where all attempts together, or each of them, have less', () => {
    expect(ending(route('timeout: 1s'), 'http://web.b/?sleep=1500')).toBe('504 UT');
    expect(ending(route('timeout: 1m, retries: { perTryTimeout: 500ms }'), 'http://web.b/?sleep=800')).toBe('504 UT');
    expect(ending(route('timeout: 1.5s'), 'http://web.b/?sleep=1400')).toBe('200 ');
  });
});

test('a proxy that runs through a change keeps the Secret that it had; one that starts now does not', () => {
  const yaml =
    base +
    entry('x.example', 'HTTP') +
    istio(
      'DestinationRule',
      'a/x',
      'host: x.example\ntrafficPolicy: { tls: { mode: SIMPLE, credentialName: ca } }\nworkloadSelector: { matchLabels: { app: client } }',
    );
  const mayList =
    '---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: r, namespace: a }\nrules: [{ apiGroups: [""], resources: [secrets], verbs: [list] }]\n' +
    '---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: r, namespace: a }\nroleRef: { kind: Role, name: r }\nsubjects: [{ kind: ServiceAccount, name: client, namespace: a }]\n';
  const facts = { secretsAreComplete: true, dns: { c1: { 'x.example': 'web.b.svc.cluster.local' } } };
  const secrets = [{ cluster: 'c1', namespace: 'a', name: 'ca', data: { 'ca.crt': 'ca:A' } }];
  const before = worldOf({ c1: yaml + mayList }, { ...facts, secrets });
  const after = worldOf({ c1: yaml + mayList }, { ...facts, secrets: [] });
  const why = (tracer: Tracer) =>
    tracer.trace({ from: 'c1/a/client', url: 'http://x.example/' }).ways[0].hops[0].failure?.why;
  expect(why(new Tracer(after))).toBe('there is no Secret a/ca');
  expect(why(new Tracer(after, before))).not.toBe('there is no Secret a/ca');
});

test('a TLS server that negotiates refuses a client that offers other protocols only', () => {
  const mounted = deployment('b/tls', 'sec').replace(
    'containers: [{ name: app,',
    'volumes: [{ name: c, secret: { secretName: c } }]\n      containers: [{ name: app, volumeMounts: [{ name: c, mountPath: /c }],',
  );
  const facts: Partial<WorldFacts> = {
    images: {
      sleep: { speaks: 'none' },
      sec: { speaks: 'https', alpn: ['http/1.1'], certificate: { directory: '/c' } },
    },
    certificates: [{ name: 'c', ca: 'a' }],
    secrets: [{ cluster: 'c1', namespace: 'b', name: 'c', data: { 'tls.crt': 'cert:c', 'tls.key': 'key:c' } }],
  };
  const yaml = mounted + service('b/tls', '{ name: https, port: 443, targetPort: 8080 }');
  const made = (alpn: readonly string[]) => describeOutcome(call(yaml, 'https://tls.b/', facts, { alpn }).outcome);
  expect([made(['istio']), made(['h2', 'http/1.1']), made([])]).toEqual(['curl 35', '200', '200']);
});

test('a server that rejects a certificate ends a connection that stands: a proxy of bytes logs no flag', () => {
  const mutual = istio(
    'DestinationRule',
    'a/x',
    'host: x.example\ntrafficPolicy: { tls: { mode: SIMPLE, insecureSkipVerify: true } }',
  );
  const tcp = istio(
    'ServiceEntry',
    'a/x',
    'hosts: [x.example]\nports: [{ number: 443, name: p, protocol: TCP }]\nresolution: DNS\nendpoints: [{ address: tls.out.svc.cluster.local }]',
  );
  const facts: Partial<WorldFacts> = {
    images: { sleep: { speaks: 'none' }, sec: { speaks: 'tls', certificate: { directory: '/c', clientCa: 'ca.crt' } } },
    certificates: [{ name: 'c', ca: 'a' }],
    secrets: [
      {
        cluster: 'c1',
        namespace: 'out',
        name: 'c',
        data: { 'tls.crt': 'cert:c', 'tls.key': 'key:c', 'ca.crt': 'ca:z' },
      },
    ],
    dns: { c1: { 'x.example': '10.9.9.9' } },
  };
  const server = deployment('out/tls', 'sec').replace(
    'containers: [{ name: app,',
    'volumes: [{ name: c, secret: { secretName: c } }]\n      containers: [{ name: app, volumeMounts: [{ name: c, mountPath: /c }],',
  );
  const yaml = mutual + tcp + server + service('out/tls', '{ name: tls, port: 443, targetPort: 8080 }');
  const { outcome, ways } = call(yaml, 'tcp://x.example:443', facts);
  expect([outcome.class, ways[0].hops[0].flag]).toEqual(['closed', '']);
});

test('bytes to a server of HTTP are answered by its complaint, to a proxy that reads HTTP they are not', () => {
  const facts = { containers: { 'c1/b/web/app': { speaks: 'http' as const } } };
  const tcp = service('b/bytes', '{ name: tcp, port: 9000, targetPort: 8080 }').replace('app: bytes', 'app: web');
  const made = (from: string, url: string) =>
    describeOutcome(
      trace(
        worldOf(
          { c1: base + tcp + deployment('out/curl', 'sleep') + deployment('out/web') + service('out/web', http) },
          facts,
        ),
        { from, url },
      ).outcome,
    );
  expect(made('c1/out/curl', 'tcp://web.out:80')).toBe('ok');
  expect(made('c1/a/client', 'tcp://bytes.b:9000')).toBe('ok');
  expect(describeOutcome(call('', 'tcp://web.b:80', facts).outcome)).toBe('closed without an answer');
});

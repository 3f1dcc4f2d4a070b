import { describeOutcome } from '../../../lib/verify/run/outcome';
import { trace } from '../../../lib/verify/trace';
import type { ApplicationFact, WorldFacts } from '../../../lib/verify/world/facts';
import { deployment, istio, namespace, service, worldOf } from '../support/world';

// a server that only a proxy of the company reaches: clients say CONNECT to it
const base =
  namespace('a') +
  deployment('a/client', 'sleep') +
  deployment('out/proxy', 'proxy', 3128) +
  service('out/proxy', '{ name: tcp, port: 3128, targetPort: 3128 }') +
  deployment('out/db', 'socket', 5432) +
  service('out/db', '{ name: tcp, port: 5432, targetPort: 5432 }') +
  istio(
    'ServiceEntry',
    'a/x',
    'hosts: [x.example]\nports: [{ number: 5432, name: p, protocol: TCP }]\nresolution: DNS\nendpoints: [{ address: proxy.out.svc.cluster.local, ports: { p: 3128 } }]',
  );

const TUNNEL = 'tunnel: { protocol: CONNECT, targetHost: x.example, targetPort: 5432 }';
const rule = (spec: string) => istio('DestinationRule', 'a/x', `host: x.example\n${spec}`);
const routes = (route: string) => istio('VirtualService', 'a/x', `hosts: [x.example]\ntcp: [{ route: [${route}] }]`);

const KNOWS: ApplicationFact = { speaks: 'connect', names: { 'x.example': 'db.out.svc.cluster.local' } };

function called(yaml: string, proxy: ApplicationFact = KNOWS) {
  const facts: Partial<WorldFacts> = {
    images: { sleep: { speaks: 'none' }, socket: { speaks: 'tcp' }, proxy },
    // to the cluster the name means an address that nobody has
    dns: { c1: { 'x.example': '10.9.9.9' } },
  };
  const made = trace(worldOf({ c1: base + yaml }, facts), { from: 'c1/a/client', url: 'tcp://x.example:5432' });
  const { outcome, ways, unmodelled } = made;
  const { failure } = ways[0].hops[ways[0].hops.length - 1];
  return {
    is: describeOutcome(outcome),
    by: outcome.served?.workload,
    flag: ways[0].hops[0].flag,
    why: failure && `${failure.code} ${failure.why}`,
    refs: ways[0].hops[0].refs.map(({ object, field }) => `${object} ${field}`),
    unmodelled,
  };
}

test('bytes come to the target through the proxy, which knows what its name means', () => {
  const found = called(rule(`trafficPolicy: { ${TUNNEL} }`));
  expect(found).toMatchObject({ is: 'ok', by: 'c1/out/db', unmodelled: [] });
  expect(found.refs).toContain('DestinationRule a/x @c1 spec.trafficPolicy.tunnel');
  // what its cluster says the name means
  expect(called(rule(`trafficPolicy: { ${TUNNEL} }`), { speaks: 'connect' }).why).toMatch(/10\.9\.9\.9/);
});

test.each<[string, ApplicationFact, string]>([
  [
    'a target that it does not take',
    { ...KNOWS, targets: ['y.example:443'] },
    'c1/out/proxy connects nobody to x.example:5432',
  ],
  [
    'a name that it does not know',
    { ...KNOWS, names: { 'x.example': 'no.example' } },
    'c1/out/proxy does not know x.example',
  ],
  ['no proxy, but a server of HTTP', { speaks: 'http' }, 'c1/out/proxy is no proxy that connects to x.example:5432'],
  ['no proxy, but a server of bytes', { speaks: 'tcp' }, 'c1/out/proxy is no proxy that connects to x.example:5432'],
])('%s ends the connection: UF', (_, proxy, why) => {
  const found = called(rule(`trafficPolicy: { ${TUNNEL} }`), proxy);
  expect(found).toMatchObject({ is: 'ECONNRESET', flag: 'UF' });
  expect(found.why).toContain(why);
});

test('a target that nobody listens at ends the connection, too', () => {
  const closed = rule(`trafficPolicy: { ${TUNNEL.replace('5432', '5433')} }`);
  expect(called(closed)).toMatchObject({ is: 'ECONNRESET', flag: 'UF' });
});

test('POST is another request, which a proxy of CONNECT refuses', () => {
  const posts = rule(`trafficPolicy: { ${TUNNEL.replace('CONNECT', 'POST')} }`);
  expect(called(posts).why).toBe('MESH-T212 c1/out/proxy is a proxy, which takes CONNECT alone');
});

test('without a tunnel the proxy is sent bytes that it cannot read', () => {
  expect(called('')).toMatchObject({ by: undefined, flag: undefined });
});

describe('of a subset', () => {
  const subset = rule(`subsets: [{ name: v1, trafficPolicy: { ${TUNNEL} } }]`);
  const whole = rule(`trafficPolicy: { ${TUNNEL} }\nsubsets: [{ name: v1 }]`);
  const toSubset = routes('{ destination: { host: x.example, subset: v1 } }');

  test('its own tunnel counts, and none of the rule', () => {
    expect(called(subset + toSubset).by).toBe('c1/out/db');
    expect(called(subset).by).toBeUndefined();
    expect(called(whole + toSubset).by).toBeUndefined();
  });

  test('none counts where a route has several destinations: the rule of the first decides', () => {
    const several = (first: string, second: string) =>
      routes(`{ destination: { ${first} }, weight: 0 }, { destination: { ${second} }, weight: 100 }`);
    expect(called(subset + several('host: x.example', 'host: x.example, subset: v1')).by).toBeUndefined();
    expect(called(whole + several('host: x.example', 'host: x.example, subset: v1')).by).toBe('c1/out/db');
    expect(called(whole + several('host: y.example', 'host: x.example')).by).toBeUndefined();
  });
});

test('requests are never put into one', () => {
  const asHttp = (base + rule(`trafficPolicy: { ${TUNNEL} }`)).replace('protocol: TCP', 'protocol: HTTP');
  const facts: Partial<WorldFacts> = {
    images: { sleep: { speaks: 'none' }, socket: { speaks: 'tcp' }, proxy: KNOWS },
    dns: { c1: { 'x.example': '10.9.9.9' } },
  };
  const { outcome } = trace(worldOf({ c1: asHttp }, facts), { from: 'c1/a/client', url: 'http://x.example:5432/' });
  expect(describeOutcome(outcome)).toBe('405');
});

import type { Random } from '../../random';
import type { Vocabulary } from './vocabulary';

/** Specs of the objects that route. */

export function virtualService(random: Random, words: Vocabulary): object {
  const hosts = [...new Set(random.times(random.pick([1, 1, 2, 3]), () => words.host()))].sort();
  const known = random.chance(0.5) ? random.some(['mesh', ...words.gateways], random.pick([1, 2])) : undefined;
  const kind = random.pick(['http', 'http', 'http', 'tcp', 'tls'] as const);
  const make = { http: httpRoute, tcp: tcpRoute, tls: tlsRoute }[kind];
  const routes = random.times(random.pick([1, 1, 2, 3]), () => make(random, words, hosts, known));
  return { hosts, ...(known ? { gateways: known } : {}), [kind]: routes };
}

function destinations(random: Random, words: Vocabulary): object[] {
  const count = random.pick([1, 1, 1, 2, 3]);
  return random.times(count, () => ({
    destination: {
      host: random.pick([random.pick(words.hosts), random.pick(words.hosts), words.name()]),
      ...(random.chance(0.6) ? { port: { number: words.port() } } : {}),
      ...(random.chance(0.25) ? { subset: random.pick(['v1', 'v2', 'v9']) } : {}),
    },
    ...(count > 1 ? { weight: random.pick([0, 10, 50, 90]) } : {}),
    ...(random.chance(0.08) ? { headers: { request: { set: { host: 'set.example' } } } } : {}),
  }));
}

function httpRoute(random: Random, words: Vocabulary, _hosts: string[], gateways: string[] | undefined): object {
  const action = random.chance(0.12)
    ? random.pick([{ redirect: { uri: '/x' } }, { directResponse: { status: 503 } }])
    : {
        route: destinations(random, words),
        ...(random.chance(0.15) ? { rewrite: { authority: 'rewritten.example' } } : {}),
      };
  if (!random.chance(0.6)) return action;
  return { ...action, match: random.times(random.pick([1, 1, 2]), () => httpMatch(random, words, gateways)) };
}

function httpMatch(random: Random, words: Vocabulary, gateways: string[] | undefined): object {
  const kind = random.pick(['prefix', 'exact', 'regex']);
  return {
    ...(random.chance(0.6) ? { uri: { [kind]: random.pick(['/', '/a', '/status', '/b.*', '.*']) } } : {}),
    ...(random.chance(0.2) ? { sourceLabels: words.labels() } : {}),
    ...(random.chance(0.2) ? { sourceNamespace: words.namespace() } : {}),
    ...(random.chance(0.2) ? { port: words.port() } : {}),
    ...(random.chance(0.2) && gateways ? { gateways: [random.pick(gateways)] } : {}),
    ...(random.chance(0.15) ? { headers: { x: { exact: 'y' } } } : {}),
    ...(random.chance(0.1) ? { method: { exact: 'GET' } } : {}),
    ...(random.chance(0.05) ? { queryParams: { q: { exact: '1' } } } : {}),
  };
}

function tcpRoute(random: Random, words: Vocabulary): object {
  const match = random.pick([
    { port: words.port() },
    { sourceLabels: words.labels() },
    { destinationSubnets: ['240.9.9.0/24'] },
    { sourceNamespace: words.namespace() },
  ]);
  return { route: destinations(random, words), ...(random.chance(0.6) ? { match: [match] } : {}) };
}

function tlsRoute(random: Random, words: Vocabulary, hosts: string[]): object {
  const more = random.pick([{}, { port: words.port() }, { sourceLabels: words.labels() }]);
  return { route: destinations(random, words), match: [{ sniHosts: [random.pick(hosts)], ...more }] };
}

export function destinationRule(random: Random, words: Vocabulary): object {
  const names = random.some(['v1', 'v2', 'v9'], random.pick([1, 2]));
  const subsets = names.map((name) => ({
    ...{ name, labels: words.labels() },
    ...(random.chance(0.3) ? { trafficPolicy: trafficPolicy(random, words) } : {}),
  }));
  return {
    host: words.host(),
    ...(random.chance(0.7) ? { trafficPolicy: trafficPolicy(random, words) } : {}),
    ...(random.chance(0.5) ? { subsets } : {}),
    ...(random.chance(0.2) ? { workloadSelector: { matchLabels: words.labels() } } : {}),
  };
}

function trafficPolicy(random: Random, words: Vocabulary): object {
  const ofPort = random.pick([
    { tls: tls(random, words) },
    { tls: tls(random, words) },
    { loadBalancer: { simple: 'RANDOM' } },
  ]);
  const simple = random.pick(['ROUND_ROBIN', 'PASSTHROUGH', 'RANDOM']);
  return {
    ...(random.chance(0.6) ? { tls: tls(random, words) } : {}),
    ...(random.chance(0.3) ? { loadBalancer: { simple } } : {}),
    ...(random.chance(0.2) ? { outlierDetection: { consecutive5xxErrors: 1 } } : {}),
    ...(random.chance(0.15) ? { tunnel: tunnel(random) } : {}),
    ...(random.chance(0.1)
      ? { connectionPool: { http: { h2UpgradePolicy: random.pick(['UPGRADE', 'DO_NOT_UPGRADE']) } } }
      : {}),
    ...(random.chance(0.3) ? { portLevelSettings: [{ port: { number: words.port() }, ...ofPort }] } : {}),
  };
}

function tunnel(random: Random): object {
  const protocol = random.pick([{}, { protocol: 'CONNECT' }, { protocol: 'POST' }]);
  return { ...protocol, targetHost: random.pick(['a.example', '10.1.2.3']), targetPort: 443 };
}

function tls(random: Random, words: Vocabulary): object {
  return random.pick([
    { mode: 'DISABLE' },
    { mode: 'ISTIO_MUTUAL' },
    { mode: 'ISTIO_MUTUAL', sni: words.name().replace('*.', '') },
    { mode: 'SIMPLE' },
    { mode: 'SIMPLE', sni: 'x.example' },
    { mode: 'SIMPLE', credentialName: 'cred' },
    { mode: 'MUTUAL', credentialName: 'cred' },
    { mode: 'MUTUAL', clientCertificate: '/etc/c.pem', privateKey: '/etc/k.pem', caCertificates: '/etc/ca.pem' },
    { mode: 'ISTIO_MUTUAL', subjectAltNames: ['spiffe://a/b'] },
    { mode: 'SIMPLE', subjectAltNames: ['x.example'] },
    { mode: 'SIMPLE', caCertificates: '/etc/ca.pem' },
    { mode: 'SIMPLE', insecureSkipVerify: true },
  ]);
}

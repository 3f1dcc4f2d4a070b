import type { Random } from '../../random';
import type { Vocabulary } from './vocabulary';

/** Specs of the objects that say what can be called. */

export function serviceEntry(random: Random, words: Vocabulary): object {
  const protocols = ['HTTP', 'TCP', 'TLS', 'HTTPS', 'HTTP2', 'GRPC', 'MONGO', 'UDP'];
  const ports = random.times(random.pick([1, 1, 2]), (index) => ({
    number: words.port(),
    name: `p${index}`,
    protocol: random.chance(0.9) ? random.pick(protocols) : 'foo',
    ...(random.chance(0.2) ? { targetPort: random.pick([8080, 7777]) } : {}),
  }));
  const resolution = random.pick(['DNS', 'NONE', 'STATIC', 'STATIC', 'DNS_ROUND_ROBIN']);
  const addresses = random.pick([['240.9.9.9'], ['240.9.9.0/24'], ['100.0.0.2']]);
  const bySelector = resolution === 'STATIC' && random.chance(0.2);
  const endpoints = bySelector
    ? { workloadSelector: { labels: words.labels() } }
    : { endpoints: random.times(random.pick([1, 2]), () => endpoint(random, words, resolution)) };
  return {
    hosts: [...new Set(random.times(random.pick([1, 1, 2]), () => words.host()))].sort(),
    ...{ ports, resolution, location: random.pick(['MESH_EXTERNAL', 'MESH_INTERNAL']) },
    ...(random.chance(0.35) ? { addresses } : {}),
    ...(resolution !== 'NONE' && random.chance(0.7) ? endpoints : {}),
    ...(random.chance(0.25) ? { subjectAltNames: ['spiffe://x/y'] } : {}),
  };
}

function endpoint(random: Random, words: Vocabulary, resolution: string): object {
  const more = random.pick([
    {},
    { ports: { p0: 7000 } },
    { labels: { version: 'v1' } },
    { labels: { 'security.istio.io/tlsMode': 'istio' } },
    { serviceAccount: 'sa1' },
    { weight: 3 },
    { locality: random.pick(['c1/c1-a', 'c1/other', 'c2/c2-a']) },
    { labels: words.labels() },
  ]);
  return {
    address: random.pick(resolution === 'STATIC' ? ['1.2.3.4', '5.6.7.8'] : ['1.2.3.4', 'up.example']),
    ...more,
  };
}

export function service(random: Random, words: Vocabulary): object {
  const names = ['http', 'tcp', 'https', 'grpc', 'foo', 'http-x', 'mongo', 'tls', ''];
  const made = random.times(random.pick([1, 1, 2]), (index) => ({
    name: `${random.pick(names)}${index === 0 ? '' : index}`,
    port: words.port(),
    targetPort: random.pick([8080, 8000, 9080]),
  }));
  const isOdd = made.length === 2 && (made[0].name === '' || made[0].port === made[1].port);
  const ports = isOdd ? made.slice(0, 1) : made;
  const kind = random.next();
  if (kind > 0.9)
    return { type: 'ExternalName', externalName: random.pick([random.pick(words.hosts), 'ext.example']), ports };
  return {
    ports,
    ...(kind < 0.75 ? { selector: words.labels() } : {}),
    ...(kind < 0.3 ? { clusterIP: 'None' } : {}),
  };
}

export function workloadEntry(random: Random, words: Vocabulary): object {
  return {
    ...{ address: '9.8.7.6', labels: words.labels() },
    ...(random.chance(0.5) ? { serviceAccount: 'vm' } : {}),
    ...(random.chance(0.3) ? { ports: { p0: 6000 } } : {}),
  };
}

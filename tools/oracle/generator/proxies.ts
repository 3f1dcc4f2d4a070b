import type { Random } from '../../random';
import type { Vocabulary } from './vocabulary';

/** Specs of the objects that configure proxies. */

export function sidecar(random: Random, words: Vocabulary): object {
  const listeners = random.times(random.pick([1, 1, 2, 3]), () => egress(random, words));
  // a listener without port must be the last
  const withPort = listeners.filter((one) => 'port' in one);
  const without = listeners.filter((one) => !('port' in one)).slice(0, 1);
  const port = { number: random.pick([8000, 8080, 9080, 7000]), protocol: random.pick(['HTTP', 'TCP']), name: 'i' };
  return {
    egress: [...withPort, ...without],
    ...(random.chance(0.3) ? { workloadSelector: { labels: words.labels() } } : {}),
    ...(random.chance(0.3) ? { outboundTrafficPolicy: { mode: random.pick(['ALLOW_ANY', 'REGISTRY_ONLY']) } } : {}),
    ...(random.chance(0.2) ? { ingress: [{ port, defaultEndpoint: '127.0.0.1:8080' }] } : {}),
  };
}

function egress(random: Random, words: Vocabulary): object {
  const host = () => {
    const namespace = words.namespace();
    return random.pick([
      ...['./*', '*/*', 'istio-system/*', '~/*', `*/${words.host()}`, `${namespace}/*`, `${namespace}/${words.host()}`],
      ...[`./${words.host()}`, `~${namespace}/*`],
    ]);
  };
  const port = { number: words.port(), protocol: random.pick(['HTTP', 'TCP', 'TLS', 'HTTPS']), name: 'p' };
  return {
    hosts: random.times(random.pick([1, 2, 3]), host),
    ...(random.chance(0.3) ? { port } : {}),
    ...(random.chance(0.1) ? { bind: random.pick(['127.0.0.1', '0.0.0.0', '10.5.5.5']) } : {}),
    ...(random.chance(0.1) ? { captureMode: random.pick(['NONE', 'IPTABLES']) } : {}),
  };
}

export function gateway(random: Random, words: Vocabulary): object {
  const protocols = ['HTTP', 'HTTP', 'HTTPS', 'HTTPS', 'TLS', 'TLS', 'TCP', 'GRPC', 'HTTP2', 'MONGO'];
  const servers = random.times(random.pick([1, 1, 2, 3]), (index) => {
    const protocol = random.pick(protocols);
    return {
      port: { number: words.port(), name: `x${index}`, protocol },
      hosts: [...new Set(random.times(random.pick([1, 2]), () => gatewayHost(random, words)))].sort(),
      ...serverTls(random, protocol),
      ...(random.chance(0.08) ? { bind: random.pick(['1.2.3.4', '0.0.0.0']) } : {}),
    };
  });
  return { selector: random.pick(words.gatewaySelectors), servers };
}

function gatewayHost(random: Random, words: Vocabulary): string {
  const namespace = words.namespace();
  const host = random.pick(words.hosts);
  return random.pick(['*', host, `${namespace}/*`, `./${host}`, '*/new.example', '*.local', 'new.example']);
}

const LIMITS = [
  { minProtocolVersion: 'TLSV1_3' },
  { maxProtocolVersion: 'TLSV1_2', cipherSuites: ['ECDHE-RSA-AES256-GCM-SHA384', 'NONSENSE'] },
  { minProtocolVersion: 'TLSV1_2', maxProtocolVersion: 'TLSV1_3' },
  { minProtocolVersion: 'TLSV1_1', cipherSuites: ['NONSENSE'] },
];

function serverTls(random: Random, protocol: string): object {
  const secret = { credentialName: 'cred' };
  if (protocol === 'HTTPS' || protocol === 'TLS') {
    const tls = random.pick([
      { mode: 'SIMPLE', ...secret },
      { mode: 'MUTUAL', ...secret },
      { mode: 'MUTUAL', ...secret, subjectAltNames: ['spiffe://a/b'] },
      { mode: 'PASSTHROUGH' },
      { mode: 'ISTIO_MUTUAL' },
      { mode: 'AUTO_PASSTHROUGH' },
      { mode: 'OPTIONAL_MUTUAL', ...secret },
      { mode: 'MUTUAL', serverCertificate: '/etc/c.pem', privateKey: '/etc/k.pem', caCertificates: '/etc/ca.pem' },
    ]);
    return { tls: random.chance(0.25) ? { ...tls, ...random.pick(LIMITS) } : tls };
  }
  return protocol.startsWith('HTTP') && random.chance(0.15) ? { tls: { httpsRedirect: true } } : {};
}

export function peerAuthentication(random: Random, words: Vocabulary): object {
  const mode = () => ({ mode: random.pick(['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET']) });
  if (!random.chance(0.6)) return { mtls: mode() };
  return {
    ...{ mtls: mode(), selector: { matchLabels: words.labels() } },
    ...(random.chance(0.6) ? { portLevelMtls: { [String(words.port())]: mode() } } : {}),
  };
}

export function authorizationPolicy(random: Random, words: Vocabulary): object {
  const source = () =>
    random.pick([
      { principals: [random.pick(words.principals)] },
      { notPrincipals: [random.pick(words.principals)] },
      { namespaces: [words.namespace()] },
      { ipBlocks: ['10.0.0.0/8'] },
    ]);
  const operation = () =>
    random.pick([
      { methods: [random.pick(['GET', 'POST'])] },
      { paths: [random.pick(['/status/*', '*/x', '/headers', '*'])] },
      { ports: [String(words.port())] },
      { hosts: [words.name()] },
      { notMethods: ['DELETE'], ports: ['80'] },
    ]);
  const rule = () => ({
    ...(random.chance(0.5) ? { from: [{ source: source() }] } : {}),
    ...(random.chance(0.6) ? { to: [{ operation: operation() }] } : {}),
  });
  return {
    ...(random.chance(0.5) ? { selector: { matchLabels: words.labels() } } : {}),
    ...(random.chance(0.1)
      ? {}
      : { action: random.pick(['ALLOW', 'ALLOW', 'DENY']), rules: random.times(random.pick([1, 2]), rule) }),
  };
}

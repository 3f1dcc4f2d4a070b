import { rootCertificates } from 'node:tls';
import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import {
  Access,
  Address,
  Callers,
  Cluster,
  Connection,
  Contract,
  ControlPlane,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  External,
  Failover,
  FederationGateways,
  FederationPeering,
  Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Istio,
  JwtRule,
  LoadBalancing,
  Mesh,
  MeshChart,
  MeshError,
  MeshValidation,
  MtlsPolicy,
  OtherRoots,
  PeerEnd,
  PeeringTls,
  Port,
  PrivateGatewayPeering,
  Probe,
  RouteFront,
  Routing,
  Rule,
  SharedRootPeering,
  TrustBundle,
  Workload,
} from '../lib';
import { agencyAndPartner, messageOf, synth } from './support/model';
import { takesOptions } from './support/public-options';
import { type Entry, isSameKind, OTHER_KINDS, type World, world } from './support/untyped';

// Programs are fed from JSON files and environment variables, past the compiler. Whatever stands where something else
// belongs is refused by a code and a place, or is the same as leaving it out; never a TypeError, never other output.

/** What the provider of a peering writes to the repository of its consumer. */
function contractOf(id: string, tls: 'plain' | 'private'): Contract {
  const file = `contracts/${id}.json`;
  const text = synth((fleet) => {
    const { partner, ingress, broker } = agencyAndPartner(fleet, { denyByDefault: tls === 'private' });
    const away = Mesh.external(fleet, 'consumer', { trustDomain: 'agency.example' });
    const allow = [Access.http()];
    const [client, server] = [new PeerEnd(IDENTITY, CA), Credential.secret('server', { identity: DNS, signer: CA })];
    if (tls === 'private') {
      const hop = PeeringTls.mutual({ client, server });
      const sides = { consumer: away, provider: partner, ingress, tls: hop, host: 'partner.example.com' };
      new PrivateGatewayPeering(fleet, id, sides).expose(broker, { allow });
    } else {
      const sides = { consumer: away, provider: partner, ingress, tls: PeeringTls.plain() };
      const peering =
        id === 'egress' ? new EgressGatewayPeering(fleet, id, sides) : new DirectPeering(fleet, id, sides);
      peering.expose(broker, { host: 'a.partner.example', allow });
    }
  })[file];
  // the provider's program calls its own mesh `agency` something else
  return Contract.parse(text, file);
}

const CA = TrustBundle.declared('ca');
const IDENTITY = Identity.spiffe('agency.example/ns/egress/sa/out');
const DNS = Identity.dns('a.partner.example');
const SERVER = External.server({ host: 'server.example', ports: [Port.http(8080)] });
const BYTES = External.server({ host: 'bytes.example', ports: [Port.tcp(443)] });
const PROXY = External.proxy({ address: Address.ip('192.0.2.1'), port: 3128 });
const CONTRACTS = {
  direct: contractOf('direct', 'plain'),
  egress: contractOf('egress', 'plain'),
  private: contractOf('private', 'private'),
};

/** A mesh that the contracts name, with a gateway. */
function consumerOf(own: World) {
  const consumer = new Mesh(new Cluster(own.fleet, 'consumer-cluster'), 'consumer', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system'),
    trustDomain: 'agency.example',
  });
  return { consumer, egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }) };
}

const VALUES: Entry[] = [
  {
    name: 'Probe.http',
    options: () => ({ port: 80, scheme: 'HTTPS', period: Duration.seconds(2), failures: 2, successes: 2 }),
    run: (_, o) => Probe.http('/', o),
  },
  { name: 'Probe.tcp', options: () => ({ port: 80, timeout: Duration.seconds(2) }), run: (_, o) => Probe.tcp(o) },
  { name: 'Probe.grpc', options: () => ({ port: 80, service: 'a' }), run: (_, o) => Probe.grpc(o) },
  {
    name: 'Probe.command',
    options: () => ({ initialDelay: Duration.seconds(2) }),
    run: (_, o) => Probe.command(['true'], o),
  },
  {
    name: 'Access.http',
    options: () => ({ methods: ['GET'], paths: ['/a'], from: ['a/ns/b/*'] }),
    run: (_, o) => Access.http(o),
  },
  { name: 'Access.tcp', options: () => ({ from: ['a/ns/b/*'] }), run: (_, o) => Access.tcp(o) },
  { name: 'Address.hostname', options: () => ({ port: 443 }), run: (_, o) => Address.hostname('lb.example', o) },
  {
    name: 'Address.nodePort',
    options: () => ({ nodes: ['192.0.2.1'], port: 30443 }),
    run: (_, o) => Address.nodePort(o),
  },
  ...(['http', 'http2', 'grpc', 'tcp', 'tls'] as const).map(
    (kind): Entry => ({
      name: `Port.${kind}`,
      options: () => ({ name: `${kind}-a`, targetPort: 8080 }),
      run: (_, o) => Port[kind](80, o),
    }),
  ),
  {
    name: 'Callers.workload',
    options: () => ({ namespace: 'a', labels: { app: 'a' }, serviceAccounts: ['a'] }),
    run: (_, o) => Callers.workload(o),
  },
  {
    name: 'Credential.secret',
    options: ({ identity, ca }) => ({ identity, signer: ca }),
    run: (_, o) => Credential.secret('a', o),
  },
  {
    name: 'Credential.files',
    options: ({ identity, ca }) => ({ identity, signer: ca, directory: '/etc/certs' }),
    run: (_, o) => Credential.files('a', o),
  },
  {
    name: 'Credential.certManager',
    options: ({ identity, ca }) => ({
      identity,
      signer: ca,
      issuer: { name: 'issuer', kind: 'Issuer' },
      dnsNames: ['a.example'],
      duration: '2160h',
      renewBefore: '720h',
      privateKey: { algorithm: 'RSA', size: 4096 },
    }),
    run: (_, o) => Credential.certManager('a', o),
  },
  {
    name: 'TrustBundle.declared',
    options: () => ({ rootSha256: ['a1'.repeat(32)] }),
    run: (_, o) => TrustBundle.declared('a', o),
  },
  ...(['byGateways', 'byEveryProxy'] as const).map(
    (kind): Entry => ({
      name: `OtherRoots.${kind}`,
      options: ({ ca }) => ({ root: ca, certificates: rootCertificates[0], trustDomains: ['a.example'] }),
      run: (_, o) => OtherRoots[kind](o),
    }),
  ),
  { name: 'PeeringTls.simple', options: ({ server }) => ({ server }), run: (_, o) => PeeringTls.simple(o) },
  {
    name: 'PeeringTls.mutual',
    options: ({ client, server }) => ({ client, server, clientCertificate: 'optional' }),
    run: (_, o) => PeeringTls.mutual(o),
  },
  { name: 'PeeringTls.application', options: () => ({ server: DNS }), run: (_, o) => PeeringTls.application(o) },
  {
    name: 'External.server',
    options: () => ({ host: 'a.example', ports: [Port.http(80)] }),
    run: (_, o) => External.server(o),
  },
  {
    name: 'External.proxy',
    options: () => ({ address: Address.ip('192.0.2.1'), port: 3128 }),
    run: (_, o) => External.proxy(o),
  },
  ...(['existing', 'smcp', 'sail'] as const).map(
    (kind): Entry => ({
      name: `ControlPlane.${kind}`,
      options: () => ({
        outboundTrafficPolicy: 'REGISTRY_ONLY',
        mtls: true,
        network: 'a',
        dnsCapture: true,
        trustDomainAliases: ['a.example'],
        otherRoots: OtherRoots.byGateways({ root: CA, certificates: rootCertificates[0] }),
        pathNormalization: 'BASE',
        pluggedInCa: true,
        ...(kind === 'existing' && { name: 'a', revision: 'r' }),
        ...(kind === 'sail' && { version: 'v1.31-latest', updateStrategy: 'InPlace', revision: 'r', cni: true }),
      }),
      run: (_, o) => ControlPlane[kind]('a', o),
    }),
  ),
  {
    name: 'RouteFront.reencrypt',
    options: ({ server }) => ({ credential: server, destinationCa: rootCertificates[0] }),
    run: (_, o) => RouteFront.reencrypt(o),
  },
];

const ARGUMENTS: Entry[] = (
  [
    ['Identity.dns', 'a.example', Identity.dns],
    ['Identity.spiffe', 'a/ns/b/sa/c', Identity.spiffe],
    ['Address.ip', '192.0.2.1', Address.ip],
    ['Callers.namespaces', 'a', Callers.namespaces],
    ['Callers.serviceAccounts', 'a/b', Callers.serviceAccounts],
    ['External.client', 'a', External.client],
    ['Port.http', 80, Port.http],
    ['GatewayPort.https', 443, GatewayPort.https],
    ['GatewayPort.named', 'a', (name: string) => GatewayPort.https().named(name)],
    ['Address.at', 443, (port: number) => Address.ip('192.0.2.1').at(port)],
    ['Rule.paths', ['/a'], Rule.paths],
    ['Contract.file', 'missing.json', Contract.file],
    ['Rule.to', CA, (to: never) => Rule.otherwise().to(to)],
  ] as [string, unknown, (value: never) => unknown][]
).map(([name, value, run]) => ({
  name,
  isPositional: true,
  options: () => ({ argument: value }),
  run: (_, { argument }: { readonly argument: never }) => run(argument),
}));

const CONSTRUCTS: Entry[] = [
  {
    name: 'new Cluster',
    options: () => ({ domain: 'a.local' }),
    run: ({ fleet }, o) => new Cluster(fleet, 'other', o),
  },
  {
    name: 'new Mesh',
    options: ({ root }) => ({
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('a'),
      trustDomain: 'a.example',
      root,
      virtualIpRange: '240.0.0.0/12',
    }),
    run: ({ fleet }, o) => new Mesh(new Cluster(fleet, 'other'), 'other', o),
  },
  {
    name: 'Mesh.external',
    options: ({ root }) => ({ trustDomain: 'a.example', root, domain: 'a.local' }),
    run: ({ fleet }, o) => Mesh.external(fleet, 'other', o),
  },
  {
    name: 'mesh.service',
    options: () => ({ namespace: 'a', ports: [Port.http(80)], subsets: { v1: { a: 'b' } }, pods: { a: 'b' } }),
    run: ({ agency }, o) => agency.service('other', o),
  },
  {
    name: 'externalMesh.service',
    options: () => ({ namespace: 'a', ports: [Port.http(80)], subsets: { v1: { a: 'b' } }, pods: { a: 'b' } }),
    run: ({ elsewhere }, o) => elsewhere.service('other', o),
  },
  {
    name: 'mesh.alias',
    options: () => ({ namespace: 'a', port: Port.http(80) }),
    run: ({ agency }, o) => agency.alias('other', o),
  },
  {
    name: 'mesh.namespace',
    options: () => ({ create: true, labels: { a: 'b' } }),
    run: ({ agency }, o) => agency.namespace('other', o),
  },
  {
    name: 'mesh.introduce',
    options: ({ client }) => ({ client }),
    run: ({ agency }, o) => agency.introduce('other', o),
  },
  {
    name: 'new Gateway',
    options: () => ({
      kind: 'ingress',
      namespace: 'a',
      ports: [GatewayPort.https()],
      address: Address.ip('192.0.2.1'),
      route: RouteFront.passthrough(),
      denyByDefault: true,
      policies: 'AuthorizationPolicy',
      believesOtherRoots: false,
      serverTls: { minProtocolVersion: 'TLSV1_2', cipherSuites: ['AES128-SHA'] },
      replicas: [1, 2],
      serviceAnnotations: { a: 'b' },
      serviceLabels: { c: 'd' },
      podAnnotations: { e: 'f' },
      resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2' } },
      nodeSelector: { pool: 'a' },
      tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 1 }],
      priorityClassName: 'high',
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, podAffinityTerm: { topologyKey: 'zone', labelSelector: { matchLabels: { a: 'b' } } } },
          ],
        },
      },
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
    }),
    run: ({ agency }, o) => new Gateway(agency, 'other', o),
  },
  {
    name: 'new Gateway with a load balancer',
    options: () => ({ kind: 'ingress', namespace: 'a', externalTrafficPolicy: 'Local' }),
    run: ({ agency }, o) => new Gateway(agency, 'other', o),
  },
  {
    name: 'Gateway.existing',
    options: () => ({ kind: 'ingress', namespace: 'a', selector: { a: 'b' }, service: 'c', serviceAccount: 'd' }),
    run: ({ agency }, o) => Gateway.existing(agency, 'other', o),
  },
  {
    name: 'Gateway.smcp',
    options: () => ({
      kind: 'ingress',
      ports: [GatewayPort.https()],
      denyByDefault: true,
      externalTrafficPolicy: 'Cluster',
    }),
    run: ({ maistra }, o) => Gateway.smcp(maistra, 'other', o),
  },
  {
    name: 'new Workload',
    options: ({ web, client, ca }) => ({
      service: web,
      image: 'a/b:1',
      version: 'v1',
      automountServiceAccountToken: false,
      replicas: 2,
      env: { A: 'b' },
      sidecarFiles: [Credential.files('files', { identity: client.identity, signer: ca, directory: '/etc/certs' })],
      resources: { limits: { memory: '1Gi' } },
      readiness: Probe.http('/ready'),
      liveness: Probe.tcp(),
      startup: Probe.grpc(),
    }),
    run: ({ agency }, o) => new Workload(agency, 'other', o),
  },
  {
    name: 'new MtlsPolicy',
    options: ({ web }) => ({ mode: 'STRICT', service: web, ports: { 80: 'DISABLE' } }),
    run: ({ agency }, o) => new MtlsPolicy(agency, 'other', o),
  },
  {
    name: 'new MtlsPolicy of a namespace',
    options: () => ({ mode: 'STRICT', namespace: 'travel', workload: { a: 'b' } }),
    run: ({ agency }, o) => new MtlsPolicy(agency, 'other', o),
  },
  {
    name: 'new Routing',
    options: ({ web }) => ({ host: web, rules: [Rule.otherwise().to(web)] }),
    run: ({ agency }, o) => new Routing(agency, 'other', o),
  },
  {
    name: 'new DirectPeering',
    options: ({ agency, partner, ingress, plain, namespaces }) => ({
      consumer: agency,
      provider: partner,
      ingress,
      tls: plain,
      callers: namespaces,
    }),
    run: ({ fleet, broker, allow }, o) =>
      new DirectPeering(fleet, 'other', o).expose(broker, { host: 'a.example', allow }),
  },
  {
    name: 'new EgressGatewayPeering',
    options: ({ agency, partner, ingress, egress, plain, namespaces }) => ({
      consumer: agency,
      provider: partner,
      ingress,
      tls: plain,
      callers: namespaces,
      egress,
      onlyWayOut: ['travel'],
    }),
    run: ({ fleet, broker, allow }, o) =>
      new EgressGatewayPeering(fleet, 'other', o).expose(broker, { host: 'a.example', allow }),
  },
  {
    name: 'new DirectPeering through a proxy',
    options: ({ agency, plain }) => ({ consumer: agency, provider: BYTES, tls: plain, through: PROXY }),
    run: ({ fleet }, o) =>
      new DirectPeering(fleet, 'other', o).expose(BYTES, { host: BYTES.host, allow: [Access.tcp()] }),
  },
  {
    name: 'new EgressGatewayPeering through a proxy',
    options: ({ agency, egress, plain }) => ({
      consumer: agency,
      provider: BYTES,
      egress,
      tls: plain,
      through: PROXY,
    }),
    run: ({ fleet }, o) =>
      new EgressGatewayPeering(fleet, 'other', o).expose(BYTES, { host: BYTES.host, allow: [Access.tcp()] }),
  },
  {
    name: 'new PrivateGatewayPeering',
    options: ({ agency, partner, ingress, egress, client, server, namespaces }) => {
      partner.namespace('broker');
      return {
        consumer: agency,
        provider: partner,
        ingress,
        tls: PeeringTls.mutual({ client, server }),
        host: 'partner.example.com',
        callers: namespaces,
        egress,
        onlyWayOut: ['travel'],
        onlyWayIn: ['broker'],
      };
    },
    run: ({ fleet, broker, allow }, o) => new PrivateGatewayPeering(fleet, 'other', o).expose(broker, { allow }),
  },
  {
    name: 'new SharedRootPeering',
    options: ({ agency, far, eastWest, namespaces }) => ({
      consumer: agency,
      provider: far,
      ingress: eastWest,
      domain: 'partner.global',
      mergedRoots: false,
      callers: namespaces,
      names: 'rulesOnly',
    }),
    run: ({ fleet, distant, allow }, o) => new SharedRootPeering(fleet, 'other', o).expose(distant, { allow }),
  },
  {
    name: 'new FederationPeering',
    options: ({ maistra, neighbour }) => ({
      consumer: maistra,
      provider: neighbour,
      locality: { region: 'eu-1', zone: 'a', subzone: 'b' },
    }),
    run: ({ fleet }, o) => new FederationPeering(fleet, 'other', o),
  },
  {
    name: 'new FederationGateways',
    options: () => ({ address: Address.ip('192.0.2.1'), deploy: ['ingress'] }),
    run: ({ agency }, o) => new FederationGateways(agency, 'other', o),
  },
  {
    name: 'new FederationGateways of OpenShift Service Mesh 2',
    options: () => ({ address: Address.ip('192.0.2.1'), discoveryPort: 8188, serviceAnnotations: { a: 'b' } }),
    run: ({ maistra }, o) => new FederationGateways(maistra, 'other', o),
  },
  {
    name: 'new Failover',
    options: ({ web, namespaces }) => ({
      host: 'web.global',
      port: Port.http(80),
      locality: 'eu-1',
      local: web,
      serviceAccounts: ['web'],
      next: 'eu-2',
      ejection: { consecutive5xxErrors: 3, interval: Duration.seconds(1), baseEjectionTime: Duration.seconds(1) },
      virtualIp: '240.1.2.3',
      callers: namespaces,
      names: 'rulesOnly',
    }),
    run: ({ agency }, o) => new Failover(agency, 'other', o),
  },
];

const JWKS = '{"keys":[{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}]}';
const TOKEN = { issuer: 'a', audiences: ['b'], fromHeaders: [{ name: 'x', prefix: 'y' }], fromParams: ['c'] };
const JWT = JwtRule.inline({ ...TOKEN, jwks: JWKS });

const TOKENS: Entry[] = [
  {
    name: 'JwtRule.inline',
    options: () => ({ ...TOKEN, jwks: JWKS, forwardOriginalToken: true }),
    run: (_, o) => JwtRule.inline(o),
  },
  {
    name: 'JwtRule.remote',
    options: () => ({ ...TOKEN, jwksUri: 'https://a.example/keys' }),
    run: (_, o) => JwtRule.remote(o),
  },
];

const CONNECTION = Connection.of({ maxConnections: 1 });
const HASH = () => ({ minimumRingSize: 5 });

const CALLS: Entry[] = [
  {
    name: 'Rule.when',
    options: () => ({ paths: ['/a'], methods: ['GET'], headers: { a: 'b' }, query: { a: 'b' }, port: Port.http(80) }),
    run: (_, o) => Rule.when(o),
  },
  {
    name: 'rule.with',
    options: ({ web }) => ({
      timeout: Duration.seconds(9),
      retries: {
        attempts: 2,
        perTry: Duration.seconds(1),
        on: ['5xx'],
        backoff: Duration.millis(5),
        remoteLocalities: true,
      },
      rewrite: { path: { regex: '/a', to: '/b' }, authority: 'a.example' },
      mirror: { to: web, percent: 5 },
      faultForTests: { abort: { status: 503, percent: 5 }, delay: { by: Duration.seconds(1), percent: 5 } },
    }),
    run: ({ web }, o) => Rule.otherwise().to(web).with(o),
  },
  {
    name: 'ruleMatch.redirect',
    options: () => ({ authority: 'a.example', path: '/a', scheme: 'https', port: 443, code: 301 }),
    run: (_, o) => Rule.otherwise().redirect(o),
  },
  {
    name: 'ruleMatch.to a part',
    options: ({ web }) => ({ weight: 100, to: web }),
    run: (_, o) => Rule.otherwise().to(o),
  },
  {
    name: 'Connection.of',
    options: () => ({
      ...{ connectTimeout: Duration.seconds(1), idleTimeout: Duration.seconds(1), maxDuration: Duration.seconds(1) },
      maxConnections: 5,
      keepalive: { idle: Duration.seconds(1), interval: Duration.seconds(1), probes: 3 },
      requests: { maxPending: 1, max: 1, maxPerConnection: 1, maxRetries: 1, maxConcurrentStreams: 1 },
      outlierDetection: { consecutive5xxErrors: 1, interval: Duration.seconds(1), maxEjectionPercent: 5 },
      loadBalancing: LoadBalancing.random(),
    }),
    run: (_, o) => Connection.of(o),
  },
  { name: 'LoadBalancing.byHeader', options: HASH, run: (_, o) => LoadBalancing.byHeader('a', o) },
  { name: 'LoadBalancing.byQuery', options: HASH, run: (_, o) => LoadBalancing.byQuery('a', o) },
  { name: 'LoadBalancing.bySourceAddress', options: HASH, run: (_, o) => LoadBalancing.bySourceAddress(o) },
  {
    name: 'LoadBalancing.byCookie',
    options: () => ({ ...HASH(), ttl: Duration.seconds(1), path: '/' }),
    run: (_, o) => LoadBalancing.byCookie('a', o),
  },
];

const PROGRAM: Entry[] = [
  {
    name: 'new Fleet',
    options: () => ({ program: 'a', removedClusters: ['b'], outdir: 'c', outputFileExtension: '.yaml' }),
    run: (_, o) => new Fleet(o),
  },
  {
    name: 'new MeshChart',
    options: ({ agency: { cluster } }) => ({ cluster, mesh: 'a', file: 'b', namespace: 'c', labels: { d: 'e' } }),
    run: ({ fleet }, o) => new MeshChart(fleet, 'other', o),
  },
  { name: 'new MeshValidation', options: () => ({ facts: ['a'] }), run: (_, o) => new MeshValidation(o) },
];

const EXPOSURES: Entry[] = [
  {
    name: 'expose of DirectPeering',
    options: ({ allow }) => ({
      ...{ host: 'a.example', allow, subset: 'v1', port: 8080 },
      ...{ ipBlocks: ['192.0.2.1'], remoteIpBlocks: ['192.0.2.0/24'], jwtRules: [JWT], httpsRedirect: false },
    }),
    run: ({ fleet, agency: consumer, partner: provider, ingress, plain: tls, broker }, o) =>
      new DirectPeering(fleet, 'other', { consumer, provider, ingress, tls }).expose(broker, o),
  },
  {
    name: 'expose of EgressGatewayPeering',
    options: ({ allow }) => ({ host: 'a.example', allow, subset: 'v1', port: 8080, connection: CONNECTION }),
    run: ({ fleet, agency: consumer, partner: provider, ingress, egress, plain: tls, broker }, o) =>
      new EgressGatewayPeering(fleet, 'other', { consumer, provider, ingress, egress, tls }).expose(broker, o),
  },
  {
    name: 'expose of FederationPeering',
    options: ({ allow }) => ({
      ...{ allow, alias: { name: 'a', namespace: 'b' }, alsoFrom: ['neighbour.example/ns/a/sa/b'] },
      asLocal: { namespace: 'a', name: 'b' },
    }),
    run: ({ fleet, maistra: consumer, neighbour: provider }, o) => {
      const near = provider.service('near', { namespace: 'near', ports: [Port.http(80)] });
      return new FederationPeering(fleet, 'other', { consumer, provider }).expose(near, o);
    },
  },
  {
    name: 'expose of a server in no mesh',
    options: ({ allow, plain: tls }) => ({ host: 'a.example', allow, onward: { tls } }),
    run: ({ fleet, agency: consumer, partner: provider, ingress, plain: tls }, o) =>
      new DirectPeering(fleet, 'other', { consumer, provider, ingress, tls }).expose(SERVER, o),
  },
  {
    name: 'onward of a server in no mesh',
    options: ({ plain: tls }) => ({ tls }),
    run: ({ fleet, agency: consumer, partner: provider, ingress, plain: tls, allow }, onward) =>
      new DirectPeering(fleet, 'other', { consumer, provider, ingress, tls }).expose(SERVER, {
        host: 'a.example',
        allow,
        onward,
      }),
  },
  {
    name: 'expose of PrivateGatewayPeering',
    options: ({ allow }) => ({
      ...{ allow, subset: 'v1', gatewayPort: 443, alsoFrom: ['partner.example/ns/a/sa/b'] },
      ...{ ipBlocks: ['192.0.2.1'], remoteIpBlocks: ['192.0.2.0/24'], jwtRules: [JWT] },
    }),
    run: ({ fleet, agency: consumer, partner: provider, ingress, egress, client, server, broker }, o) => {
      const tls = PeeringTls.mutual({ client, server });
      const sides = { consumer, provider, ingress, egress, tls, host: 'partner.example.com' };
      return new PrivateGatewayPeering(fleet, 'other', sides).expose(broker, o);
    },
  },
  {
    name: 'expose of SharedRootPeering',
    options: ({ agency }) => ({
      host: 'web.global',
      port: 80,
      // an identity of either mesh, as the one takes the trust domain of the other for its own
      allow: [Access.http({ from: ['far.example/ns/a/sa/b', 'agency.example/ns/a/sa/b'] })],
      subset: 'v1',
      serviceAccounts: ['a'],
      alsoFrom: ['far.example/ns/a/sa/b'],
      failover: new Failover(agency, 'failover', { host: 'web.global', port: Port.http(80), locality: 'eu-1' }).at(
        'eu-2',
      ),
    }),
    run: ({ fleet, agency: consumer, far: provider, eastWest: ingress, distant }, o) =>
      new SharedRootPeering(fleet, 'other', { consumer, provider, ingress }).expose(distant, o),
  },
];

const FROM_CONTRACTS: Entry[] = [
  {
    name: 'DirectPeering.fromContract',
    options: (own) => ({ consumer: consumerOf(own).consumer, contract: CONTRACTS.direct, callers: own.namespaces }),
    run: ({ fleet }, o) => DirectPeering.fromContract(fleet, o).exposure('broker/insurances:8000'),
  },
  {
    name: 'EgressGatewayPeering.fromContract',
    options: (own) => ({ ...consumerOf(own), contract: CONTRACTS.egress, callers: own.namespaces }),
    run: ({ fleet }, o) => EgressGatewayPeering.fromContract(fleet, o).exposure('broker/insurances:8000'),
  },
  {
    name: 'PrivateGatewayPeering.fromContract',
    options: (own) => ({
      ...consumerOf(own),
      contract: CONTRACTS.private,
      client: own.client,
      callers: own.namespaces,
    }),
    run: ({ fleet }, o) => PrivateGatewayPeering.fromContract(fleet, o).exposure('broker/insurances:8000'),
  },
];

const KEY = 'broker/insurances:8000';

const USES: Entry[] = [
  {
    name: 'exposure of DirectPeering',
    options: () => ({ connection: CONNECTION }),
    run: (own, o) => {
      const { consumer } = consumerOf(own);
      return DirectPeering.fromContract(own.fleet, { consumer, contract: CONTRACTS.direct }).exposure(KEY, o);
    },
  },
  {
    name: 'exposure of EgressGatewayPeering',
    options: () => ({ connection: CONNECTION }),
    run: (own, o) =>
      EgressGatewayPeering.fromContract(own.fleet, { ...consumerOf(own), contract: CONTRACTS.egress }).exposure(KEY, o),
  },
  {
    name: 'exposure of PrivateGatewayPeering',
    options: () => ({ connection: CONNECTION }),
    run: (own, o) => {
      const sides = { ...consumerOf(own), client: own.client, contract: CONTRACTS.private };
      return PrivateGatewayPeering.fromContract(own.fleet, sides).exposure(KEY, o);
    },
  },
];

const ENTRIES = [...[VALUES, ARGUMENTS, CONSTRUCTS, TOKENS, CALLS, PROGRAM, EXPOSURES, FROM_CONTRACTS, USES].flat()];

/** What comes of a program: what it writes and gives, or what is thrown. */
function outcome(run: (own: World) => unknown): string | Error {
  const own = world();
  try {
    const value = run(own);
    const given = typeof value === 'object' && value !== null && 'node' in value ? '' : JSON.stringify(sorted(value));
    // validators want more than one statement
    const objects = own.fleet.node.findAll().map(({ node }) => node.path);
    return JSON.stringify([given, objects, written(own.fleet)]);
  } catch (error) {
    return error as Error;
  }
}

/** A value whose fields do not depend on the order in which they were stated. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([key, child]) => [key, sorted(child)]),
  );
}

function written(fleet: Fleet): unknown {
  try {
    return fleet.manifests();
  } catch (error) {
    return String(error);
  }
}

/** What is wrong with the outcome of a replaced option, if anything. */
function fault({ options, run }: Entry, name: string, other: unknown): string | undefined {
  const found = outcome((own) => run(own, { ...options(own), [name]: other } as never));
  if (found instanceof MeshError) return found.where === '' ? 'an error without a place' : undefined;
  if (found instanceof Error) return `${found.name}: ${found.message}`;
  if (other !== undefined) return 'accepted';
  const without = outcome((own) => {
    const { [name]: _, ...rest } = options(own);
    return run(own, rest as never);
  });
  return found === without ? undefined : 'undefined is not the same as left out';
}

test.each(ENTRIES)('$name: valid options are taken', ({ name, options, run }) => {
  const found = outcome((own) => run(own, options(own) as never));
  if (['Contract.file', 'Rule.to'].includes(name)) return;
  expect(found instanceof Error ? found.message : '').toBe('');
});

test.each(ENTRIES)(
  '$name: what stands in the place of an option is refused, or the same as leaving it out',
  (entry) => {
    const valid = entry.options(world());
    const faults = Object.entries(valid).flatMap(([name, value]) =>
      OTHER_KINDS.filter((other) => !isSameKind(value, other)).map((other) => {
        const found = fault(entry, name, other);
        return found && `${name}: ${JSON.stringify(other)} ${found}`;
      }),
    );
    expect(faults.filter((found) => found !== undefined)).toEqual([]);
  },
);

test.each(ENTRIES.filter(({ isPositional }) => !isPositional))(
  '$name: what stands in the place of all options is refused',
  ({ run }) => {
    const faults = [null, 42, 'text', []].map((other) => {
      const found = outcome((own) => run(own, other as never));
      return found instanceof MeshError ? undefined : `${JSON.stringify(other)} ${String(found).slice(0, 200)}`;
    });
    expect(faults.filter((found) => found !== undefined)).toEqual([]);
  },
);

test.each(ENTRIES.filter(({ isPositional }) => !isPositional))(
  '$name: an option that is misspelt is refused, not left out',
  ({ options, run }) => {
    const accepted = Object.keys(options(world())).filter((name) => {
      const misspelt = name.length > 3 ? name.slice(0, 1) + name.slice(2) : `${name}s`;
      const found = outcome((own) => {
        const { [name]: value, ...rest } = options(own);
        return run(own, { ...rest, [misspelt]: value } as never);
      });
      return !(found instanceof MeshError) || found.where === '';
    });
    expect(accepted).toEqual([]);
  },
);

/** Options, and those within: a path to each plain object. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (Array.isArray(value)) return value.flatMap((child, index) => placesIn(child, [...path, String(index)]));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return [];
  return [path, ...Object.entries(value).flatMap(([name, child]) => placesIn(child, [...path, name]))];
}

/** The value with another name in one of its objects. */
function withName(value: unknown, [step, ...path]: readonly string[], name: string, stated: unknown): unknown {
  if (step === undefined) return { ...(value as object), [name]: stated };
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  const children = copy as Record<string, unknown>;
  children[step] = withName(children[step], path, name, stated);
  return copy;
}

const ANY_NAME = fc.oneof(
  fc.constantFrom('sourceRanges', 'notFrom', 'constructor', 'hasOwnProperty', '__proto__'),
  fc.string({ minLength: 1, maxLength: 20 }),
);

test.each(ENTRIES.filter(({ isPositional }) => !isPositional))(
  '$name: a name that is no option is refused, however far off and deep down; undefined says nothing',
  ({ options, run }) => {
    const places = placesIn(options(world()));
    const result = (name: string, place: readonly string[], value: unknown) =>
      outcome((own) => run(own, withName(options(own), place, name, value) as never));
    fc.assert(
      fc.property(ANY_NAME, fc.constantFrom(...places), (name, place) => {
        // of an option, or a map, that has the name this is no value either
        const found = result(name, place, [true]);
        if (!(found instanceof MeshError))
          throw new Error(`${[...place, name].join('.')}: ${String(found).slice(0, 200)}`);
        expect(found.where).not.toBe('');
      }),
      { numRuns: 4 * places.length, seed: 7 },
    );
    expect(result('sourceRanges', [], undefined)).toEqual(outcome((own) => run(own, options(own) as never)));
    expect(result('sourceRanges', [], null)).toMatchObject({ code: 'MESH1006' });
  },
);

test.each<[string, (own: World, other: object) => unknown]>([
  ['fleet.synth', ({ fleet }, other) => fleet.synth({ dryRun: true, ...other })],
  [
    'SharedRootPeering.fromContract',
    ({ fleet, agency: consumer }, other) =>
      SharedRootPeering.fromContract(fleet, { consumer, contract: CONTRACTS.direct, ...other }),
  ],
  [
    'FederationPeering.fromContract',
    ({ fleet, agency: consumer }, other) =>
      FederationPeering.fromContract(fleet, { consumer, contract: CONTRACTS.direct, ...other }),
  ],
])('%s refuses a name that is no option before it reads anything', (_, run) => {
  const message = messageOf(() => run(world(), { sourceRanges: ['192.0.2.0/24'] }));
  expect(message).toMatch(/^MESH1006 .*: 'sourceRanges' is not an option, expected /);
});

/** What takes options, and is no entry above. */
const WITHOUT_ENTRY = [
  // tested beside: an output folder, contracts of their own
  ...['fleet.synth', 'SharedRootPeering.fromContract', 'FederationPeering.fromContract'],
  // made by a factory: Mesh.external, mesh.service; by a synth that fails
  ...['new ExternalMesh', 'new MeshService', 'new SynthError'],
  // called by strategies, with values of theirs; by cdk8s-cli
  ...['ContractedProvider.of', 'connection.render', 'meshValidation.validate'],
  // read as those of `expose` are, which has an entry for each strategy
  ...['sharedRootPeering.exposure', 'federationPeering.exposure'],
];

test('every constructor, factory and method of the public interface that takes options is an entry above', () => {
  const all = takesOptions().filter((name) => !/\.(tls|tcp)Exposure$/.test(name));
  const entries = new Set(ENTRIES.map(({ name }) => name));
  const isEntry = (name: string) => {
    const [owner = '', method] = name.split('.');
    const own = `${method} of ${owner.charAt(0).toUpperCase()}${owner.slice(1)}`;
    return entries.has(name) || entries.has(own) || [...entries].some((entry) => entry.startsWith(`${name} `));
  };
  expect(all.length).toBeGreaterThan(70);
  expect(all.filter((name) => !isEntry(name))).toEqual([...WITHOUT_ENTRY].sort());
});

test('a misspelt option names the one that is meant, any other all that there are', () => {
  const refused = (stated: object) => messageOf(() => Gateway.existing(world().agency, 'other', stated as never));
  const valid = { kind: 'egress', namespace: 'edge', selector: { istio: 'edge' } };
  expect(refused({ ...valid, serviceAcount: 'edge' })).toBe(
    "MESH1006 agency-cluster/agency/other: 'serviceAcount' is not an option, expected 'serviceAccount'",
  );
  expect(refused({ ...valid, ServiceAccount: 'edge' })).toBe(
    "MESH1006 agency-cluster/agency/other: 'ServiceAccount' is not an option, expected 'serviceAccount'",
  );
  expect(refused({ ...valid, owner: 'team-a' })).toBe(
    "MESH1006 agency-cluster/agency/other: 'owner' is not an option, expected kind, ports, address, route, denyByDefault, policies, believesOtherRoots, serverTls, namespace, selector, service, serviceAccount",
  );
  expect(refused({ ...valid, serverTls: { ciphers: [] } })).toBe(
    "MESH1006 agency-cluster/agency/other: 'ciphers' is not an option of 'serverTls', expected minProtocolVersion, maxProtocolVersion, cipherSuites",
  );
});

test.each(['httpsRedirect', 'mirrorOf', 'paths', 'onward', 'credential'])(
  'an exposure without a host of its own refuses %s, which would limit nothing',
  (name) => {
    const strategies = ['PrivateGatewayPeering', 'SharedRootPeering'];
    const messages = strategies.map((strategy) => {
      const { options, run } = EXPOSURES.find((entry) => entry.name === `expose of ${strategy}`) as Entry;
      const found = outcome((own) => run(own, { ...options(own), [name]: null } as never));
      return found instanceof MeshError ? found.message : found;
    });
    expect(messages).toEqual(
      strategies.map((strategy) =>
        expect.stringContaining(`'${name}' is no option of an exposure of ${strategy}, which would do nothing with it`),
      ),
    );
  },
);

test('what has no options says so', () => {
  const own = world();
  const messages = [
    () => new DirectPeering(own.fleet, 'other', undefined as never),
    () => new Gateway(own.agency, 'other', undefined as never),
    () => DirectPeering.fromContract(own.fleet, undefined as never),
  ].map((run) => messageOf(run));
  expect(messages).toEqual([
    'MESH1006 other: what is stated is undefined, expected an object with consumer and provider; is an environment variable unset, or a field of a JSON file missing?',
    "MESH1006 agency-cluster/agency/other: what is stated is undefined, expected an object with options, such as { kind: 'ingress', namespace: … }; is an environment variable unset, or a field of a JSON file missing?",
    'MESH1006 DirectPeering.fromContract: what is stated is undefined, expected an object with options; is an environment variable unset, or a field of a JSON file missing?',
  ]);
});

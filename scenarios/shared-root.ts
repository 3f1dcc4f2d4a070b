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
  Ossm,
  type Platform,
  Port,
  Routing,
  Rule,
  SharedRootPeering,
  TrustBundle,
  Workload,
} from '../lib';

/** What differs between the variants. */
interface Variant {
  readonly platform: Platform;
  readonly controlPlane: (options: ControlPlaneOptions) => ControlPlane;
  /** How the provider's gateway is reached. */
  readonly address: Address;
}

/** The root that both clusters' intermediates are of. */
const root = TrustBundle.declared('shared-root', { rootSha256: ['a1'.repeat(32)] });

/** Two clusters of one root: httpbin, echo and greeter of the second for the first, helloworld in both. */
function sharedRoot(fleet: Fleet, { platform, controlPlane, address }: Variant): void {
  const c1 = new Mesh(new Cluster(fleet, 'c1'), 'c1', {
    platform,
    // hosts of the other cluster are known to no DNS server
    controlPlane: controlPlane({ pluggedInCa: true, dnsCapture: true, outboundTrafficPolicy: 'REGISTRY_ONLY' }),
    root,
  });
  const c2 = new Mesh(new Cluster(fleet, 'c2'), 'c2', {
    platform,
    controlPlane: controlPlane({ pluggedInCa: true }),
    root,
  });
  for (const namespace of ['foo', 'sample']) c1.namespace(namespace, { create: true });
  for (const namespace of ['bar', 'sample']) c2.namespace(namespace, { create: true });
  // a control plane that we write says it itself
  if (c2.controlPlane.kind === 'existing') new MtlsPolicy(c2, 'strict', { mode: 'STRICT' });

  const eastWest = new Gateway(c2, 'eastwest', {
    kind: 'ingress',
    namespace: c2.controlPlane.namespace,
    ports: [GatewayPort.tls()],
    address,
    // it passes mTLS on, which no policy of a gateway sees: the workloads' policies decide
    denyByDefault: false,
    replicas: [1, 1],
  });
  const peering = new SharedRootPeering(fleet, 'c1-c2', {
    consumer: c1,
    provider: c2,
    ingress: eastWest,
    domain: 'cluster2',
    callers: Callers.namespaces('foo', 'sample'),
  });

  const httpbin = c2.service('httpbin', { namespace: 'bar', ports: [Port.http(8000)] });
  new Workload(c2, 'httpbin', { service: httpbin, image: 'docker.io/mccutchen/go-httpbin:v2.15.0' });
  const sleep = c1.principal('foo/sleep');
  peering.expose(httpbin, { allow: [Access.http({ from: [sleep] })] });

  const echo = c2.service('echo', { namespace: 'bar', ports: [Port.tcp(9000)] });
  peering.expose(echo, { allow: [Access.tcp({ from: [c1.principal('foo/*')] })] });

  const greeter = c2.service('greeter', { namespace: 'bar', ports: [Port.grpc(50051)] });
  peering.expose(greeter, {
    allow: [Access.http({ from: [sleep], methods: ['POST'], paths: ['/hello.Greeter/*'] })],
  });

  const ports = [Port.http(5000)];
  const local = c1.service('helloworld', { namespace: 'sample', ports });
  const remote = peering.expose(c2.service('helloworld', { namespace: 'sample', ports }), {
    allow: [Access.http({ from: [c1.principal('sample/*')] })],
  });
  new Routing(c1, 'helloworld', {
    host: local,
    rules: [Rule.otherwise().to({ weight: 50, to: local }, { weight: 50, to: remote })],
  });
}

/** Upstream Istio, installed by Helm or istioctl: what their values must hold is printed. */
export function istio(fleet: Fleet): void {
  sharedRoot(fleet, {
    platform: Istio.v1_31(),
    controlPlane: (options) => ControlPlane.existing('istio-system', options),
    address: Address.ip('10.72.0.30'),
  });
}

/** The gateway is reached by nodes of its cluster; the control planes are written for the Sail operator. */
export function sail(fleet: Fleet): void {
  sharedRoot(fleet, {
    platform: Istio.v1_31(),
    controlPlane: (options) =>
      ControlPlane.sail('istio-system', { ...options, mtls: true, updateStrategy: 'RevisionBased' }),
    address: Address.nodePort({ nodes: ['192.0.2.21', '192.0.2.22'], port: 32001 }),
  });
}

/** OpenShift Service Mesh 2.6. */
export function ossm(fleet: Fleet): void {
  sharedRoot(fleet, {
    platform: Ossm.v2_6(),
    controlPlane: (options) => ControlPlane.smcp('mesh-system', { ...options, mtls: true }),
    address: Address.hostname('gateway.c2.example'),
  });
}

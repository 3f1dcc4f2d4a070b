import {
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  type Fleet,
  Gateway,
  GatewayPort,
  type GatewayProps,
  Identity,
  Istio,
  Mesh,
  MtlsPolicy,
  PeeringTls,
  type Platform,
  PrivateGatewayPeering,
  TrustBundle,
} from '../lib';

const NAMESPACE = 'istio-private-gateways';

/** A mesh that exists, or on another platform is installed by an operator, with a namespace of its own for private gateways. */
export function meshOf(fleet: Fleet, name: string, platform?: Platform): Mesh {
  const mesh = new Mesh(new Cluster(fleet, name), name, {
    platform: platform ?? Istio.v1_31(),
    controlPlane: platform ? ControlPlane.sail('istio-system') : ControlPlane.existing('istio-system'),
  });
  mesh.namespace(NAMESPACE, { create: true });
  return mesh;
}

/** How a provider's gateway differs from others. */
interface ProviderOptions extends Pick<GatewayProps, 'policies' | 'serverTls' | 'externalTrafficPolicy'> {
  readonly platform?: Platform;
}

/** What a mesh offers to others: its private ingress gateway, with a port for each kind of traffic. */
export function provider(fleet: Fleet, name: string, { platform, ...options }: ProviderOptions = {}) {
  const mesh = meshOf(fleet, name, platform);
  new MtlsPolicy(mesh, 'strict', { mode: 'STRICT' });
  const ingress = new Gateway(mesh, 'istio-private-ingressgateway', {
    kind: 'ingress',
    namespace: NAMESPACE,
    ports: [GatewayPort.https(15443), GatewayPort.tls(15444), GatewayPort.tls(31400), GatewayPort.tls(31401)],
    ...options,
  });
  const server = Credential.secret(`${name}-credential`, {
    identity: Identity.spiffe(`${name}.example.com/istio-private-ingressgateway`),
    signer: TrustBundle.declared(`example-${name}-ca`),
  });
  return { mesh, ingress, server };
}

/** What a mesh needs to call others: its private egress gateway and the certificate that they know it by. */
export function consumer(fleet: Fleet, name: string, platform?: Platform) {
  const mesh = meshOf(fleet, name, platform);
  const egress = new Gateway(mesh, 'istio-private-egressgateway', { kind: 'egress', namespace: NAMESPACE });
  const client = Credential.secret(`${name}-credential`, {
    identity: Identity.spiffe(`${name}.example.com/istio-private-egressgateway`),
    signer: TrustBundle.declared('example-consumers-ca'),
  });
  return { mesh, egress, client };
}

/** One of them may call some services of the other. */
export function connect(
  fleet: Fleet,
  { mesh, egress, client }: ReturnType<typeof consumer>,
  { mesh: called, ingress, server }: ReturnType<typeof provider>,
): PrivateGatewayPeering {
  return new PrivateGatewayPeering(fleet, `${mesh.name}-${called.name}`, {
    consumer: mesh,
    provider: called,
    egress,
    ingress,
    host: `${called.name}.example.com`,
    tls: PeeringTls.mutual({ client, server }),
    callers: Callers.serviceAccounts('default/sleep'),
  });
}

import {
  Access,
  Cluster,
  ControlPlane,
  Credential,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Mesh,
  Ossm,
  Port,
  Routing,
  Rule,
  TrustBundle,
} from '../lib';
import { connect } from './private-gateways';
import { bind } from './private-gateways-http';

const NAMESPACE = 'istio-private-gateways';

function meshOf(fleet: Fleet, name: string): Mesh {
  return new Mesh(new Cluster(fleet, name), name, {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp(`istio-system-${name}`, {
      outboundTrafficPolicy: 'REGISTRY_ONLY',
      mtls: true,
      pathNormalization: 'DECODE_AND_MERGE_SLASHES',
    }),
    trustDomain: `${name}.local`,
  });
}

const ports = [GatewayPort.https(15443), GatewayPort.tls(15444), GatewayPort.tls(31400)];

function credential(name: string, gateway: 'ingress' | 'egress', authority: string): Credential<'sds'> {
  return Credential.secret(`${name}-credential`, {
    identity: Identity.spiffe(`${name}.example.com/istio-private-${gateway}gateway`),
    signer: TrustBundle.declared(authority),
  });
}

/** One service of each protocol, for one consumer. */
function expose(
  fleet: Fleet,
  { c1, c2, egress, ingress }: { c1: Mesh; c2: Mesh; egress: Gateway; ingress: Gateway },
): void {
  c1.namespace('default');
  for (const mesh of [c1, c2]) mesh.namespace('bookinfo', { create: true });
  const peering = connect(
    fleet,
    { mesh: c1, egress, client: credential('c1', 'egress', 'example-consumers-ca') },
    { mesh: c2, ingress, server: credential('c2', 'ingress', 'example-c2-ca') },
  );
  const ratings = c2.service('myratings', {
    namespace: 'bookinfo',
    ports: [Port.http(9080)],
    subsets: { v1: { version: 'v1' } },
  });
  const paths = ['/ratings/*'];
  bind(c1, 'ratings', 9080, peering.expose(ratings, { subset: 'v1', allow: [Access.http({ paths })] }));
  const allow = [Access.tcp()];
  const database = c2.service('database', { namespace: 'bookinfo', ports: [Port.tcp(3306)] });
  new Routing(c1, 'database', {
    host: c1.alias('database', { namespace: 'default', port: Port.tcp(3306) }),
    rules: [Rule.otherwise().to(peering.expose(database, { allow, gatewayPort: 31400 }))],
  });
  const nginx = c2.service('my-nginx', { namespace: 'bookinfo', ports: [Port.tls(443, { targetPort: 8443 })] });
  new Routing(c1, 'my-nginx', {
    host: c1.alias('my-nginx', { namespace: 'bookinfo', port: Port.tls(443) }),
    rules: [Rule.otherwise().to(peering.expose(nginx, { allow }))],
  });
}

/** The control planes deploy the gateways: `additionalIngress` and `additionalEgress`. */
export function smcp(fleet: Fleet): void {
  const c1 = meshOf(fleet, 'c1');
  const c2 = meshOf(fleet, 'c2');
  expose(fleet, {
    c1,
    c2,
    egress: Gateway.smcp(c1, 'private-egressgateway', { kind: 'egress' }),
    ingress: Gateway.smcp(c2, 'private-ingressgateway', { kind: 'ingress', ports }),
  });
}

/** They are injected into a namespace of their own; the policies of the ingress gateway are one EnvoyFilter. */
export function injection(fleet: Fleet): void {
  const c1 = meshOf(fleet, 'c1');
  const c2 = meshOf(fleet, 'c2');
  for (const mesh of [c1, c2]) mesh.namespace(NAMESPACE, { create: true });
  expose(fleet, {
    c1,
    c2,
    egress: new Gateway(c1, 'private-egressgateway', { kind: 'egress', namespace: NAMESPACE }),
    ingress: new Gateway(c2, 'private-ingressgateway', {
      kind: 'ingress',
      namespace: NAMESPACE,
      ports,
      policies: 'EnvoyFilter',
    }),
  });
}

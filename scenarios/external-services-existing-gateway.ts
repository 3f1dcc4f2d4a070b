import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  EgressGatewayPeering,
  External,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Istio,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
  Workload,
} from '../lib';

/**
 * An egress gateway that Istio's Helm chart has installed: its pods listen on 443. One certificate of cert-manager calls
 * two servers of different authorities, and a database is dialled at its own port, with the application's own TLS.
 */
export function istio(fleet: Fleet): void {
  const client = new Mesh(new Cluster(fleet, 'client'), 'client', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'ALLOW_ANY' }),
  });
  client.namespace('branch', { create: true });
  client.namespace('istio-egress');
  const teller = client.service('teller', { namespace: 'branch', ports: [Port.http(8080)] });
  new Workload(client, 'teller', { service: teller, image: 'quay.io/example/teller:1.0' });
  const sides = {
    consumer: client,
    egress: Gateway.existing(client, 'istio-egressgateway', {
      kind: 'egress',
      namespace: 'istio-egress',
      selector: { istio: 'egressgateway' },
      ports: [GatewayPort.https(443, 443)],
      denyByDefault: true,
    }),
    callers: Callers.namespaces('branch'),
  };
  const branchCa = TrustBundle.declared('branch-ca');
  const own = Credential.certManager('branch-client', {
    identity: Identity.dns('branch.example'),
    signer: branchCa,
    issuer: { name: 'branch-ca', kind: 'ClusterIssuer' },
  });
  const allow = [Access.http()];
  for (const [name, signer] of [
    ['treasury', branchCa],
    ['bank', TrustBundle.declared('bank-ca')],
  ] as const) {
    const server = External.server({ host: `api.${name}.example`, ports: [Port.http(443)] });
    const end = new PeerEnd(Identity.dns(server.host), signer);
    const tls = PeeringTls.mutual({ client: own, server: end });
    new EgressGatewayPeering(fleet, name, { ...sides, provider: server, tls }).expose(server, {
      host: server.host,
      allow,
    });
  }
  const mongo = External.server({ host: 'db.mongo.example', ports: [Port.tls(27017)] });
  new EgressGatewayPeering(fleet, 'mongo', {
    ...sides,
    provider: mongo,
    tls: PeeringTls.application({ server: Identity.dns(mongo.host) }),
  }).expose(mongo, { host: mongo.host, allow: [Access.tcp()] });
}

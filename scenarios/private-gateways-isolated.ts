import {
  Access,
  Address,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Istio,
  Mesh,
  MtlsPolicy,
  PeeringTls,
  Port,
  PrivateGatewayPeering,
  Routing,
  Rule,
  TrustBundle,
} from '../lib';

/** Two teams share one cluster and one mesh; the private gateways are the only connection between their namespaces. */
export function istio(fleet: Fleet): void {
  const shared = new Mesh(new Cluster(fleet, 'shared'), 'shared', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system'),
  });
  for (const namespace of ['reader', 'reader-gateways', 'bookinfo', 'bookinfo-gateways']) {
    shared.namespace(namespace, { create: true });
  }
  new MtlsPolicy(shared, 'strict', { mode: 'STRICT' });
  const signer = TrustBundle.declared('example-ca');

  const peering = new PrivateGatewayPeering(fleet, 'reader-bookinfo', {
    consumer: shared,
    provider: shared,
    egress: new Gateway(shared, 'private-egressgateway', { kind: 'egress', namespace: 'reader-gateways' }),
    ingress: new Gateway(shared, 'private-ingressgateway', {
      kind: 'ingress',
      namespace: 'bookinfo-gateways',
      ports: [GatewayPort.https(15443)],
      address: Address.hostname('private-ingressgateway.bookinfo-gateways.svc.cluster.local'),
    }),
    host: 'bookinfo.example.com',
    tls: PeeringTls.mutual({
      client: Credential.secret('reader-credential', {
        identity: Identity.spiffe('reader.example.com/egress'),
        signer,
      }),
      server: Credential.secret('bookinfo-credential', {
        identity: Identity.spiffe('bookinfo.example.com/ingress'),
        signer,
      }),
    }),
    callers: Callers.serviceAccounts('reader/sleep'),
    onlyWayIn: ['bookinfo'],
  });

  const httpbin = shared.service('httpbin', { namespace: 'bookinfo', ports: [Port.http(8000)] });
  const exposure = peering.expose(httpbin, { allow: [Access.http({ methods: ['GET'] })] });
  new Routing(shared, 'httpbin', {
    host: shared.alias('httpbin', { namespace: 'reader', port: Port.http(9000) }),
    rules: [Rule.otherwise().to(exposure)],
  });
}

import {
  Access,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
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

/** A client in no mesh calls httpbin with a certificate of its own. */
export function istio(fleet: Fleet): void {
  const mesh = new Mesh(new Cluster(fleet, 'cluster2'), 'cluster2', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system'),
  });
  mesh.namespace('bar', { create: true });
  mesh.namespace('public-gateways', { create: true });
  const httpbin = mesh.service('httpbin', { namespace: 'bar', ports: [Port.http(8000)] });
  new Workload(mesh, 'httpbin', { service: httpbin, image: 'quay.io/example/httpbin:1.0' });

  const ingress = new Gateway(mesh, 'public', {
    kind: 'ingress',
    namespace: 'public-gateways',
    ports: [GatewayPort.https()],
    // the certificate has no SPIFFE ID that a policy could name: it is checked in the handshake
    denyByDefault: false,
  });
  const ca = TrustBundle.declared('example-com');
  new DirectPeering(fleet, 'outside', {
    consumer: External.client('outside'),
    provider: mesh,
    ingress,
    tls: PeeringTls.mutual({
      client: new PeerEnd(Identity.dns('client.example.com'), ca),
      server: Credential.secret('httpbin-credential', { identity: Identity.dns('httpbin.example.com'), signer: ca }),
    }),
  }).expose(httpbin, { host: 'httpbin.example.com', allow: [Access.http()] });
}

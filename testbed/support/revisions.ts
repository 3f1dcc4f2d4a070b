import {
  Access,
  Cluster,
  ControlPlane,
  DirectPeering,
  External,
  type Fleet,
  Gateway,
  GatewayPort,
  Istio,
  Mesh,
  MtlsPolicy,
  PeeringTls,
  Port,
  Workload,
} from '../../lib';

/** Revision of the istiod that has no default one beside it. */
export const REVISION = 'canary';

/** A mesh of a revision: a namespace of ours, a workload and a gateway in namespaces that exist without labels. */
export function revisions(fleet: Fleet): void {
  const mesh = new Mesh(new Cluster(fleet, 'c1'), 'c1', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { revision: REVISION }),
  });
  mesh.namespace('ours', { create: true });
  mesh.namespace('legacy');
  new MtlsPolicy(mesh, 'strict', { mode: 'STRICT' });
  const httpbin = mesh.service('httpbin', { namespace: 'legacy', ports: [Port.http(8000)] });
  new Workload(mesh, 'httpbin', { service: httpbin, image: 'quay.io/example/httpbin:1.0' });
  const ingress = new Gateway(mesh, 'public', {
    kind: 'ingress',
    namespace: 'gateways',
    ports: [GatewayPort.http()],
    replicas: [1, 1],
  });
  new DirectPeering(fleet, 'outside', {
    consumer: External.client('outside'),
    provider: mesh,
    ingress,
    tls: PeeringTls.plain(),
  }).expose(httpbin, { host: 'httpbin.example.com', allow: [Access.http()] });
}

import { Cluster, ControlPlane, Fleet, Gateway, Istio, Mesh } from '../../lib';

// Compiled, never run: every line below `@ts-expect-error` must be refused by the types.

const mesh = new Mesh(new Cluster(new Fleet(), 'a'), 'a', {
  platform: Istio.v1_31(),
  controlPlane: ControlPlane.existing('istio-system'),
});
const exists = { kind: 'ingress', namespace: 'a', selector: { a: 'b' } } as const;

export const refused = [
  // @ts-expect-error nothing of its deployment is ours
  Gateway.existing(mesh, 'a', { ...exists, resources: { requests: { cpu: '1' } } }),
  // @ts-expect-error nor of its Service
  Gateway.existing(mesh, 'b', { ...exists, serviceAnnotations: { a: 'b' } }),
  // @ts-expect-error a ServiceMeshControlPlane has no field for it
  Gateway.smcp(mesh, 'c', { kind: 'ingress', topologySpreadConstraints: [] }),
  // @ts-expect-error quantities are texts
  new Gateway(mesh, 'd', { kind: 'ingress', namespace: 'a', resources: { requests: { cpu: 1 } } }),
];

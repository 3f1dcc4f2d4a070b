import { Access, Cluster, ControlPlane, DirectPeering, Fleet, Gateway, Istio, Mesh, PeeringTls, Port } from '../../lib';

/** Meshes in a ring, each of which calls some services of the next. */
export function ring(clusters: number, exposures: number, fleet = new Fleet({ print: () => {} })): Fleet {
  const places = Array.from({ length: clusters }, (_, index) => {
    const mesh = new Mesh(new Cluster(fleet, `cluster-${index}`), `mesh-${index}`, {
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('istio-system'),
    });
    mesh.namespace('shop');
    const ingress = new Gateway(mesh, 'public', { kind: 'ingress', namespace: 'gateways' });
    return { mesh, ingress };
  });
  for (const [index, { mesh: consumer }] of places.entries()) {
    const { mesh: provider, ingress } = places[(index + 1) % clusters];
    const tls = PeeringTls.plain();
    const peering = new DirectPeering(fleet, `from-${index}`, { consumer, provider, ingress, tls });
    for (let number = 0; number < exposures; number++) {
      peering.expose(provider.service(`stock-${number}`, { namespace: 'stock', ports: [Port.http(8080)] }), {
        host: `stock-${number}.${provider.name}.example`,
        allow: [Access.http({ methods: ['GET'], paths: ['/items/*'] })],
      });
    }
  }
  return fleet;
}

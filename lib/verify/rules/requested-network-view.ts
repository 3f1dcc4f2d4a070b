import { importNetwork } from '../../facts/federation';
import { controlPlaneOf, peersOf } from '../objects/federation';
import { at, type Rule } from '../rule';

/** An egress gateway that asks for another network than that of its peer. */
export const requestedNetworkView: Rule = {
  code: 'MESH3037',
  severity: 'warning',
  title: 'requestedNetworkView of another network than the peer has',
  why: 'endpoints of imported services are in network-<name of the ServiceMeshPeer>; once the mesh knows a network gateway, the egress gateway is told none of them: 503 UH',
  fix: 'state network-<name of the ServiceMeshPeer>, or leave requestedNetworkView out',
  reads: ['ServiceMeshPeer', 'ServiceMeshControlPlane'],
  check: (input) =>
    peersOf(input).flatMap((peer) => {
      const plane = controlPlaneOf(input, peer);
      const gateway = peer.spec.gateways?.egress?.name ?? '';
      const view = plane?.spec.gateways?.additionalEgress?.[gateway]?.requestedNetworkView;
      const network = importNetwork(peer.name);
      if (plane === undefined || view === undefined || view.includes(network)) return [];
      return [
        {
          objects: [
            at(plane.ref, `spec.gateways.additionalEgress[${gateway}].requestedNetworkView`),
            at(peer.ref, 'metadata.name'),
          ],
          message: `egress gateway '${gateway}' of ${plane.ref} asks for ${view.join(', ') || 'no network'}; imported services of ${peer.ref} are in ${network}`,
        },
      ];
    }),
};

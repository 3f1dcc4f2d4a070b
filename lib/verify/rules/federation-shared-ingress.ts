import { isOfOneControlPlane, peersOf } from '../objects/federation';
import { at, type Rule } from '../rule';

/** One ingress gateway that two ServiceMeshPeers name. */
export const federationSharedIngress: Rule = {
  code: 'MESH3031',
  severity: 'error',
  title: 'ingress gateway shared by two ServiceMeshPeers',
  why: 'for each peer istiod denies everybody else at the gateway; together the two deny everybody: 503',
  fix: 'give each ServiceMeshPeer an additional ingress gateway of its own',
  reads: ['ServiceMeshPeer'],
  check: (input) => {
    const peers = peersOf(input);
    return peers.flatMap((peer, index) => {
      const name = peer.spec.gateways?.ingress?.name;
      const other = peers
        .slice(0, index)
        .find((one) => isOfOneControlPlane(one, peer) && one.spec.gateways?.ingress?.name === name);
      if (name === undefined || other === undefined) return [];
      return [
        {
          objects: [other, peer].map(({ ref }) => at(ref, 'spec.gateways.ingress.name')),
          message: `${peer.ref} names ingress gateway '${name}', as ${other.ref} does`,
        },
      ];
    });
  },
};

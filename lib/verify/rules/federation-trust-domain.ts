import { isOfOneControlPlane, peersOf, trustDomainOf } from '../objects/federation';
import { at, type Rule } from '../rule';

const FIELD = 'spec.security.trustDomain';

/** A ServiceMeshPeer without a trust domain of its own. */
export const federationTrustDomain: Rule = {
  code: 'MESH3030',
  severity: 'error',
  title: 'peer without a trust domain of its own',
  why: 'roots are kept by trust domain, and that of a peer with the own one is never loaded: the gateways refuse each other',
  fix: 'give each mesh a trust domain of its own, and state it in security.trustDomain',
  reads: ['ServiceMeshPeer', 'ServiceMeshControlPlane'],
  check: (input) => {
    const peers = peersOf(input);
    return peers.flatMap((peer, index) => {
      const { trustDomain } = peer.spec.security ?? {};
      if (trustDomain === undefined || trustDomain === '') {
        return [{ objects: [at(peer.ref, FIELD)], message: `${peer.ref} states no security.trustDomain` }];
      }
      if (trustDomain === trustDomainOf(input, peer)) {
        return [
          {
            objects: [at(peer.ref, FIELD)],
            message: `${peer.ref} has the trust domain '${trustDomain}' of its own mesh`,
          },
        ];
      }
      const other = peers
        .slice(0, index)
        .find((one) => isOfOneControlPlane(one, peer) && one.spec.security?.trustDomain === trustDomain);
      if (other === undefined) return [];
      return [
        {
          objects: [other, peer].map(({ ref }) => at(ref, FIELD)),
          message: `${peer.ref} has the trust domain '${trustDomain}', as ${other.ref} has`,
        },
      ];
    });
  },
};

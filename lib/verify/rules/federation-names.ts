import {
  controlPlaneOf,
  exportsOf,
  importsOf,
  isOfOneControlPlane,
  type PeerSpec,
  peersOf,
} from '../objects/federation';
import type { Found, RuleInput } from '../objects/objects';
import { at, type Problem, type Rule } from '../rule';

/** Names that OpenShift Service Mesh 2 looks up, and that nothing has. */
export const federationNames: Rule = {
  code: 'MESH3032',
  severity: 'warning',
  title: 'federation by a name that nothing has',
  why: 'istiod finds the sets of a peer by its name, and its gateways in its own namespace; what it does not find it leaves out silently',
  fix: 'give ServiceMeshPeer, ExportedServiceSet and ImportedServiceSet one name, and name additional gateways of the ServiceMeshControlPlane',
  reads: ['ServiceMeshPeer', 'ExportedServiceSet', 'ImportedServiceSet', 'ServiceMeshControlPlane'],
  check: (input) => {
    const peers = peersOf(input);
    const alone = [...exportsOf(input), ...importsOf(input)].filter((set) =>
      peers.every((peer) => !isOfOneControlPlane(peer, set) || peer.name !== set.name),
    );
    return [
      ...alone.map(({ ref, name }) => ({
        objects: [at(ref, 'metadata.name')],
        message: `${ref} is for a peer '${name}', but there is no ServiceMeshPeer of that name beside it`,
      })),
      ...peers.flatMap((peer) => missingGateways(input, peer)),
    ];
  },
};

/** Where the ServiceMeshControlPlane is known, all its gateways are. */
function missingGateways(input: RuleInput, peer: Found<PeerSpec>): Problem[] {
  const plane = controlPlaneOf(input, peer);
  if (plane === undefined) return [];
  return (['ingress', 'egress'] as const).flatMap((kind) => {
    const name = peer.spec.gateways?.[kind]?.name;
    const section = kind === 'ingress' ? 'additionalIngress' : 'additionalEgress';
    const known = Object.keys(plane.spec.gateways?.[section] ?? {});
    if (name !== undefined && known.includes(name)) return [];
    return [
      {
        objects: [at(peer.ref, `spec.gateways.${kind}.name`), at(plane.ref, `spec.gateways.${section}`)],
        message: `${peer.ref} names ${kind} gateway '${name ?? ''}', of ${section} ${plane.ref} has ${known.join(', ') || 'none'}`,
      },
    ];
  });
}

import { smcpServiceAccount } from '../../facts/federation';
import {
  aliasOf,
  exportsOf,
  importsOf,
  isOfOneControlPlane,
  isWildcard,
  type PeerSpec,
  peersOf,
  trustDomainOf,
} from '../objects/federation';
import type { Found, RuleInput } from '../objects/objects';
import { at, type Problem, type Rule } from '../rule';

/** What two ServiceMeshPeers of two meshes, or an import and an export, say of each other and do not agree on. */
export const federationMirror: Rule = {
  code: 'MESH3033',
  severity: 'error',
  title: 'two sides of a federation that contradict each other',
  why: 'the gateway of one side refuses that of the other, or an import waits for a service that is not exported',
  fix: "state the peer's egress gateway as clientID, and import the names that the peer exports",
  reads: ['ServiceMeshPeer', 'ExportedServiceSet', 'ImportedServiceSet', 'ServiceMeshControlPlane'],
  check: (input) => {
    const peers = peersOf(input);
    return peers.flatMap((peer) => {
      const mirror = peers.find((other) => isMirror(input, peer, other));
      return mirror ? [...clientProblems(input, peer, mirror), ...importProblems(input, peer, mirror)] : [];
    });
  },
};

/** Whether the second is what the other mesh says of the mesh of the first. */
function isMirror(input: RuleInput, peer: Found<PeerSpec>, other: Found<PeerSpec>): boolean {
  const own = trustDomainOf(input, peer);
  const theirs = trustDomainOf(input, other);
  return (
    own !== undefined &&
    own !== theirs &&
    peer.spec.security?.trustDomain === theirs &&
    other.spec.security?.trustDomain === own
  );
}

function clientProblems(input: RuleInput, peer: Found<PeerSpec>, mirror: Found<PeerSpec>): Problem[] {
  const gateway = mirror.spec.gateways?.egress?.name;
  if (gateway === undefined) return [];
  const expected = identityOf(input, mirror, gateway);
  const { clientID = '' } = peer.spec.security ?? {};
  if (clientID === expected) return [];
  return [
    {
      objects: [at(peer.ref, 'spec.security.clientID'), at(mirror.ref, 'spec.gateways.egress.name')],
      message: `${peer.ref} has clientID '${clientID}'; by ${mirror.ref} the peer calls as '${expected}'`,
    },
  ];
}

/** Who a gateway is: as the fleet knows it, otherwise as the operator names its ServiceAccount. */
function identityOf(input: RuleInput, { cluster, namespace, ...peer }: Found<PeerSpec>, gateway: string): string {
  const known = input.facts.meshes
    .filter((mesh) => mesh.cluster === cluster)
    .flatMap(({ gateways }) => gateways)
    .find((one) => one.namespace === namespace && one.service === gateway);
  const domain = trustDomainOf(input, { cluster, namespace, ...peer });
  return known?.identity ?? `${domain}/ns/${namespace}/sa/${smcpServiceAccount(gateway)}`;
}

/** Imports by name of what the peer's exports by name do not hold; wildcards and labels may hold anything. */
function importProblems(input: RuleInput, peer: Found<PeerSpec>, mirror: Found<PeerSpec>): Problem[] {
  const imports = importsOf(input).find((set) => isOfOneControlPlane(set, peer) && set.name === peer.name);
  const exports = exportsOf(input).find((set) => isOfOneControlPlane(set, mirror) && set.name === mirror.name);
  const rules = exports?.spec.exportRules ?? [];
  const isOpen = rules.some(
    ({ labelSelector, nameSelector }) =>
      labelSelector !== undefined || isWildcard(nameSelector?.name) || isWildcard(nameSelector?.namespace),
  );
  if (imports === undefined || exports === undefined || isOpen) return [];
  const exported = rules.map(({ nameSelector = {} }) => aliasOf(nameSelector));
  return (imports.spec.importRules ?? []).flatMap(({ nameSelector: { namespace, name } = {} }, index) => {
    if (isWildcard(namespace) || isWildcard(name) || exported.includes(`${namespace}/${name}`)) return [];
    return [
      {
        objects: [at(imports.ref, `spec.importRules[${index}].nameSelector`), at(exports.ref, 'spec.exportRules')],
        message: `${imports.ref} imports '${namespace}/${name}'; ${exports.ref} exports ${exported.join(', ') || 'nothing'}`,
      },
    ];
  });
}

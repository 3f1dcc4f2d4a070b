import { MeshError } from '../../facts/error';
import type { FederationEnd } from '../../facts/federation';
import type { RootFacts } from '../../facts/fleet';
import type { Mesh } from '../../mesh/mesh';

/**
 * Checks that the gateways of a mesh can verify those of a peer.
 *
 * @throws MESH1282 when the control plane does not state the peer's root.
 */
export function checkBelieved(mesh: Mesh, { root }: FederationEnd, where: string): void {
  const own = mesh.root?.facts();
  const others = mesh.controlPlane.otherRoots?.facts().roots ?? [];
  const believed = root === undefined ? others.length > 0 : [...(own ? [own] : []), ...others].some(isSame(root));
  if (believed) return;
  const name = root === undefined ? 'the root of the peer' : `root '${root.name}' of the peer`;
  const has = others.map((other) => `'${other.name}'`).join(', ') || 'none';
  throw new MeshError(
    'MESH1282',
    where,
    `gateways of ${mesh.node.path} do not believe ${name}: the other roots of its control plane are ${has}; state it with otherRoots: OtherRoots.byGateways({ root: …, certificates: … })`,
  );
}

/** By fingerprint where both are known, otherwise by name. */
function isSame(root: RootFacts): (other: RootFacts) => boolean {
  return (other) =>
    root.sha256.length > 0 && other.sha256.length > 0
      ? root.sha256.some((fingerprint) => other.sha256.includes(fingerprint))
      : root.name === other.name;
}

import { MeshError } from '../../facts/error';
import type { FederationEnd } from '../../facts/federation';
import type { Mesh } from '../../mesh/mesh';
import { isSameRoot } from '../../trust/same-root';

/**
 * Checks that the gateways of a mesh can verify those of a peer.
 *
 * @throws MESH1282 when the control plane does not state the peer's root.
 */
export function checkBelieved(mesh: Mesh, { root }: FederationEnd, where: string): void {
  const own = mesh.root?.facts();
  const others = mesh.controlPlane.otherRoots?.facts().roots ?? [];
  const believed =
    root === undefined
      ? others.length > 0
      : [...(own ? [own] : []), ...others].some((other) => isSameRoot(root, other));
  if (believed) return;
  const name = root === undefined ? 'the root of the peer' : `root '${root.name}' of the peer`;
  const has = others.map((other) => `'${other.name}'`).join(', ') || 'none';
  throw new MeshError(
    'MESH1282',
    where,
    `gateways of ${mesh.node.path} do not believe ${name}: the other roots of its control plane are ${has}; state it with otherRoots: OtherRoots.byGateways({ root: …, certificates: … })`,
  );
}

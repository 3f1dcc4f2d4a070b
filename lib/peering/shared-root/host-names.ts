import { MeshError } from '../../facts/error';
import type { Mesh } from '../../mesh/mesh';

/**
 * How callers find hosts that no DNS server knows: their proxy answers (`dnsCapture`), or they dial a name of the own
 * cluster, such as an alias, and a Routing leads to the host (`rulesOnly`).
 */
export type HostNames = 'dnsCapture' | 'rulesOnly';

/** @throws MESH1116 when callers shall dial hosts that nothing resolves. */
export function needNames(mesh: Mesh, names: HostNames = 'dnsCapture', where: string): void {
  if (names === 'rulesOnly' || mesh.controlPlane.dnsCapture) return;
  throw new MeshError(
    'MESH1116',
    where,
    `control plane of ${mesh.node.path}: no DNS server knows the hosts of other meshes; state dnsCapture: true, or names: 'rulesOnly' where only a Routing leads to them`,
  );
}

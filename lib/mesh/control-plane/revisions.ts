import { MeshError } from '../../facts/error';
import { attached } from '../../fleet/attached';
import type { Cluster } from '../../fleet/cluster';

/**
 * Notes the revision of a mesh in its cluster.
 *
 * @throws MESH1122 when another mesh of the cluster has the same: pods that ask for it get the proxy of one of the two.
 */
export function claimRevision(cluster: Cluster, revision: string, where: string): void {
  const known = attached(cluster, 'revisions', () => new Map<string, string>());
  const other = known.get(revision);
  if (other === undefined) known.set(revision, where);
  else {
    throw new MeshError(
      'MESH1122',
      where,
      `istiod has revision '${revision}', as that of mesh ${other} in the same cluster: pods would get the proxy of one of the two; state the revision of each, such as ControlPlane.existing('istio-system', { revision: 'canary' })`,
    );
  }
}

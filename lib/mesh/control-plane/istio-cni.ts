import { ApiObject } from 'cdk8s';
import { Namespace } from '../../../imports/kubernetes';
import { MeshError } from '../../facts/error';
import { attached } from '../../fleet/attached';
import type { Cluster } from '../../fleet/cluster';
import { MeshChart } from '../../fleet/mesh-chart';
import { ownerLabels } from '../gitops';
import type { ControlPlaneContext } from './options';

/** Namespace of the node agent, by the documents of the operator. */
const NAMESPACE = 'istio-cni';

/**
 * The `IstioCNI` of a cluster and its namespace, in a file of their own, once for all meshes there: the operator takes one,
 * of the name `default`. Its fields are those of the Sail operator's API reference; of this kind there is no schema here.
 *
 * @throws MESH1123 when another mesh of the cluster needs another version.
 */
export function writeIstioCni(cluster: Cluster, version: string, context: ControlPlaneContext): void {
  const { mesh, where, annotations } = context;
  const written = attached(cluster, 'IstioCNI', () => ({ version, mesh }));
  if (written.version !== version) {
    throw new MeshError(
      'MESH1123',
      where,
      `the cluster has one IstioCNI, of version '${written.version}' for mesh '${written.mesh}', and this mesh needs '${version}'; state cni: false at the mesh whose control plane may run with the other's (at most one minor version apart)`,
    );
  }
  if (written.mesh !== mesh) return;
  // ids of meshes are in lower case
  const chart = new MeshChart(cluster, 'IstioCNI', {
    cluster,
    mesh,
    file: '0-istio-cni',
    labels: ownerLabels(NAMESPACE),
  });
  new Namespace(chart, 'Namespace', { metadata: { name: NAMESPACE, annotations } });
  new ApiObject(chart, 'IstioCNI', {
    apiVersion: 'sailoperator.io/v1',
    kind: 'IstioCNI',
    metadata: { name: 'default', annotations },
    spec: { namespace: NAMESPACE, version },
  });
}

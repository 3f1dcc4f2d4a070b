import type { Chart } from 'cdk8s';
import type { Placement } from '../synth/chart-file';
import { checkFileName } from '../synth/output-path';
import { Cluster } from './cluster';
import { MeshChart } from './mesh-chart';

/**
 * The cluster and file of a chart; undefined for charts outside of clusters, which go where cdk8s puts them.
 *
 * @param extension of files: `.k8s.yaml`.
 * @throws MESH2004 when the ids of a plain chart in a cluster make no file name.
 */
export function placementOf(chart: Chart, extension: string): Placement | undefined {
  if (MeshChart.isMeshChart(chart)) {
    return { cluster: chart.cluster.name, file: chart.file + extension };
  }
  const scopes = chart.node.scopes;
  const index = scopes.findIndex(Cluster.isCluster);
  if (index < 0) return undefined;
  const ids = scopes.slice(index + 1).map(({ node }) => node.id);
  return { cluster: scopes[index].node.id, file: checkFileName(ids.join('.'), chart.node.path) + extension };
}

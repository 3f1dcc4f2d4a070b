import { MeshError } from '../facts/error';
import type { World } from './world/world';

/**
 * The caller that people mean: `cluster/namespace/workload`, or `cluster/workload` where that is only one. A workload is
 * called by its name or by its label `app`.
 *
 * @throws MESH4005 when there is no such workload, or several.
 */
export function callerNamed(world: World, text: string): string {
  const [cluster, ...rest] = text.split('/');
  const mesh = world.meshes.get(cluster);
  if (mesh === undefined) {
    const clusters = [...world.meshes.keys()].join(', ') || 'none';
    throw new MeshError('MESH4005', text, `there is no cluster '${cluster}'; there are ${clusters}`);
  }
  const name = rest.at(-1) ?? '';
  const namespace = rest.length === 2 ? rest[0] : undefined;
  const here = mesh.workloads.filter((one) => namespace === undefined || one.namespace === namespace);
  const named = here.filter((one) => one.name === name);
  const found = named.length > 0 ? named : here.filter(({ labels }) => labels.app === name || labels.istio === name);
  const namespaces = new Set(found.map((one) => one.namespace));
  if (rest.length > 0 && rest.length < 3 && (namespaces.size === 1 || (namespace !== undefined && found.length > 0))) {
    return `${cluster}/${found[0].namespace}/${found[0].name}`;
  }
  const known = (namespaces.size > 1 ? found : mesh.workloads).map(({ id }) => id).sort();
  const list = known.slice(0, 10).join(', ') || 'none';
  const more = known.length > 10 ? ` and ${known.length - 10} more` : '';
  const what = namespaces.size > 1 ? 'there are several such workloads' : 'there is no such workload';
  throw new MeshError(
    'MESH4005',
    text,
    `${what}; expected <cluster>/<namespace>/<workload>, the cluster has ${list}${more}`,
  );
}

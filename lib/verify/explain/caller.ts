import { MeshError } from '../../facts/error';
import type { World } from '../world/world';

/** What people call somebody who is in no cluster. */
const STRANGERS = ['(outside)', 'anyone', 'internet', 'network', 'outside'];

/**
 * The caller that people mean: `cluster/namespace/workload`, or `cluster/workload` where that is only one. The name of the
 * cluster may be left out where there is one alone. A workload is called by its name or by its label `app`.
 *
 * @returns its id.
 * @throws MESH4005 when there is no such workload, or several.
 */
export function callerNamed(world: World, text: string): string {
  const clusters = world.clusterNames;
  const [only, ...others] = clusters;
  const [first, ...more] = text.split('/');
  const isNamed = clusters.includes(first);
  const isShort = !isNamed && others.length === 0 && only !== undefined && more.length < 2;
  const [cluster, ...rest] = isShort ? [only, first, ...more] : [first, ...more];
  const inCluster = world.workloadsOf(cluster);
  const here = inCluster.filter((one) => rest.length !== 2 || one.namespace === rest[0]);
  const name = rest.at(-1) ?? '';
  const named = here.filter((one) => one.name === name);
  const found = named.length > 0 ? named : here.filter(({ labels }) => labels.app === name || labels.istio === name);
  const namespaces = new Set(found.map((one) => one.namespace));
  if (rest.length > 0 && rest.length < 3 && (namespaces.size === 1 || (rest.length === 2 && found.length > 0))) {
    return found[0].id;
  }
  if (STRANGERS.includes(first)) {
    throw new MeshError(
      'MESH4005',
      text,
      "expected a workload, <cluster>/<namespace>/<workload>; what callers reach who are none, 'multimesh exposures --from outside' says",
    );
  }
  const strange =
    isNamed || isShort ? '' : `there is no cluster '${first}'; there are ${clusters.join(', ') || 'none'}; `;
  const several = namespaces.size > 1 ? 'there are several such workloads; ' : 'there is no such workload; ';
  const known = (namespaces.size > 1 ? found : inCluster).map(({ id }) => world.places.told(id)).sort();
  const more10 = known.length > 10 ? ` and ${known.length - 10} more` : '';
  const list = clusters.includes(cluster)
    ? `, the cluster has ${known.slice(0, 10).join(', ') || 'none'}${more10}`
    : '';
  throw new MeshError('MESH4005', text, `${strange || several}expected <cluster>/<namespace>/<workload>${list}`);
}

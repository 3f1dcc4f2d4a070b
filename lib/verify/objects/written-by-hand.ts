import type { ClusterInput } from './objects';

/**
 * Whether a cluster is of no fleet: all that is known of it is in manifests. What a fleet leads to may be applied by somebody
 * else, and its calls are traced.
 */
export function writtenByHand({ facts }: ClusterInput): (of: { readonly cluster: string }) => boolean {
  const ofFleet = new Set(facts.meshes.map(({ cluster }) => cluster));
  return ({ cluster }) => !ofFleet.has(cluster);
}

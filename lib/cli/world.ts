import { admit } from '../verify/admission/findings';
import type { Hop } from '../verify/run/hop';
import { fleetParts } from '../verify/world/fleet-world';
import { mergeFacts } from '../verify/world/read-facts';
import type { Resource } from '../verify/world/resource';
import type { Snapshot } from '../verify/world/snapshot';
import { World } from '../verify/world/world';

/**
 * The clusters of a snapshot as they come to be: without the objects that they would refuse, and, of a fleet, with
 * stand-ins for what `fleet.json` speaks of and no manifest holds, as `verify` has them.
 *
 * @param resources that the clusters take. @default - judged here
 */
export function worldOf(
  { facts, fleet, stated = [], ...snapshot }: Snapshot,
  resources: readonly Resource[] = admit({ ...snapshot, ...(fleet ? { fleet } : {}) }).resources,
): World {
  if (!fleet) return new World(facts, resources);
  const parts = fleetParts(fleet, resources);
  // of folders that are no cluster of the fleet, the control plane was guessed
  return new World(mergeFacts([{ meshes: facts.meshes }, parts.facts, ...stated]), parts.resources);
}

/** Pods at stations of calls that no manifest of a fleet holds, as assumptions. */
export function standInsAt(hops: readonly Hop[], { resources }: World, { fleet }: Snapshot): string[] {
  if (!fleet) return [];
  const held = new Set(
    resources.filter(({ source }) => source).map(({ cluster, namespace, name }) => `${cluster}/${namespace}/${name}`),
  );
  const pods = hops.filter(({ role }) => role !== 'network').map(({ at }) => at);
  return [...new Set(pods)]
    .filter((at) => !held.has(at))
    .sort()
    .map((at) => `${at} is as fleet.json says; no manifest holds it`);
}

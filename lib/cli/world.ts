import { MeshError } from '../facts/error';
import { admit } from '../verify/admission/findings';
import type { Hop } from '../verify/run/hop';
import { ClusterObjects } from '../verify/settled';
import { type Apart, apart } from '../verify/world/apart';
import { factsApart } from '../verify/world/apart-facts';
import { sharedClusters } from '../verify/world/fleet-facts';
import { fleetParts } from '../verify/world/fleet-world';
import { mergeFacts } from '../verify/world/read-facts';
import type { Resource } from '../verify/world/resource';
import type { Snapshot } from '../verify/world/snapshot';
import { WORKLOAD_KINDS } from '../verify/world/workloads';
import { World } from '../verify/world/world';

/**
 * The clusters of a snapshot as they come to be: without the objects that they would refuse, and, of a fleet, with
 * stand-ins for what `fleet.json` speaks of and no manifest holds, as `verify` has them. Meshes that share a cluster are
 * told apart.
 *
 * @param resources that the clusters take. @default - judged here
 * @throws MESH1175 for facts of a control plane of a cluster that has several.
 */
export function worldOf(snapshot: Snapshot, resources: readonly Resource[] = taken(snapshot)): World {
  const { facts, fleet } = snapshot;
  return fleet ? fleetWorldOf(snapshot, apart(fleet, new ClusterObjects(resources))) : new World(facts, resources);
}

/**
 * The clusters before and after a change, such that they can be compared.
 *
 * @param resources that the clusters take after it. @default - judged here
 * @throws MESH1174 where a control plane takes workloads of another one over: nothing says which of their calls are the
 * same; MESH1175 like {@link worldOf}.
 */
export function worldsOf(before: Snapshot, after: Snapshot, resources: readonly Resource[] = taken(after)): World[] {
  const both = [before, after];
  const shared = new Set(both.flatMap(({ fleet }) => (fleet ? sharedClusters(fleet) : [])));
  if (shared.size === 0) return [worldOf(before), worldOf(after, resources)];
  const all = [taken(before), resources];
  const made = both.map(({ fleet }, index) => {
    if (fleet) return apart(fleet, new ClusterObjects(all[index]), shared);
    const [cluster] = shared;
    throw new MeshError(
      'MESH1174',
      `cluster ${cluster}`,
      `it has several meshes, and nothing says which are in the manifests ${index === 0 ? 'before' : 'after'} the change: they have no fleet.json; state one with --facts`,
    );
  });
  for (const cluster of shared) refuseMoves(cluster, made, all);
  return both.map((one, index) => fleetWorldOf(one, made[index]));
}

/** Whoever changes the control plane starts anew, by other rules than those that are compared. */
function refuseMoves(cluster: string, [old, changed]: readonly Apart[], all: readonly (readonly Resource[])[]): void {
  const [before, after] = all.map(
    (resources) =>
      new Set(
        resources
          .filter((one) => one.cluster === cluster && (WORKLOAD_KINDS as readonly string[]).includes(one.kind))
          .map(({ namespace }) => namespace),
      ),
  );
  for (const namespace of [...before].sort()) {
    const [from, to] = [old, changed].map((one) => one.placesOf(cluster, namespace));
    if (!after.has(namespace) || from.join() === to.join()) continue;
    const named = (places: readonly string[]) =>
      places.map((place) => `'${place.slice(cluster.length + 1)}'`).join(' and ');
    throw new MeshError(
      'MESH1174',
      `namespace ${namespace} @${cluster}`,
      `it is seen by mesh ${named(from)} before the change and by ${named(to)} after it: calls of another control plane cannot be compared; look at 'multimesh exposures' of both, or compare the change without the move`,
    );
  }
}

const taken = (snapshot: Snapshot): readonly Resource[] => admit(snapshot).resources;

function fleetWorldOf({ facts, stated = [] }: Snapshot, made: Apart): World {
  const { document, objects, clusters } = made;
  const parts = fleetParts(
    document,
    [...objects.all].flatMap(([, all]) => all),
  );
  const isShared = new Set(Object.values(clusters));
  // of folders that are no cluster of the fleet, the control plane was guessed
  const alone = Object.entries(facts.meshes).filter(([cluster]) => !isShared.has(cluster));
  const own = stated.map((one) => factsApart(one, made));
  const merged = mergeFacts([{ meshes: Object.fromEntries(alone) }, parts.facts, ...own]);
  if (isShared.size === 0) return new World(merged, parts.resources);
  // a cluster's name would not say whose authority it is
  const roots = document.meshes.filter(({ cluster }) => cluster in clusters);
  const meshes = { ...merged.meshes };
  for (const { name, cluster } of roots) meshes[cluster] = { root: `root of ${name}`, ...meshes[cluster] };
  return new World({ ...merged, meshes, clusters }, parts.resources);
}

/** Pods at stations of calls that no manifest of a fleet holds, as assumptions. */
export function standInsAt(hops: readonly Hop[], { resources, places }: World, { fleet }: Snapshot): string[] {
  if (!fleet) return [];
  const held = new Set(
    resources
      .filter(({ source }) => source)
      .map(({ cluster, namespace, name }) => `${places.clusterOf(cluster)}/${namespace}/${name}`),
  );
  const pods = places.told(hops.filter(({ role }) => role !== 'network').map(({ at }) => at));
  return [...new Set(pods)]
    .filter((at) => !held.has(at))
    .sort()
    .map((at) => `${at} is as fleet.json says; no manifest holds it`);
}

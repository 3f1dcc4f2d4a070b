import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { FleetDocument } from '../../facts/fleet';
import type { WorldFacts } from './facts';
import { fleetFacts } from './fleet-facts';
import { guessMesh, passesMtlsOn } from './guess';
import { layoutOf } from './layout';
import { likelyNames } from './likely-names';
import { loadCluster } from './load';
import { mergeFacts, readFacts, readFleet, type StatedFacts } from './read-facts';
import type { Resource } from './resource';
import { unapplied } from './unapplied';

/** Manifests of one or several clusters as files hold them, and what is known besides. */
export interface Snapshot {
  /** By name. */
  readonly clusters: readonly string[];
  /** Of all clusters, by cluster and file. */
  readonly resources: readonly Resource[];
  readonly facts: WorldFacts;
  /** What `fleet.json` says, where this library wrote the manifests. */
  readonly fleet?: FleetDocument;
  /** The file that says it. */
  readonly fleetFile?: string;
  /** Facts that the command line states, which are among `facts`: they come before what the fleet says. */
  readonly stated?: readonly StatedFacts[];
  /** Names of which it is assumed where they lead, and addresses that stand for what is there. */
  readonly likely?: readonly string[];
  /** Files in the folder that hold no Kubernetes objects, such as contracts and values of Helm. */
  readonly leftAlone: readonly string[];
  /** What had to be assumed of the clusters. */
  readonly assumptions: readonly string[];
}

/**
 * Reads a folder of manifests: this library's output or anybody's.
 *
 * @param files with facts, of which a `fleet.json` replaces the one in the folder. Where they lie in it, they are no manifests.
 * @param others more files that are no manifests, though they may lie in the folder.
 * @throws MESH1107 and MESH1173 for a manifest that cannot be read or is there twice, MESH4002 and MESH4003 for a folder that is laid
 * out otherwise, MESH4004 for facts that cannot be read.
 */
export function readSnapshot(folder: string, files: readonly string[] = [], others: readonly string[] = []): Snapshot {
  const stated = files.map(readFacts);
  const beside = join(folder, 'fleet.json');
  const given = stated.map((one) => 'fleet' in one).lastIndexOf(true);
  const fleetFile = given >= 0 ? files[given] : existsSync(beside) ? beside : undefined;
  const fleet =
    stated.flatMap((one) => ('fleet' in one ? [one.fleet] : [])).pop() ??
    (fleetFile === undefined ? undefined : readFleet(fleetFile));
  const apart = new Set([...files, ...others].map((file) => resolve(file)));
  const { clusters, others: leftAlone } = layoutOf(
    folder,
    fleet?.clusters.map(({ name }) => name),
    apart,
  );
  for (const file of leftAlone) apart.add(resolve(file));
  const loaded = clusters.map((one) => ({ ...one, resources: loadCluster(one.name, one.folder, apart) }));
  const own = stated.flatMap((one) => ('facts' in one ? [one.facts] : []));
  const written: StatedFacts[] = fleet ? [fleetFacts(fleet)] : [];
  const known = new Set([...written, ...own].flatMap(({ meshes = {} }) => Object.keys(meshes)));
  const resources = loaded.flatMap((one) => one.resources);
  const unknown = loaded.filter(({ name }) => !written.some(({ meshes = {} }) => name in meshes));
  const sharesRoot = unknown.filter(({ name }) => !known.has(name)).length > 1 && passesMtlsOn(resources);
  const guesses = unknown.map(({ name, folder: own, resources: here }) => {
    // this library writes values beside the clusters, others into them
    const around = [own, join(folder, 'values', name)].map((path) => `${path}${sep}`);
    const values = leftAlone.filter((file) => around.some((path) => file.startsWith(path)));
    return { name, ...guessMesh(name, here, values, sharesRoot && !known.has(name)) };
  });
  const likely = fleet ? undefined : likelyNames(resources, mergeFacts(own));
  const guessed: StatedFacts = { meshes: Object.fromEntries(guesses.map(({ name, fact }) => [name, fact])) };
  return {
    clusters: loaded.map(({ name }) => name),
    resources,
    facts: mergeFacts([guessed, ...(likely ? [likely.facts] : []), ...written, ...own]),
    ...(likely ? { likely: likely.places } : {}),
    ...(fleet ? { fleet, fleetFile, stated: own } : {}),
    leftAlone: leftAlone.filter((file) => !guesses.some(({ by }) => by === file)),
    assumptions: [
      ...guesses.filter(({ name }) => !known.has(name)).flatMap(({ assumptions }) => assumptions),
      ...loaded
        .filter((one) => !fleet && one.resources.length === 0)
        .map(({ name }) => `${name} has no objects: its files hold none`),
      ...(likely?.assumptions ?? []),
      ...clusters.flatMap((one) => unapplied(one.folder)),
      ...strangers(own, loaded).map((name) => `no manifests are of cluster '${name}', of which facts are stated`),
    ],
  };
}

/** Clusters that facts are about and that no folder is of: most likely a name is misspelt. */
function strangers(facts: readonly StatedFacts[], known: readonly { readonly name: string }[]): string[] {
  const named = facts.flatMap(({ meshes = {}, dns = {}, secrets = [] }) => [
    ...Object.keys(meshes),
    ...Object.keys(dns),
    ...secrets.map(({ cluster }) => cluster),
  ]);
  return [...new Set(named)].filter((name) => !known.some((one) => one.name === name)).sort();
}

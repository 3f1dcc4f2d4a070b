import type { Manifest } from '../../lib/facts/manifest';
import type { ApplicationFact, MeshFact, SecretFact, WorldFacts } from '../../lib/verify/world/facts';
import { guessMesh } from '../../lib/verify/world/guess';
import { type Resource, resource } from '../../lib/verify/world/resource';
import { World } from '../../lib/verify/world/world';
import type { KubeObject } from '../kubernetes/types';
import { applicationOf } from './applications';
import type { BedState, ClusterState } from './state';

/** What `lib/verify` makes of the state of a bed. */
export function worldOf(state: BedState): World {
  const clusters = Object.entries(state.clusters);
  const resources = clusters.flatMap(([name, { objects }]) =>
    objects.filter(({ kind }) => kind !== 'Secret').map((object) => resource(name, object as unknown as Manifest)),
  );
  const facts: WorldFacts = {
    meshes: Object.fromEntries(clusters.map(([name, cluster]) => [name, meshFact(name, cluster, resources)])),
    dns: Object.fromEntries(clusters.map(([name, { dns }]) => [name, dns])),
    routers: routersOf(clusters),
    certificates: state.certificates,
    secrets: clusters.flatMap(([name, { objects }]) => objects.flatMap((object) => secretFact(name, object))),
    secretsAreComplete: true,
  };
  const bare = new World(facts, resources);
  return new World({ ...facts, failing: failingOf(bare, state), containers: containersOf(bare) }, resources);
}

/** As for a dump of anybody's cluster; only what is outside of it is told. */
function meshFact(name: string, { root, region, zone }: ClusterState, resources: readonly Resource[]): MeshFact {
  const here = resources.filter(({ cluster }) => cluster === name);
  const { fact } = guessMesh(name, here);
  return {
    ...fact,
    root,
    networkPolicies: 'enforced',
    ...(region !== undefined && { region }),
    ...(zone !== undefined && { zone }),
  };
}

function secretFact(cluster: string, object: KubeObject): SecretFact[] {
  const { kind, metadata, data = {} } = object as KubeObject & { data?: Record<string, string> };
  return kind === 'Secret' ? [{ cluster, namespace: metadata.namespace ?? '', name: metadata.name, data }] : [];
}

/** Routers as `network/router-process.ts` starts them. */
function routersOf(clusters: readonly [string, ClusterState][]): NonNullable<WorldFacts['routers']> {
  const own = { certificate: 'router', serviceCa: 'service-ca' };
  return Object.fromEntries(
    clusters.flatMap(([name, { router }]) => (router === undefined ? [] : [[name, { address: router, ...own }]])),
  );
}

function failingOf(world: World, { clusters }: BedState): Record<string, number> {
  const found = Object.values(clusters).flatMap(({ failing }) =>
    Object.entries(failing).flatMap(([address, code]): [string, number][] => {
      const owner = world.ownerOf(address);
      return owner?.kind === 'workload' ? [[owner.workload.id, code]] : [];
    }),
  );
  return Object.fromEntries(found);
}

function containersOf(world: World): Record<string, ApplicationFact> {
  const all = [...world.meshes.values()].flatMap(({ workloads }) =>
    workloads.flatMap(({ id, containers }) =>
      containers.map((one): [string, ApplicationFact] => [`${id}/${one.name}`, applicationOf(one)]),
    ),
  );
  return Object.fromEntries(all);
}

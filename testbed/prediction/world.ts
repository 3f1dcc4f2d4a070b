import type { Manifest } from '../../lib/facts/manifest';
import type { AddressFact, ApplicationFact, MeshFact, SecretFact, WorldFacts } from '../../lib/verify/world/facts';
import { guessMesh } from '../../lib/verify/world/guess';
import { type Resource, resource } from '../../lib/verify/world/resource';
import { World } from '../../lib/verify/world/world';
import type { KubeObject, Route } from '../kubernetes/types';
import { applicationOf } from './applications';
import type { BedState, ClusterState } from './state';

/** What `lib/verify` makes of the state of a bed. */
export function worldOf(state: BedState): World {
  const clusters = Object.entries(state.clusters);
  const resources = clusters.flatMap(([name, { objects }]) =>
    objects
      .filter(({ kind }) => kind !== 'Secret' && kind !== 'Route')
      .map((object) => resource(name, object as unknown as Manifest)),
  );
  const routed = clusters.flatMap(([name, cluster]) => routesOf(name, cluster));
  const facts: WorldFacts = {
    meshes: Object.fromEntries(clusters.map(([name, cluster]) => [name, meshFact(name, cluster, resources)])),
    dns: Object.fromEntries(clusters.map(([name, { dns }]) => [name, dnsOf(dns, routed)])),
    addresses: routed.map(({ fact }) => fact),
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

/** A host that a router passes through, under an address of its own: what it decides by, the SNI, is the host. */
interface Routed {
  host: string;
  router: string;
  fact: AddressFact;
}

function routesOf(cluster: string, { router, objects }: ClusterState): Routed[] {
  const routes = objects.filter(({ kind }) => kind === 'Route') as unknown as Route[];
  return routes.flatMap(({ metadata, spec }, index): Routed[] => {
    const { host, tls, to, port } = spec;
    if (host === undefined || router === undefined || tls?.termination !== 'passthrough') return [];
    const service = objects.find(
      (one) => one.kind === 'Service' && one.metadata.namespace === metadata.namespace && one.metadata.name === to.name,
    ) as { spec: { ports?: { name?: string; port: number; targetPort?: number | string }[] } } | undefined;
    const wanted = port?.targetPort;
    const found = service?.spec.ports?.find(
      (one) => wanted === undefined || one.name === wanted || one.targetPort === wanted || one.port === wanted,
    );
    const target = { cluster, namespace: metadata.namespace ?? '', service: to.name, port: found?.port ?? 0 };
    // 198.19.0.0/16: half of what is for tests alone (RFC 2544)
    const ip = `198.19.${router.split('.')[2]}.${index + 1}`;
    return [{ host, router, fact: { ip, ports: { 443: target } } }];
  });
}

/** Names, where those of passed hosts lead to their own address. */
function dnsOf(dns: Readonly<Record<string, string>>, routed: readonly Routed[]): Record<string, string> {
  const own = routed.filter(({ host, router }) => dns[host] === router).map(({ host, fact }) => [host, fact.ip]);
  return { ...dns, ...Object.fromEntries(own) };
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

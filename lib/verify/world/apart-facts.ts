import { MeshError } from '../../facts/error';
import type { Apart } from './apart';
import type { MeshFact, SecretFact, ServicePortFact } from './facts';
import { Places } from './places';
import type { StatedFacts } from './read-facts';

/** What is of a cluster, whichever control planes it has. */
const OF_CLUSTERS: ReadonlySet<string> = new Set<keyof MeshFact>(['dnsDomain', 'networkPolicies', 'region', 'zone']);

/**
 * Facts that people state of clusters, for the meshes in them: what is of the cluster holds for each.
 *
 * @throws MESH1175 for what is of a control plane, or its router's, where the cluster has several.
 */
export function factsApart(
  facts: StatedFacts,
  { clusters, placesOf }: Pick<Apart, 'clusters' | 'placesOf'>,
): StatedFacts {
  if (Object.keys(clusters).length === 0) return facts;
  const places = new Places(clusters);
  const { meshes, routers, dns, loadBalancers, failing, containers, addresses, secrets } = facts;
  for (const [cluster, fact] of Object.entries(meshes ?? {})) {
    const field = Object.keys(fact).find((one) => !OF_CLUSTERS.has(one));
    if (field !== undefined && !places.isAlone(cluster)) throw ofWhich(cluster, `meshes.${cluster}.${field}`, places);
  }
  for (const cluster of Object.keys(routers ?? {})) {
    if (!places.isAlone(cluster)) throw ofWhich(cluster, `routers.${cluster}`, places);
  }
  const byCluster = <T>(part: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(part).flatMap(([cluster, one]) => places.in(cluster).map((place) => [place, one] as const)),
    );
  const byId = <T>(part: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(part).flatMap(([id, one]) => {
        const [cluster, namespace, ...rest] = id.split('/');
        return placesOf(cluster, namespace).map((place) => [[place, namespace, ...rest].join('/'), one] as const);
      }),
    );
  const port = (to: ServicePortFact): ServicePortFact => ({ ...to, cluster: placesOf(to.cluster, to.namespace)[0] });
  const secret = (one: SecretFact): SecretFact[] =>
    placesOf(one.cluster, one.namespace).map((cluster) => ({ ...one, cluster }));
  return {
    ...facts,
    ...(meshes && { meshes: byCluster(meshes) }),
    ...(dns && { dns: byCluster(dns) }),
    ...(loadBalancers && { loadBalancers: byId(loadBalancers) }),
    ...(failing && { failing: byId(failing) }),
    ...(containers && { containers: byId(containers) }),
    ...(addresses && {
      addresses: addresses.map(({ ports, ...one }) => ({
        ...one,
        ports: Object.fromEntries(Object.entries(ports).map(([number, to]) => [number, port(to)])),
      })),
    }),
    ...(secrets && { secrets: secrets.flatMap(secret) }),
  };
}

function ofWhich(cluster: string, field: string, places: Places): MeshError {
  const meshes = places.meshesIn(cluster).map((name) => `'${name}'`);
  return new MeshError(
    'MESH1175',
    `cluster ${cluster}`,
    `facts state ${field}, and the cluster has the meshes ${meshes.join(' and ')}: of which of them it is, nothing says; expected ${[...OF_CLUSTERS].join(', ')}, and the rest in fleet.json, which states it of each mesh`,
  );
}

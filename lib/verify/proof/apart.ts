import type { FleetDocument, MeshFacts } from '../../facts/fleet';
import { push } from '../../facts/memo';
import { namespacesOf } from '../objects/planes';
import { ClusterObjects } from '../settled';
import { sharedClusters } from '../world/fleet-facts';
import type { Resource } from '../world/resource';

/** A fleet in which no cluster has several meshes, and how what is found there is told. */
export interface Apart {
  readonly document: FleetDocument;
  readonly objects: ClusterObjects;
  told<T>(found: readonly T[]): T[];
}

/**
 * Tells the meshes of one cluster apart, as if each had a cluster of its own: a control plane among several sees the
 * namespaces that are its own (member rolls, discovery selectors). What is in no mesh is in all of them.
 */
export function apart(document: FleetDocument, objects: ClusterObjects): Apart {
  const shared = new Set(sharedClusters(document));
  if (shared.size === 0) return { document, objects, told: (found) => [...found] };
  const own = (mesh: MeshFacts) => (shared.has(mesh.cluster) ? `${mesh.cluster}:${mesh.name}` : mesh.cluster);
  const meshes = document.meshes.map((mesh) => ({ ...mesh, cluster: own(mesh) }));
  const inside = document.meshes.filter(({ cluster }) => shared.has(cluster));
  const all = new Map<string, string[]>();
  const byNamespace = new Map<string, string[]>();
  for (const mesh of inside) {
    push(all, mesh.cluster, own(mesh));
    for (const name of namespacesOf(mesh)) push(byNamespace, `${mesh.cluster}/${name}`, own(mesh));
  }
  const placesOf = (cluster: string, namespace: string): readonly string[] =>
    byNamespace.get(`${cluster}/${namespace}`) ?? all.get(cluster) ?? [cluster];
  const moved = function* (): Generator<Resource> {
    for (const [cluster, resources] of objects.all) {
      for (const one of resources) {
        const namespace = one.kind === 'Namespace' ? one.name : one.namespace;
        for (const place of placesOf(cluster, namespace)) yield place === cluster ? one : { ...one, cluster: place };
      }
    }
  };
  return {
    document: {
      ...document,
      meshes,
      clusters: document.clusters.flatMap((one) => (all.get(one.name) ?? [one.name]).map((name) => ({ ...one, name }))),
      secrets: document.secrets.flatMap((one) =>
        placesOf(one.cluster, one.namespace).map((cluster) => ({ ...one, cluster })),
      ),
    },
    objects: new ClusterObjects([...moved()]),
    told: (found) => {
      const names = [...all].flatMap(([cluster, places]) => places.map((place) => [place, cluster] as const));
      // one name may begin with another one
      names.sort(([a], [b]) => b.length - a.length);
      const text = names.reduce((json, [place, cluster]) => json.replaceAll(place, cluster), JSON.stringify(found));
      return JSON.parse(text);
    },
  };
}

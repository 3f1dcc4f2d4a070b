import type { FleetDocument, MeshFacts } from '../../facts/fleet';
import type { Labels } from '../../facts/labels';
import { push } from '../../facts/memo';
import { namespacesOf } from '../objects/planes';
import { ClusterObjects } from '../settled';
import { sharedClusters } from './fleet-facts';
import { Places, placeOf } from './places';
import type { Resource } from './resource';
import { templateOf, WORKLOAD_KINDS } from './workloads';

/** A fleet in which no cluster has several meshes, and how what is found there is told. */
export interface Apart {
  readonly document: FleetDocument;
  readonly objects: ClusterObjects;
  /** Cluster of each place that stands for one of several meshes. */
  readonly clusters: Readonly<Record<string, string>>;
  /** Where the objects of a namespace are: in its mesh; in all of the cluster where it is in none. */
  placesOf(cluster: string, namespace: string): readonly string[];
  told<T>(found: T): T;
}

/**
 * Tells the meshes of one cluster apart, as if each had a cluster of its own: a control plane among several sees the
 * namespaces that are its own (member rolls, discovery selectors, revisions). What is in no mesh is in all of them.
 *
 * @param shared clusters to treat so. @default those with several meshes
 */
export function apart(
  document: FleetDocument,
  objects: ClusterObjects,
  shared: ReadonlySet<string> = new Set(sharedClusters(document)),
): Apart {
  const inside = document.meshes.filter(({ cluster }) => shared.has(cluster));
  if (inside.length === 0) {
    return { document, objects, clusters: {}, placesOf: (cluster) => [cluster], told: (found) => found };
  }
  const own = (mesh: MeshFacts) => (shared.has(mesh.cluster) ? placeOf(mesh) : mesh.cluster);
  const clusters = Object.fromEntries(inside.map((mesh) => [own(mesh), mesh.cluster]));
  const places = new Places(clusters);
  const owners = new Owners(inside, own, objects);
  const placesOf = (cluster: string, namespace: string) => owners.of(cluster, namespace) ?? places.in(cluster);
  const moved = function* (): Generator<Resource> {
    for (const [cluster, resources] of objects.all) {
      for (const one of resources) {
        const namespace = one.kind === 'Namespace' ? one.name : one.namespace;
        const all = owners.of(cluster, namespace) ?? owners.ofPod(one) ?? places.in(cluster);
        for (const place of all) yield place === cluster ? one : { ...one, cluster: place };
      }
    }
  };
  return {
    document: {
      ...document,
      meshes: document.meshes.map((mesh) => ({ ...mesh, cluster: own(mesh) })),
      clusters: document.clusters.flatMap((one) => places.in(one.name).map((name) => ({ ...one, name }))),
      secrets: document.secrets.flatMap((one) =>
        placesOf(one.cluster, one.namespace).map((cluster) => ({ ...one, cluster })),
      ),
    },
    objects: new ClusterObjects([...moved()]),
    clusters,
    placesOf,
    told: (found) => places.told(found),
  };
}

/** Whose mesh a namespace is in: the one that declares it, else the one whose revision its label asks for. */
class Owners {
  private readonly byNamespace = new Map<string, string[]>();
  private readonly byRevision = new Map<string, string[]>();

  constructor(meshes: readonly MeshFacts[], own: (mesh: MeshFacts) => string, objects: ClusterObjects) {
    for (const mesh of meshes) {
      push(this.byRevision, `${mesh.cluster}/${mesh.controlPlane.revision ?? 'default'}`, own(mesh));
      for (const name of namespacesOf(mesh)) push(this.byNamespace, `${mesh.cluster}/${name}`, own(mesh));
    }
    const declared = new Set(this.byNamespace.keys());
    for (const cluster of new Set(meshes.map((mesh) => mesh.cluster))) {
      for (const one of objects.in(cluster)) {
        const key = `${cluster}/${one.name}`;
        const asked = one.kind === 'Namespace' && !declared.has(key) ? this.asked(cluster, one.labels) : undefined;
        if (asked) this.byNamespace.set(key, asked);
      }
    }
  }

  /** Undefined where it is in no mesh, or nothing says in which. */
  public of(cluster: string, namespace: string): readonly string[] | undefined {
    return this.byNamespace.get(`${cluster}/${namespace}`);
  }

  /** The mesh that pods ask for themselves. */
  public ofPod(one: Resource): readonly string[] | undefined {
    const makesPods = (WORKLOAD_KINDS as readonly string[]).includes(one.kind);
    return makesPods ? this.asked(one.cluster, templateOf(one).labels) : undefined;
  }

  private asked(cluster: string, labels: Labels): string[] | undefined {
    const revision = labels['istio-injection'] === 'enabled' ? 'default' : labels['istio.io/rev'];
    const found = revision === undefined ? undefined : this.byRevision.get(`${cluster}/${revision}`);
    return found?.length === 1 ? found : undefined;
  }
}

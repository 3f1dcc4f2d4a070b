/** A mesh, and where it is. */
interface Placed {
  readonly name: string;
  readonly cluster: string;
}

/** The place of a mesh that shares its cluster. */
export const placeOf = ({ name, cluster }: Placed): string => `${cluster}:${name}`;

/**
 * Where meshes are that share a cluster: engines know one control plane per cluster, so each of them has a place of its
 * own there. People know none of this: what they read and write names clusters.
 */
export class Places {
  private readonly byCluster = new Map<string, string[]>();

  /** @param clusters by place; clusters of one mesh are not among them. */
  constructor(private readonly clusters: Readonly<Record<string, string>> = {}) {
    for (const [place, cluster] of Object.entries(clusters)) {
      this.byCluster.set(cluster, [...(this.byCluster.get(cluster) ?? []), place]);
    }
  }

  /** The cluster of a place; any other cluster is its own. */
  public clusterOf(place: string): string {
    return this.clusters[place] ?? place;
  }

  /** Places in a cluster: one per mesh; the cluster itself where it has one mesh. */
  public in(cluster: string): readonly string[] {
    return this.byCluster.get(cluster) ?? [cluster];
  }

  /** Where a mesh is. */
  public of(mesh: Placed): string {
    const place = placeOf(mesh);
    return place in this.clusters ? place : mesh.cluster;
  }

  /** Names of the meshes in a cluster that several share. */
  public meshesIn(cluster: string): string[] {
    return (this.byCluster.get(cluster) ?? []).map((place) => place.slice(cluster.length + 1));
  }

  /** Whether a cluster has one mesh, which is not told apart from others. */
  public isAlone(cluster: string): boolean {
    return !this.byCluster.has(cluster);
  }

  /** Plain data as people know it: with names of clusters. */
  public told<T>(found: T): T {
    // one name may begin with another one
    const names = Object.entries(this.clusters).sort(([a], [b]) => b.length - a.length);
    if (names.length === 0 || found === undefined) return found;
    const text = names.reduce((json, [place, cluster]) => json.replaceAll(place, cluster), JSON.stringify(found));
    return JSON.parse(text);
  }
}

import type { FleetDocument, MeshFacts } from '../../facts/fleet';
import { push } from '../../facts/memo';
import type { ClusterInput } from './objects';

/** Where an object is. */
interface Place {
  readonly cluster: string;
  readonly namespace: string;
}

/** Which control plane reads an object, as far as facts say. */
export class Planes {
  private readonly meshes = new Map<string, MeshFacts[]>();
  private readonly owners = new Map<string, MeshFacts>();
  private readonly domains: ReadonlyMap<string, string>;

  constructor({ clusters, meshes }: Pick<FleetDocument, 'clusters' | 'meshes'>) {
    this.domains = new Map(clusters.map(({ name, domain }) => [name, domain]));
    for (const mesh of meshes) {
      push(this.meshes, mesh.cluster, mesh);
      for (const namespace of namespacesOf(mesh)) this.owners.set(`${mesh.cluster}/${namespace}`, mesh);
    }
  }

  /** A key that objects of one control plane share: in a cluster with several meshes, the namespace tells them apart. */
  public of(place: Place): string {
    return `${place.cluster}/${this.meshOf(place)?.name ?? ''}`;
  }

  /** The mesh of a namespace: the only one of the cluster, or the one that declares it. */
  public meshOf({ cluster, namespace }: Place): MeshFacts | undefined {
    const here = this.meshes.get(cluster) ?? [];
    return here.length === 1 ? here[0] : this.owners.get(`${cluster}/${namespace}`);
  }

  /** Namespace whose objects are about the whole mesh. */
  public rootOf(place: Place): string {
    return this.meshOf(place)?.controlPlane.namespace ?? 'istio-system';
  }

  /** DNS domain of the Services of a cluster. */
  public domainOf(cluster: string): string {
    return this.domains.get(cluster) ?? 'cluster.local';
  }
}

/** Those of an input, which all rules share. */
export const planesOf = ({ facts, kinds }: ClusterInput): Planes => kinds.once('planes', () => new Planes(facts));

/** Namespaces that are a mesh's own: declared ones, those of its gateways, and its control plane's. */
export function namespacesOf({ namespaces, gateways, controlPlane }: MeshFacts): string[] {
  return [...new Set([...namespaces, ...gateways.map(({ namespace }) => namespace), controlPlane.namespace])];
}

import { byText } from '../facts/by-text';
import { MeshError } from '../facts/error';
import type {
  ClusterFacts,
  FleetDocument,
  GatewayFacts,
  MeshFacts,
  PeeringSummary,
  RootFacts,
  RoutingSummary,
  SecretFacts,
} from '../facts/fleet';
import { certificateOf } from './certificate-of';
import { gatherRoots } from './roots-beside';

/** What the constructs of a fleet state about it, by closures that are asked once everything is stated. */
export class Register {
  private readonly meshes = new Map<string, () => Omit<MeshFacts, 'gateways' | 'aliases' | 'routings'>>();
  private readonly gateways = new Map<string, (() => GatewayFacts)[]>();
  private readonly aliases = new Map<string, string[]>();
  private readonly routings = new Map<string, RoutingSummary[]>();
  private readonly peerings = new Map<string, () => PeeringSummary>();
  private readonly secrets = new Map<string, SecretFacts>();
  private readonly roots = new Map<string, { readonly sha256: ReadonlySet<string>; readonly where: string }>();
  /** What each Secret with a key pair holds, and who said so. */
  private readonly certificates = new Map<string, { readonly certificate: string; readonly neededBy: string }>();

  /** Whether nothing was stated: an app without meshes has no facts to write. */
  public get isEmpty(): boolean {
    return this.meshes.size === 0 && this.peerings.size === 0;
  }

  /** Notes a mesh by its construct path. */
  public addMesh(path: string, facts: () => Omit<MeshFacts, 'gateways' | 'aliases' | 'routings'>): void {
    this.meshes.set(path, facts);
  }

  /**
   * Notes the root of a mesh.
   *
   * @throws MESH1118 when another mesh states a root of that name with other certificates; while it is rotated, old and
   * new overlap.
   */
  public addRoot({ name, sha256 }: RootFacts, where: string): void {
    const known = this.roots.get(name);
    if (known && sha256.length > 0 && !sha256.some((root) => known.sha256.has(root))) {
      throw new MeshError(
        'MESH1118',
        where,
        `root '${name}' has the SHA-256 fingerprints ${sha256.join(', ')}, in ${known.where} ${[...known.sha256].join(', ')}; one of the two clusters has another root, or the roots need names of their own`,
      );
    }
    if (sha256.length === 0) return;
    const certificates = new Set(known?.sha256);
    for (const one of sha256) certificates.add(one);
    this.roots.set(name, { sha256: certificates, where });
  }

  /** Notes a gateway of the mesh with this construct path. */
  public addGateway(mesh: string, facts: () => GatewayFacts): void {
    listOf(this.gateways, mesh).push(facts);
  }

  /** Gateways of the mesh with this construct path, by name. */
  public gatewaysOf(mesh: string): GatewayFacts[] {
    return (this.gateways.get(mesh) ?? []).map((facts) => facts()).sort(byText(({ name }) => name));
  }

  /** Notes a Service without endpoints of its own, as `<namespace>/<name>`, of the mesh with this construct path. */
  public addAlias(mesh: string, ref: string): void {
    listOf(this.aliases, mesh).push(ref);
  }

  /** Notes where calls to a host go in the mesh with this construct path. */
  public addRouting(mesh: string, routing: RoutingSummary): void {
    listOf(this.routings, mesh).push(routing);
  }

  /** Notes a peering by its construct path: two in different clusters may have one name. */
  public addPeering(path: string, summary: () => PeeringSummary): void {
    this.peerings.set(path, summary);
  }

  /**
   * Notes a Secret or ConfigMap that must exist; several exposures of a peering need the same one.
   *
   * @throws MESH1404 when another statement says that it holds another certificate.
   */
  public addSecret(secret: SecretFacts): void {
    const { cluster, namespace, name, neededBy } = secret;
    const certificate = certificateOf(secret);
    const key = `${namespace}/${name} @${cluster}`;
    const known = this.certificates.get(key);
    if (known && certificate && known.certificate !== certificate) {
      throw new MeshError(
        'MESH1404',
        neededBy,
        `Secret ${key} shall hold ${certificate}, but for ${known.neededBy} it holds ${known.certificate}; name a Secret of its own for each`,
      );
    }
    if (certificate) this.certificates.set(key, { certificate, neededBy });
    this.secrets.set([secret.kind ?? 'Secret', cluster, namespace, name, neededBy].join(' '), secret);
  }

  /** The Secrets that must exist, sorted. */
  public get secretList(): SecretFacts[] {
    return gatherRoots([...this.secrets.values()]).sort(
      byText((secret) => `${secret.cluster}/${secret.namespace}/${secret.name}/${secret.neededBy}`),
    );
  }

  /** The facts as `dist/fleet.json` holds them: sorted, whatever the order of statements. */
  public document(clusters: ClusterFacts[]): FleetDocument {
    return {
      version: 1,
      clusters,
      meshes: [...this.meshes]
        .map(([path, facts]): MeshFacts => {
          const aliases = this.aliases.get(path);
          const routings = this.routings.get(path);
          return {
            ...facts(),
            gateways: this.gatewaysOf(path),
            ...(aliases && { aliases: [...aliases].sort() }),
            ...(routings && { routings: [...routings].sort(byText((routing) => routing.path)) }),
          };
        })
        .sort(byText((mesh) => `${mesh.cluster}/${mesh.name}`)),
      peerings: [...this.peerings].sort(byText(([path]) => path)).map(([, summary]) => summary()),
      secrets: this.secretList,
    };
  }
}

function listOf<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

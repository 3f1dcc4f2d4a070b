import { isIp, isStandIn, symbolicAddress } from './addresses';
import type { AgeOrder } from './age';
import type { AddressFact, CertificateFact, RouterFact, SecretFact, ServicePortFact, WorldFacts } from './facts';
import type { NodeManifest, ServiceSpec } from './kube-types';
import { Mesh } from './mesh';
import { OUTSIDE } from './outside';
import { Places } from './places';
import type { Resource } from './resource';
import type { Workload } from './workloads';

/** Who has an address. */
export type AddressOwner =
  | { readonly kind: 'workload'; readonly mesh: Mesh; readonly workload: Workload }
  | { readonly kind: 'service'; readonly mesh: Mesh; readonly service: Resource<ServiceSpec> }
  | { readonly kind: 'router'; readonly mesh: Mesh; readonly router: RouterFact }
  | { readonly kind: 'outside'; readonly address: AddressFact };

/** A port of a Service, and where it is dialled from outside. */
export interface Entrance {
  readonly ip: string;
  readonly port: number;
  readonly mesh: Mesh;
  readonly service: Resource<ServiceSpec>;
  readonly servicePort: number;
}

/** Everything that is judged together: the objects of all clusters, and the facts that manifests cannot say. */
export class World {
  /** By cluster. */
  public readonly meshes: ReadonlyMap<string, Mesh>;
  public readonly certificates: ReadonlyMap<string, CertificateFact>;
  /** What people call clusters whose meshes are told apart. */
  public readonly places: Places;
  private readonly owners = new Map<string, AddressOwner>();
  private readonly secrets: ReadonlyMap<string, SecretFact>;
  private byShown?: ReadonlyMap<string, AddressOwner>;
  private names?: ReadonlyMap<string, string>;

  /** @param order of objects whose age nothing says. @default names */
  constructor(
    public readonly facts: WorldFacts,
    public readonly resources: readonly Resource[],
    public readonly order: AgeOrder = 'names',
  ) {
    this.places = new Places(facts.clusters);
    const byCluster = new Map<string, Resource[]>();
    for (const one of resources) {
      const list = byCluster.get(one.cluster);
      if (list) list.push(one);
      else byCluster.set(one.cluster, [one]);
    }
    this.meshes = new Map(
      Object.entries(facts.meshes).map(([cluster, fact], index) => [
        cluster,
        new Mesh(cluster, index, fact, byCluster.get(cluster) ?? [], order),
      ]),
    );
    this.certificates = new Map((facts.certificates ?? []).map((certificate) => [certificate.name, certificate]));
    this.secrets = new Map(
      (facts.secrets ?? []).map((secret) => [`${secret.cluster}/${secret.namespace}/${secret.name}`, secret]),
    );
    for (const mesh of this.meshes.values()) this.addOwners(mesh);
    for (const [cluster, router] of Object.entries(facts.routers ?? {})) {
      const mesh = this.meshes.get(cluster);
      for (const address of mesh ? [router.address, ...(router.moreAddresses ?? [])] : []) {
        if (mesh) this.owners.set(address, { kind: 'router', mesh, router });
      }
    }
    for (const address of facts.addresses ?? []) this.owners.set(address.ip, { kind: 'outside', address });
  }

  /** The same world, where objects of unknown age came in the other order. */
  public reversed(): World {
    return new World(this.facts, this.resources, this.order === 'names' ? 'reversed' : 'names');
  }

  /** Meshes of clusters: servers in no mesh are in none. */
  public get clusters(): Mesh[] {
    return [...this.meshes.values()].filter(({ cluster }) => cluster !== OUTSIDE);
  }

  /** Control planes that share the cluster of a mesh. */
  public beside({ cluster }: Mesh): Mesh[] {
    const others = this.places.in(this.places.clusterOf(cluster)).filter((place) => place !== cluster);
    return others.flatMap((place) => this.meshes.get(place) ?? []);
  }

  /** Workloads of a cluster, whichever of its meshes they are of; one that is of none is there once. */
  public workloadsOf(cluster: string): Workload[] {
    const all = this.places.in(cluster).flatMap((place) => this.meshes.get(place)?.workloads ?? []);
    const byName = new Map<string, Workload>();
    for (const one of all) {
      const name = `${one.namespace}/${one.name}`;
      if (one.proxy !== undefined || !byName.has(name)) byName.set(name, one);
    }
    return [...byName.values()];
  }

  /** Clusters as people call them. */
  public get clusterNames(): string[] {
    return [...new Set([...this.meshes.keys()].map((place) => this.places.clusterOf(place)))];
  }

  /** @param place an address, or what {@link shown} says of it. */
  public ownerOf(place: string): AddressOwner | undefined {
    const known = this.owners.get(place);
    if (known !== undefined || isIp(place)) return known;
    this.byShown ??= new Map([...this.owners].map(([ip, owner]) => [this.shown(ip), owner]));
    return this.byShown.get(place);
  }

  /** How messages call an address: one that nobody has written by what it stands for. */
  public shown(ip: string): string {
    const owner = isStandIn(ip) ? this.owners.get(ip) : undefined;
    return (owner && (this.nameOf(ip) ?? describeOwner(owner))) ?? ip;
  }

  /** A name that resolves to an address, the first of several. */
  private nameOf(ip: string): string | undefined {
    const { dns = {}, names = {} } = this.facts;
    this.names ??= new Map(
      [...Object.values(dns), names]
        .flatMap((all) => Object.entries(all))
        .sort(([a], [b]) => (a < b ? 1 : -1))
        .map(([name, address]) => [address, name]),
    );
    return this.names.get(ip);
  }

  /** Services with an address outside of their cluster, port by port. */
  public entrances(): Entrance[] {
    return [...this.owners].flatMap(([ip, owner]): Entrance[] => {
      if (owner.kind === 'service') {
        const { mesh, service } = owner;
        if (ip === mesh.serviceAddress(service)) return [];
        return (service.spec.ports ?? []).map(({ port }) => ({ ip, port, mesh, service, servicePort: port }));
      }
      if (owner.kind !== 'outside') return [];
      return Object.entries(owner.address.ports).flatMap(([port, to]) => {
        const mesh = this.meshes.get(to.cluster);
        const service = mesh?.find<ServiceSpec>('Service', to.namespace, to.service);
        return mesh && service ? [{ ip, port: Number(port), mesh, service, servicePort: to.port }] : [];
      });
    });
  }

  public secret(cluster: string, namespace: string, name: string): SecretFact | undefined {
    return this.secrets.get(`${cluster}/${namespace}/${name}`);
  }

  /** A workload by its name, or by its label `app` or `istio`. */
  public workload(cluster: string, namespace: string, name: string): Workload | undefined {
    const here = this.meshes.get(cluster)?.workloadsIn(namespace) ?? [];
    return (
      here.find((one) => one.name === name) ?? here.find(({ labels }) => labels.app === name || labels.istio === name)
    );
  }

  /** Nodes of a dump take the node ports of Services. */
  private addNodes(mesh: Mesh): void {
    const nodes = mesh.kind('Node');
    if (nodes.length === 0) return;
    const ports = nodePorts(mesh);
    for (const { manifest } of nodes) {
      for (const { type, address } of (manifest as NodeManifest).status?.addresses ?? []) {
        if (address === undefined || !/IP$/.test(type ?? '')) continue;
        this.owners.set(address, { kind: 'outside', address: { ip: address, ports } });
      }
    }
  }

  private addOwners(mesh: Mesh): void {
    for (const workload of mesh.workloads) {
      for (const ip of [workload.ip, ...workload.moreIps]) this.owners.set(ip, { kind: 'workload', mesh, workload });
    }
    this.addNodes(mesh);
    let next = 1;
    for (const service of mesh.kind<ServiceSpec>('Service')) {
      const owner: AddressOwner = { kind: 'service', mesh, service };
      const address = mesh.serviceAddress(service);
      if (address !== undefined) this.owners.set(address, owner);
      if (service.spec.type !== 'LoadBalancer') continue;
      const stated = this.facts.loadBalancers?.[`${mesh.cluster}/${service.namespace}/${service.name}`];
      for (const ip of stated ??
        loadBalancerAddresses(service) ?? [symbolicAddress('loadBalancer', mesh.index, next++)]) {
        this.owners.set(ip, owner);
      }
    }
  }
}

function describeOwner(owner: AddressOwner): string | undefined {
  if (owner.kind === 'workload') return owner.workload.id;
  if (owner.kind === 'service') return `${owner.mesh.cluster}/${owner.service.namespace}/${owner.service.name}`;
  if (owner.kind === 'router') return undefined;
  const [to] = Object.values(owner.address.ports);
  return to && `${to.cluster}/${to.namespace}/${to.service}`;
}

/** Where the ports of a cluster's nodes lead. */
function nodePorts(mesh: Mesh): AddressFact['ports'] {
  const all = mesh
    .kind<ServiceSpec>('Service')
    .flatMap(({ cluster, namespace, name, spec }) =>
      (spec.ports ?? []).flatMap(({ nodePort, port }): [number, ServicePortFact][] =>
        nodePort === undefined ? [] : [[nodePort, { cluster, namespace, service: name, port }]],
      ),
    );
  return Object.fromEntries(all);
}

function loadBalancerAddresses({ spec, manifest }: Resource<ServiceSpec>): string[] | undefined {
  const status = manifest.status as { loadBalancer?: { ingress?: { ip?: string }[] } } | undefined;
  const ips = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
  if (ips.length > 0) return ips;
  return spec.loadBalancerIP ? [spec.loadBalancerIP] : undefined;
}

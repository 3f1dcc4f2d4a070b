import { Construct } from 'constructs';
import { Service } from '../../imports/kubernetes';
import { byText } from '../facts/by-text';
import { checkOptions, declaredRoot, type Guards, made, optional, text } from '../facts/guard';
import { requireText } from '../facts/kind-of';
import { isMarked, mark } from '../facts/marks';
import { trustDomain } from '../facts/names';
import type { Protocol } from '../facts/port';
import { principalOf } from '../facts/principal';
import type { MeshService, MeshServiceProps } from '../facts/service';
import { VirtualIpRange } from '../facts/virtual-ip-range';
import { childId, vacantId } from '../fleet/child-id';
import type { Cluster } from '../fleet/cluster';
import { Fleet } from '../fleet/fleet';
import { MeshChart } from '../fleet/mesh-chart';
import type { Platform } from '../platform/platform';
import type { Credential } from '../trust/credential';
import type { TrustBundle } from '../trust/trust-bundle';
import type { ControlPlane } from './control-plane';
import type { SmcpGateway } from './control-plane/options';
import { Injection } from './control-plane/revision';
import { claimRevision } from './control-plane/revisions';
import { type ContractedMeshProps, ExternalMesh, type ExternalMeshProps } from './external-mesh';
import { FOUNDATION, ownerLabels } from './gitops';
import { Introductions } from './introductions';
import { meshFacts, pluggedInCa } from './mesh-facts';
import { MeshNamespaces, type NamespaceOptions } from './mesh-namespaces';
import type { AliasProps, MeshProps } from './mesh-props';
import { MeshServices } from './mesh-services';
import { MtlsModes } from './mtls-modes';
import { servicePort } from './service-port';
import { serviceSettings, writeServiceRule } from './service-rule';

const PROPS: Guards<MeshProps> = {
  platform: made('a platform such as Istio.v1_31()', 'Platform'),
  controlPlane: made("one such as ControlPlane.existing('istio-system')", 'ControlPlane'),
  trustDomain: optional(text),
  root: optional(declaredRoot),
  virtualIpRange: optional(text),
};

const ALIAS: Guards<AliasProps<Protocol>> = {
  namespace: text,
  port: made('a port such as Port.http(9080)', 'Port'),
};

/** One control plane in a cluster with its namespaces, trust domain and root of trust. */
export class Mesh extends Construct {
  /** A mesh of somebody else's: facts, nothing emitted. */
  public static external(scope: Fleet, id: string, props: ExternalMeshProps | ContractedMeshProps): ExternalMesh {
    return new ExternalMesh(scope, id, props);
  }

  /** Whether something is a Mesh, also one of another copy of this package. */
  public static isMesh(x: unknown): x is Mesh {
    return isMarked(x, 'Mesh');
  }

  /** What kind of party of a peering it is. */
  public readonly kind = 'mesh';
  /** The cluster that it is in. */
  public readonly cluster: Cluster;
  /** What its control plane understands. */
  public readonly platform: Platform;
  /** Where istiod is and who writes it. */
  public readonly controlPlane: ControlPlane;
  /** SPIFFE trust domain of its workload identities. */
  public readonly trustDomain: string;
  /** Root of its workload certificates, where it is stated. */
  public readonly root?: TrustBundle<'declared'>;
  /** Where hosts of other meshes get addresses. */
  public readonly virtualIpRange: VirtualIpRange;
  /** @internal what lets its istiod inject proxies. */
  public readonly injection: Injection;
  /** @internal modes that policies state, as far as callers must know of them. */
  public readonly mtls: MtlsModes;
  private readonly members: MeshNamespaces;
  /** @internal its services, and hosts that lead elsewhere. */
  public readonly callable: MeshServices;
  private readonly smcpGateways: SmcpGateway[] = [];
  private readonly introductions = new Introductions(this, () => ({
    mesh: this.name,
    domain: this.cluster.domain,
    trustDomain: this.trustDomain,
    ...(this.root && { root: this.root.facts() }),
    ...(this.controlPlane.network !== undefined && { network: this.controlPlane.network }),
  }));

  /**
   * @throws MESH1001 for a malformed id; MESH1130 for one that is taken; MESH1401 for a malformed trust domain; MESH1105
   * when the platform lacks what the control plane needs; MESH1121 to MESH1123 for a revision or an IstioCNI that does not
   * fit; MESH1117 when its trust domain is stated as another one; MESH1118 when its
   * root has other fingerprints elsewhere; MESH1253 for a range that holds no
   * free address.
   */
  constructor(scope: Cluster, id: string, props: MeshProps) {
    super(scope, childId(scope, id, { kind: 'mesh', scope: 'Cluster' }));
    checkOptions<MeshProps>(props, this.node.path, PROPS);
    this.cluster = scope;
    this.callable = new MeshServices({ mesh: this.node.path, domain: scope.domain });
    this.platform = props.platform;
    this.controlPlane = props.controlPlane;
    this.trustDomain = trustDomain(props.trustDomain ?? 'cluster.local', this.node.path);
    this.root = props.root;
    this.virtualIpRange = VirtualIpRange.of(props.virtualIpRange ?? '240.0.0.0/9', this.node.path);
    this.injection = new Injection(this.controlPlane.revision(id));
    if (!this.platform.has('ServiceMeshMember')) claimRevision(scope, this.injection.revision, this.node.path);
    this.mtls = new MtlsModes(this.platform, this.controlPlane);
    // '0-' because `kubectl apply -f <folder>` goes alphabetically
    const base = new MeshChart(this, 'base chart', {
      cluster: scope,
      mesh: id,
      file: `0-${id}`,
      labels: ownerLabels(id),
    });
    this.controlPlane.write(base, {
      mesh: id,
      cluster: scope.name,
      platform: this.platform,
      trustDomain: this.trustDomain,
      where: this.node.path,
      annotations: FOUNDATION,
      gateways: () => [...this.smcpGateways].sort(byText(({ name }) => name)),
    });
    this.members = new MeshNamespaces({
      mesh: id,
      platform: this.platform,
      controlPlane: this.controlPlane,
      injection: this.injection,
      base,
      where: this.node.path,
    });
    if (this.root) Fleet.of(this).register.addRoot(this.root.facts(), this.node.path);
    Fleet.of(this).register.addMesh(this.node.path, () => meshFacts(this));
    if (this.controlPlane.pluggedInCa) Fleet.of(this).register.addSecret(pluggedInCa(this));
    mark(this, 'Mesh');
  }

  /** Name of the mesh: its id. */
  public get name(): string {
    return this.node.id;
  }

  /**
   * Identities of its workloads, as `Access.from` takes them.
   *
   * @param ref `<namespace>/<service account>`, `<namespace>/*` for a whole namespace, or `*` for all of the trust domain.
   * @throws MESH1202 when it is none of these.
   */
  public principal(ref: string): string {
    return principalOf(this.trustDomain, ref, this.node.path);
  }

  /** Namespaces that were declared with `namespace()`, sorted. */
  public get namespaces(): string[] {
    return this.members.names;
  }

  /** Whether a namespace was declared with `namespace()`. */
  public hasNamespace(name: string): boolean {
    return this.members.has(name);
  }

  /**
   * Declares a namespace of the mesh, and makes it a member: by the injection label of a Namespace that we write, or by
   * a ServiceMeshMember (OpenShift Service Mesh 2).
   *
   * @throws MESH1106 when it is declared twice, is the control plane's own, has labels but exists, or asks for an
   * ambient data plane; MESH1121 for a label that asks for other injection than the mesh's; MESH1006 when `create` is
   * neither true nor false.
   */
  public namespace(name: string, options: NamespaceOptions = {}): void {
    this.members.declare(name, options);
  }

  /**
   * A fact: something callable in this mesh. Writes nothing.
   *
   * @throws MESH1101 when the service is stated twice, or its ports are malformed; MESH1104 for a subset without labels;
   * MESH1204 when a peering leads its host elsewhere.
   */
  public service<P extends Protocol>(name: string, props: MeshServiceProps<P>): MeshService<P> {
    return this.callable.add(name, props);
  }

  /**
   * A local name without endpoints of its own: a Service without selector. With a Routing it leads to a remote service.
   *
   * @throws MESH1101 when the name is taken.
   */
  public alias<P extends Protocol>(name: string, props: AliasProps<P>): MeshService<P> {
    checkOptions<AliasProps<Protocol>>(props, `${this.node.path}/${name}`, ALIAS);
    const service = this.service(name, { namespace: props.namespace, ports: [props.port] });
    new Service(this.serviceChart(service), 'Service', {
      metadata: { name, namespace: props.namespace },
      spec: { ports: [servicePort(props.port)] },
    });
    this.callable.makeAlias(service);
    Fleet.of(this).register.addAlias(this.node.path, service.ref);
    return service;
  }

  /**
   * A file of your own in the cluster of this mesh: `<mesh>.<id>.k8s.yaml`.
   *
   * @throws MESH1130 when something else in the mesh has the id; MESH2004 when it makes no file name.
   */
  public chart(id: string): MeshChart {
    requireText(id, this.node.path, 'chart id');
    return this.ownChart(this, vacantId(this, id, 'chart'), id);
  }

  /**
   * Names hand-written YAML of this mesh: judged with what the fleet writes, never written.
   *
   * @param glob path from the current folder; `*` stands for a part of a name, `**` for folders.
   * @throws MESH1107 when it matches no file, or a file is not readable as Kubernetes objects.
   */
  public include(glob: string): void {
    requireText(glob, this.node.path, 'glob');
    Fleet.of(this).included.add(glob, { cluster: this.cluster.name, where: this.node.path });
  }

  /**
   * Says, in the contract of this mesh (`dist/contracts/<mesh>.mesh.json`), by which certificate it calls through a
   * peering. The provider's repository needs it before it can write the contract of the peering, with which the peering
   * here begins; from then on the peering says so itself.
   *
   * @param peering name of the peering, in both repositories.
   * @throws MESH1404 when the peering is introduced with another certificate already.
   */
  public introduce(peering: string, options: { readonly client: Credential }): void {
    checkOptions(options, this.node.path, { client: made('a Credential', 'Credential') });
    const { client } = options;
    this.introductions.add(peering, client);
  }

  /** @internal writes what the mesh says of itself to other repositories; once somebody else's mesh is a peer. */
  public writeContract(): void {
    this.introductions.write();
  }

  /** @internal a chart that `owner` owns: `<mesh>.<file>.k8s.yaml` in the cluster of this mesh. */
  public ownChart(owner: Construct, id: string, file: string): MeshChart {
    return new MeshChart(owner, id, {
      cluster: this.cluster,
      mesh: this.name,
      file: `${this.name}.${file}`,
      labels: ownerLabels(this.name),
    });
  }

  /** @internal the chart of everything that exists once per service. */
  public serviceChart(service: MeshService): MeshChart {
    return this.sharedChart(`${service.namespace}.${service.name}`);
  }

  /** @internal the chart of credentials that several peerings of one namespace may use. */
  public credentialChart(namespace: string): MeshChart {
    return this.sharedChart(`credentials.${namespace}`);
  }

  private sharedChart(id: string): MeshChart {
    const shared = `shared ${id}`;
    const existing = this.node.tryFindChild(shared);
    return MeshChart.isMeshChart(existing) ? existing : this.ownChart(this, shared, id);
  }

  /** @internal makes a gateway part of the ServiceMeshControlPlane. */
  public addSmcpGateway(gateway: SmcpGateway): void {
    this.smcpGateways.push(gateway);
  }

  /** @internal writes the DestinationRule of a service of this mesh, with its subsets and the TLS of callers, once. */
  public writeServiceRule(host: string): void {
    const service = this.callable.of(host);
    if (service === undefined) return;
    const rule = { platform: this.platform, modes: this.mtls, service, settings: serviceSettings(this) };
    writeServiceRule(this.serviceChart(service), rule);
  }
}

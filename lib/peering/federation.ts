import type { Construct } from 'constructs';
import type { Access } from '../facts/access';
import { MeshError } from '../facts/error';
import { exposureKey } from '../facts/exposure';
import { type FederationEnd, type FederationNames, SERVICE_PORT, wireHost } from '../facts/federation';
import { checkOptions, type Guards, made } from '../facts/guard';
import { dnsLabel } from '../facts/names';
import { type Http, isHttp, type Protocol } from '../facts/port';
import { Claims } from '../fleet/claims';
import type { ExternalMesh } from '../mesh/external-mesh';
import type { Mesh } from '../mesh/mesh';
import { type ContractConsumer, ContractedProvider } from './contracted';
import type { EgressCallers } from './egress/egress-callers';
import { type Exposable, exposedService } from './exposable';
import type { Exposure } from './exposure';
import { agreeOnEnds, checkContractedEnd } from './federation/ends';
import { ExportLegs } from './federation/export-leg';
import { ExportedServices } from './federation/exported-services';
import type {
  Federation,
  FederationCommon,
  FederationExposeOptions,
  FederationFacts,
  FederationUse,
  ImportLocality,
} from './federation/facts';
import { checkLocality } from './federation/failover';
import { FederationExposure } from './federation/federation-exposure';
import { FederationGateways } from './federation/gateways';
import { ImportLegs } from './federation/import-leg';
import { ImportedServices } from './federation/imported-services';
import { FEDERATION_CONSUMER, FEDERATION_STATED, FEDERATION_USED } from './federation/option-guards';
import { meetPeer } from './federation/service-mesh-peer';
import { CONTRACT_CONSUMER, noOptionsOfHosts } from './option-guards';
import { isProvidedElsewhere, refuseOptions } from './parties';
import { Peering } from './peering';
import type { Exposing } from './peering-props';
import type { ConsumerHalf, ProviderHalf } from './strategy';
import type { EntryPoint } from './summary';

/** What the consumer's side of a federation states. */
export interface FederationConsumerOptions {
  /**
   * Which workloads of the consumer use it (Istio and OpenShift Service Mesh 3): their namespaces see the hosts, the
   * egress gateway lets nobody else through.
   * @default - all workloads of the mesh
   */
  readonly callers?: EgressCallers;
  /**
   * Where imported services are said to be, for failover (OpenShift Service Mesh 2).
   * @default - not said
   */
  readonly locality?: ImportLocality;
}

/** What a federation states. The gateways that face the peer are made, or stated before by `FederationGateways`. */
export interface FederationPeeringProps extends FederationConsumerOptions {
  /** Of somebody else's mesh the mesh contract is needed: `Mesh.external(fleet, id, { contract })`. */
  readonly consumer: Mesh | ExternalMesh;
  /** Who is called; of somebody else's mesh the mesh contract is needed, too. */
  readonly provider: Mesh | ExternalMesh | ContractedProvider<Federation>;
}

const PEERING: Guards<FederationPeeringProps> = {
  consumer: made('a Mesh or Mesh.external(…)', 'Mesh', 'ExternalMesh'),
  provider: made('a Mesh or Mesh.external(…)', 'Mesh', 'ExternalMesh', 'ContractedProvider'),
  ...FEDERATION_CONSUMER,
};

const STATED = { ...FEDERATION_STATED, ...noOptionsOfHosts('FederationPeering') };

/** What the consumer adds to a contract of a federation. */
export interface FederationContractProps extends ContractConsumer, FederationConsumerOptions {}

/**
 * Two meshes with roots and trust domains of their own exchange services through gateways that face each other: sidecar →
 * egress gateway → ingress gateway → workload, each leg with mTLS. Only the two gateways believe the other's root.
 *
 * On OpenShift Service Mesh 2 both control planes take part (ServiceMeshPeer, ExportedServiceSet, ImportedServiceSet) and
 * make the routes in memory; on Istio and OpenShift Service Mesh 3, which have no such control plane, the same way is
 * written as plain objects.
 *
 * The provider's gateway sees the consumer's egress gateway; the workload sees its own ingress gateway, with methods and
 * paths, and never who called.
 */
export class FederationPeering extends Peering<Federation> {
  /**
   * The consumer's half, from the contract that the provider's repository wrote; the peering's name is in it.
   *
   * @throws MESH1504 naming the field that does not fit.
   */
  public static fromContract(scope: Construct, props: FederationContractProps): FederationPeering {
    checkOptions<FederationContractProps>(props, 'FederationPeering.fromContract', {
      ...CONTRACT_CONSUMER,
      ...FEDERATION_CONSUMER,
    });
    const { contract, ...own } = props;
    const provider = ContractedProvider.of<Federation>('FederationPeering', props);
    return new FederationPeering(scope, contract.document.peering, { ...own, provider });
  }

  protected readonly strategy = 'FederationPeering';
  protected override readonly statedOptions = STATED;
  protected override readonly usedOptions = FEDERATION_USED;
  protected readonly protection = { tls: 'mesh' };
  protected override readonly common: FederationCommon;
  private readonly exported = new Claims();

  /**
   * @throws MESH1001 for a malformed id; MESH1201 when no side is ours; MESH1206 for callers that cannot be told apart;
   * MESH1213 for a second federation of the same consumer and provider; MESH1215, MESH1276 for options that nothing is
   * written from; MESH1270 for equal trust domains; MESH1271 for control planes of two kinds; MESH1273 for a gateway
   * without address; MESH1278 for a malformed locality; MESH1282 for a root that is not believed; MESH1504, MESH1505 when
   * the mesh contract of the other side is missing or does not fit.
   */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: FederationPeeringProps,
  ) {
    super(scope, id, props);
    const { consumer, provider } = props;
    const { where } = this;
    const ends = { consumer: endOf(consumer, provider.name), provider: endOf(provider, consumer.name) };
    const isOneCluster = consumer.kind === 'mesh' && provider.kind === 'mesh' && consumer.cluster === provider.cluster;
    this.common = agreeOnEnds(ends, { isOneCluster, where });
    if (provider.kind === 'contracted') {
      checkContractedEnd(provider.contract.where, provider.document.common.consumer, this.common.consumer);
    }
    this.checkOptions();
    if (consumer.kind === 'mesh') this.begin(consumer, 'consumer', provider.name, this.common.provider);
    if (provider.kind === 'mesh') this.begin(provider, 'provider', consumer.name, this.common.consumer);
  }

  protected override get peeringOptions(): Guards<FederationPeeringProps> {
    return PEERING;
  }

  public override expose<P extends Protocol>(
    service: Exposable<P>,
    options: FederationExposeOptions & Exposing & FederationUse,
  ): FederationExposure<P> {
    return this.federated(super.expose(service, options));
  }

  public override exposure(key: string, used: FederationUse = {}): FederationExposure<Http> {
    return this.federated(super.exposure(key, used));
  }

  public override tlsExposure(key: string, used: FederationUse = {}): FederationExposure<'tls'> {
    return this.federated(super.tlsExposure(key, used));
  }

  public override tcpExposure(key: string, used: FederationUse = {}): FederationExposure<'tcp'> {
    return this.federated(super.tcpExposure(key, used));
  }

  protected override agree(service: Exposable, options: FederationExposeOptions & Exposing): FederationFacts {
    const { provider } = this;
    const { where } = this;
    const exposed = exposedService(service, undefined, where);
    const key = exposureKey(exposed);
    const ports =
      provider.kind === 'mesh' && service.kind === 'meshService' ? provider.callable.portsOf(service) : service.ports;
    if (this.common.provider.form === 'maistra' && ports.length > 1) {
      throw new MeshError(
        'MESH1275',
        where,
        `${key} is of a Service with ports ${ports.map(({ number }) => number).join(', ')}, of which the routes between the meshes could name none; put a Service with port ${exposed.port} alone before the workload, and expose it`,
      );
    }
    const exportedAs = {
      name: dnsLabel(options.alias?.name ?? exposed.name, where, 'exported name'),
      namespace: dnsLabel(options.alias?.namespace ?? exposed.namespace ?? '', where, 'exported namespace'),
    };
    this.claimName(`${exportedAs.namespace}/${exportedAs.name}`, key);
    return {
      key,
      service: exposed,
      access: options.allow.map((access) => access.facts()),
      exportedAs,
      wireHost: wireHost(exportedAs, this.common.provider.form, this.names),
    };
  }

  protected override get usedBy(): EgressCallers | undefined {
    return this.props.callers;
  }

  protected override arrival(): EntryPoint | undefined {
    const { provider } = this;
    if (provider.kind !== 'mesh') return undefined;
    return { gateway: FederationGateways.of(provider, this.consumer.name).ingress, port: SERVICE_PORT };
  }

  protected override providerHalf(mesh: Mesh): ProviderHalf<Federation> {
    const gateways = FederationGateways.of(mesh, this.consumer.name);
    return gateways.form === 'maistra'
      ? new ExportedServices(gateways)
      : new ExportLegs(gateways, this.common.consumer, this.peeringName);
  }

  protected override consumerHalf(mesh: Mesh): ConsumerHalf<Federation> {
    const gateways = FederationGateways.of(mesh, this.provider.name);
    const { callers, locality } = this.props;
    return gateways.form === 'maistra'
      ? new ImportedServices(gateways, locality, this.peeringName)
      : new ImportLegs(gateways, this.common.provider, callers, this.peeringName);
  }

  /** Bytes pass the gateways as they are, whatever they are. */
  protected override uncarried(): undefined {
    return undefined;
  }

  protected override unenforceable(access: Access, protocol: Protocol): string | undefined {
    const { provider } = this;
    if (access.from !== undefined) {
      return `an access rule names callers (${access.from.join(', ')}), but the workload sees the provider's own ingress gateway alone; leave 'from' out`;
    }
    const wanted = isHttp(protocol) ? 'http' : 'tcp';
    if (access.kind !== wanted) {
      return `an Access.${access.kind} rule does not fit a ${protocol} port; expected Access.${wanted}`;
    }
    if (isProvidedElsewhere(provider) && (access.methods || access.paths)) {
      return `an access rule limits methods or paths, but the workload of ${provider.name} is not ours; expected Access.http() without limits`;
    }
    return undefined;
  }

  /** A name stands for one service: the consumer knows nothing else of it. */
  private claimName(name: string, key: string): void {
    const other = this.exported.claim(name, key);
    if (other !== undefined) {
      throw new MeshError(
        'MESH1277',
        this.where,
        `${key} would be exported as '${name}', as ${other} is; give one of them an alias`,
      );
    }
  }

  private begin(mesh: Mesh, role: 'consumer' | 'provider', peer: string, end: FederationEnd): void {
    const gateways = FederationGateways.of(mesh, peer);
    gateways.begin(role, this.where);
    meetPeer(gateways, end, this.where);
  }

  private checkOptions(): void {
    const { consumer, common } = this;
    const { callers, locality } = this.props;
    const { where } = this;
    if (consumer.kind !== 'mesh') refuseOptions('consumer', consumer, { callers, locality }, where);
    if (locality && common.consumer.form === 'gateways') {
      throw new MeshError(
        'MESH1276',
        where,
        "'locality' is stated, which says where a control plane that federates puts imported services; leave it out",
      );
    }
    if (locality) checkLocality(locality, where);
    if (callers && common.consumer.form === 'maistra') {
      throw new MeshError(
        'MESH1206',
        where,
        'callers is stated, but the control plane makes the routes of its egress gateway itself and lets every workload of the mesh through; leave callers out; the rule would be widened',
      );
    }
  }

  private get names(): FederationNames {
    return { consumer: this.consumer.name, provider: this.provider.name };
  }

  private federated<P extends Protocol>(exposure: Exposure<P, FederationFacts>): FederationExposure<P> {
    return new FederationExposure<P>(exposure, this.common, this.names);
  }
}

/** What a mesh says of its end. */
function endOf(party: ExternalMesh | ContractedProvider<Federation> | Mesh, peer: string): FederationEnd {
  switch (party.kind) {
    case 'mesh':
      return FederationGateways.of(party, peer).end;
    case 'externalMesh':
      return party.federation(peer);
    case 'contracted':
      return party.document.common.provider;
  }
}

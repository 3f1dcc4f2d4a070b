import type { Construct } from 'constructs';
import type { Access } from '../facts/access';
import type { Address } from '../facts/address';
import { MeshError } from '../facts/error';
import { type ExposedService, exposureKey } from '../facts/exposure';
import type { RootFacts } from '../facts/fleet';
import { checkOptions, flag, type Guards, listOf, made, number, oneOf, optional, text } from '../facts/guard';
import { hostname } from '../facts/names';
import { isHttp, type Protocol, portNumber } from '../facts/port';
import type { ExternalMesh } from '../mesh/external-mesh';
import type { Gateway } from '../mesh/gateway';
import type { Mesh } from '../mesh/mesh';
import { describeRoot, isSameRoot } from '../trust/same-root';
import type { Callers } from './callers';
import { type ContractConsumer, ContractedProvider } from './contracted';
import { type Exposable, exposedService } from './exposable';
import { CONNECTION } from './hop/connection';
import { CONTRACT_CONSUMER, callersOf, GATEWAY, noOptionsOfHosts } from './option-guards';
import { checkGateway, claimIngress, refuseOptions, requireIngress } from './parties';
import { Peering } from './peering';
import type { Exposing } from './peering-props';
import { type ArrivingIdentities, mistaken, named, sharedCaller } from './shared-root/callers-by-identity';
import { checkPassesOn, eastWestEndpoint } from './shared-root/east-west-endpoint';
import { EastWestHalf } from './shared-root/east-west-half';
import type { SharedRootCommon, SharedRootFacts } from './shared-root/facts';
import { type HostNames, needNames } from './shared-root/host-names';
import type { SharedRoot, SharedRootStated, SharedRootUsed } from './shared-root/options';
import { RemoteHostHalf } from './shared-root/remote-host-half';
import { identitiesOf } from './shared-root/servers';
import { checkTrust, rootOf } from './shared-root/trust';
import type { ConsumerHalf, ProviderHalf } from './strategy';
import type { EntryPoint } from './summary';

/** What the consumer's side of a shared root peering states. */
export interface SharedRootConsumerOptions {
  /**
   * Which workloads of the consumer see the hosts.
   * @default - all namespaces of the mesh
   */
  readonly callers?: Callers<'namespaces'>;
  /**
   * How callers find the hosts.
   * @default 'dnsCapture'
   */
  readonly names?: HostNames;
}

const CALLERS = callersOf('namespaces');
const HOST_NAMES = optional(oneOf('dnsCapture', 'rulesOnly'));

/** What a shared root peering states. */
export interface SharedRootPeeringProps extends SharedRootConsumerOptions {
  /** Who calls. */
  readonly consumer: Mesh | ExternalMesh;
  /** Who is called; `fromContract` makes it of a contract. */
  readonly provider: Mesh | ExternalMesh | ContractedProvider<SharedRoot>;
  /**
   * The provider's east-west gateway: an ingress gateway with a port that passes TLS on (`GatewayPort.tls()`) and an
   * address. Its policies see nothing of the calls, so it cannot deny by default.
   * @default - none, for a provider that is not ours
   */
  readonly ingress?: Gateway;
  /**
   * How the gateway of a provider that is not ours is reached; its port is 15443 unless the address says another.
   * @default - the address of `ingress`
   */
  readonly address?: Address;
  /**
   * Ending of the hosts: `<service>.<namespace>.<domain>`.
   * @default - the name of the provider
   */
  readonly domain?: string;
  /**
   * Whether the two meshes have different roots that each believes besides its own (`OtherRoots.byEveryProxy`).
   * Proxies do not compare root and trust domain: whoever holds one of the roots can sign the identities of both meshes.
   * @default false - both have intermediates of one root
   */
  readonly mergedRoots?: boolean;
}

const PEERING: Guards<SharedRootPeeringProps> = {
  consumer: made('a Mesh or Mesh.external(…)', 'Mesh', 'ExternalMesh'),
  provider: made('a Mesh or Mesh.external(…)', 'Mesh', 'ExternalMesh', 'ContractedProvider'),
  ingress: optional(GATEWAY),
  address: optional(made("an address such as Address.hostname('…')", 'Address')),
  domain: optional(text),
  mergedRoots: optional(flag),
  callers: CALLERS,
  names: HOST_NAMES,
};

const STATED: Guards<SharedRootStated> = {
  host: optional(text),
  port: optional(number),
  subset: optional(text),
  serviceAccounts: optional(listOf(text)),
  alsoFrom: optional(listOf(text)),
  ...noOptionsOfHosts('SharedRootPeering'),
};

const USED: Guards<SharedRootUsed> = {
  virtualIp: optional(text),
  failover: optional(made("a place in a Failover: failover.at('…')", 'FailoverMember')),
  ...CONNECTION,
};

/** What the consumer adds to a contract of a shared root peering. */
export interface SharedRootContractProps extends ContractConsumer, SharedRootConsumerOptions {}

/**
 * One mTLS connection from workload to workload, through the provider's east-west gateway, which reads the SNI and
 * nothing else. Both meshes believe one root of trust, so the provider's workload sees the calling workload itself; no
 * control plane reads the other cluster's API server.
 *
 * An identity does not say which mesh it comes from: meshes with one trust domain share their identities, too.
 */
export class SharedRootPeering extends Peering<SharedRoot> {
  /**
   * The consumer's half, from the contract that the provider's repository wrote; the peering's name is in it.
   *
   * @throws MESH1504 naming the field that does not fit; as the constructor.
   */
  public static fromContract(scope: Construct, props: SharedRootContractProps): SharedRootPeering {
    checkOptions<SharedRootContractProps>(props, 'SharedRootPeering.fromContract', {
      ...CONTRACT_CONSUMER,
      callers: CALLERS,
      names: HOST_NAMES,
    });
    const { consumer, contract, callers, names } = props;
    const provider = ContractedProvider.of<SharedRoot>('SharedRootPeering', { consumer, contract });
    const { document } = provider;
    const [stated, own] = [document.common.roots.consumer, rootOf(consumer, document.peering)];
    if (!isSameRoot(stated, own)) {
      throw new MeshError(
        'MESH1504',
        contract.where,
        `field 'common.roots.consumer' is ${describeRoot(stated)}, mesh ${consumer.name} has ${describeRoot(own)}; one of the two is wrong`,
      );
    }
    return new SharedRootPeering(scope, document.peering, { consumer, provider, callers, names });
  }

  protected readonly strategy = 'SharedRootPeering';
  protected override readonly statedOptions = STATED;
  protected override readonly usedOptions = USED;
  protected readonly protection = { tls: 'mesh' };
  protected readonly common: SharedRootCommon;
  private readonly props: SharedRootPeeringProps;

  /**
   * @throws MESH1001 for a malformed id; MESH1116 when a control plane lacks what the peering needs; MESH1201 when no side
   * is ours; MESH1210 to MESH1213 when the gateway is missing, somebody else's, an egress gateway, or reached by another
   * peering already; MESH1215 for options of a side that is not ours; MESH1250, MESH1251 for roots that are unknown or do
   * not fit; MESH1252 for a gateway that cannot pass mTLS on.
   */
  constructor(scope: Construct, id: string, props: SharedRootPeeringProps) {
    super(scope, id, props);
    const { consumer, provider, ingress, names } = props;
    const { where } = this;
    this.props = props;
    if (provider.kind === 'mesh') requireIngress(provider, ingress, where);
    else if (ingress) checkGateway(ingress, { kind: 'ingress', of: 'provider', party: provider, where });
    if (ingress) {
      claimIngress(ingress, consumer, where);
      checkPassesOn(ingress, where);
    }
    this.checkOptions();
    this.common = { roots: { consumer: rootOf(consumer, where), provider: this.providerRoot() } };
    this.checkTrust();
    if (consumer.kind === 'mesh') needNames(consumer, names, where);
  }

  protected override get peeringOptions(): Guards<SharedRootPeeringProps> {
    return PEERING;
  }

  protected override agree(service: Exposable, options: SharedRootStated & Exposing): SharedRootFacts {
    const { where } = this;
    const { ingress, address } = this.props;
    const { trustDomain } = this.identities.provider;
    const exposed = exposedService(service, options.subset, where);
    this.checkOwnCallers(options);
    return {
      key: exposureKey(exposed),
      service: exposed,
      host: hostname(options.host ?? this.defaultHost(exposed), where),
      port: options.port === undefined ? exposed.port : portNumber(options.port, where),
      endpoint: eastWestEndpoint(ingress, address, where),
      servers: identitiesOf({ trustDomain, where }, exposed, options.serviceAccounts),
      access: options.allow.map((access) => named(access.facts(), this.identities)),
    };
  }

  protected override get usedBy(): Callers<'namespaces'> | undefined {
    return this.props.callers;
  }

  protected override arrival(): EntryPoint | undefined {
    const { ingress } = this.props;
    return ingress && { gateway: ingress, port: ingress.portFor('tls').number };
  }

  protected override standsBy({ failover }: SharedRoot['used']): boolean {
    return failover !== undefined;
  }

  protected override providerHalf(mesh: Mesh): ProviderHalf<SharedRoot> {
    return new EastWestHalf(requireIngress(mesh, this.props.ingress, this.where), this.peeringName);
  }

  protected override consumerHalf(mesh: Mesh): ConsumerHalf<SharedRoot> {
    return new RemoteHostHalf(mesh, this.props.callers, this.peeringName);
  }

  protected override uncarried(): undefined {
    return undefined;
  }

  protected override unenforceable(access: Access, protocol: Protocol): string | undefined {
    const wanted = isHttp(protocol) ? 'http' : 'tcp';
    if (access.kind !== wanted) {
      return `an Access.${access.kind} rule does not fit what the workload sees of ${protocol}; expected Access.${wanted}`;
    }
    return mistaken(access.from, this.identities);
  }

  private defaultHost({ namespace, name, subset }: ExposedService): string {
    const { domain, provider } = this.props;
    return [subset, name, namespace, domain ?? provider.name].filter((label) => label !== undefined).join('.');
  }

  /** @throws MESH1132 for a caller of the provider's own mesh that a workload of the consumer could be, too. */
  private checkOwnCallers({ alsoFrom = [], allow }: SharedRootStated & Exposing): void {
    const access = allow.map((rule) => rule.facts());
    const shared = sharedCaller(alsoFrom, access, this.identities);
    if (shared === undefined) return;
    const { consumer, provider } = this;
    throw new MeshError(
      'MESH1132',
      this.where,
      `alsoFrom names '${shared}' of ${provider.name}, and ${consumer.name} shares the trust domain, so its workloads of that identity could call as well; name it in an access rule, too, if that is meant, or give the meshes trust domains of their own`,
    );
  }

  private get identities(): ArrivingIdentities {
    const { consumer, provider } = this.props;
    return {
      consumer: { name: consumer.name, trustDomain: consumer.trustDomain },
      provider: { name: provider.name, trustDomain: trustDomainOf(provider) },
      aliases: provider.kind === 'mesh' ? provider.controlPlane.trustDomainAliases : [],
    };
  }

  private providerRoot(): RootFacts {
    const { provider } = this.props;
    return provider.kind === 'contracted' ? provider.document.common.roots.provider : rootOf(provider, this.where);
  }

  private checkTrust(): void {
    const { consumer, provider, mergedRoots } = this.props;
    const { roots } = this.common;
    const own = (party: Mesh | ExternalMesh | ContractedProvider<SharedRoot>) =>
      party.kind === 'mesh' ? { own: party } : {};
    checkTrust({
      consumer: { name: consumer.name, trustDomain: consumer.trustDomain, root: roots.consumer, ...own(consumer) },
      provider: { name: provider.name, root: roots.provider, ...own(provider) },
      // of a contract it is what its roots say
      mergedRoots:
        provider.kind === 'contracted' ? !isSameRoot(roots.consumer, roots.provider) : (mergedRoots ?? false),
      where: this.where,
    });
  }

  /** @throws MESH1215 for an option of a side that is not ours. */
  private checkOptions(): void {
    const { consumer, provider, callers, names, address } = this.props;
    if (consumer.kind !== 'mesh') refuseOptions('consumer', consumer, { callers, names }, this.where);
    if (provider.kind === 'mesh' && address) {
      throw new MeshError(
        'MESH1215',
        this.where,
        `'address' is stated, but the provider ${provider.name} is ours: its gateway says how it is reached; state the address there`,
      );
    }
  }
}

/** Of a contract's provider nobody asks: its access rules are in the contract. */
function trustDomainOf(provider: Mesh | ExternalMesh | ContractedProvider<SharedRoot>): string {
  return provider.kind === 'contracted' ? '' : provider.trustDomain;
}

import type { Construct } from 'constructs';
import type { Access } from '../facts/access';
import { MeshError } from '../facts/error';
import { checkOptions, type Guards, optional } from '../facts/guard';
import type { Protocol } from '../facts/port';
import type { ExternalMesh } from '../mesh/external-mesh';
import type { ExternalProxy } from '../mesh/external-proxy';
import type { Gateway } from '../mesh/gateway';
import type { Mesh } from '../mesh/mesh';
import type { Credential } from '../trust/credential';
import type { PeerEnd } from '../trust/peer-end';
import type { Application, ClientCertificate, Mutual, Plain, Simple } from '../trust/peering-tls';
import { type ContractConsumer, ContractedProvider } from './contracted';
import { contractedTls } from './contracted-tls';
import { unenforceableAt } from './egress/egress-access';
import { checkEgressCallers, type EgressCallers, unseenAccounts } from './egress/egress-callers';
import { EgressHalf } from './egress/egress-half';
import { writeOnlyWayOut } from './egress/only-way-out';
import { THROUGH } from './hop/tunnel';
import type { HopPeeringProps } from './hop-peering';
import { HostPeering, type HostStrategy } from './host-peering';
import { CONTRACT_CONSUMER, EGRESS, GATEWAY, KEY_PAIR } from './option-guards';
import { isProvidedElsewhere, refuseOptions, requireEgress } from './parties';
import type { ConsumerHalf } from './strategy';

/** How the hop behind an egress gateway may be protected: a gateway reads Secrets, no mounted files. */
export type EgressTls =
  | Plain
  | Simple
  | Mutual<ClientCertificate, Credential<'sds'> | PeerEnd<'declared'>>
  | Application;

/** What the consumer's side of an egress gateway peering states. */
export interface EgressGatewayOptions {
  /** The consumer's egress gateway; many peerings may share it. */
  readonly egress: Gateway;
  /**
   * Which workloads of the consumer use it. Their namespaces see the host. A gateway with `denyByDefault` lets nobody
   * else through, except with the application's own TLS, which shows the gateway no identity.
   * @default - all workloads of the mesh
   */
  readonly callers?: EgressCallers;
  /**
   * Namespaces whose pods get no other way out of the cluster, by NetworkPolicy.
   * @default - none: a pod that dials an address itself goes around the gateway
   */
  readonly onlyWayOut?: string[];
  /**
   * Proxy of the company by which the gateway reaches servers: for bytes and TLS of applications, one port of a host.
   * @default - none: the gateway connects itself
   */
  readonly through?: ExternalProxy;
}

/** What an egress gateway peering states. */
export interface EgressGatewayPeeringProps<T extends EgressTls>
  extends HopPeeringProps<T, HostStrategy<T>>,
    Partial<EgressGatewayOptions> {
  /** Who calls. */
  readonly consumer: Mesh | ExternalMesh;
  /**
   * The consumer's egress gateway; many peerings may share it.
   * @default - none, for a consumer that is not ours
   */
  readonly egress?: Gateway;
}

/** What the consumer adds to a contract of an egress gateway peering. */
export interface EgressGatewayContractProps extends ContractConsumer, EgressGatewayOptions {
  /**
   * Our key pair, where the hop is mutual.
   * @default - none
   */
  readonly client?: Credential<'sds'>;
}

const CONSUMER: Guards<Partial<EgressGatewayOptions>> = { ...EGRESS, through: THROUGH };

/**
 * Calls leave the mesh through an egress gateway, which originates the hop's TLS, or passes the application's own TLS on.
 * The way to the gateway is always encrypted: by the mesh, or by the application.
 *
 * Of a server in no mesh, or of somebody else's mesh, the gateway enforces the access rules, where it denies by default:
 * `from` among the callers, methods and paths of requests, `allow: []` for nobody.
 *
 * The provider sees the egress gateway's certificate (mutual TLS) or nobody, never the workload itself.
 */
export class EgressGatewayPeering<T extends EgressTls = EgressTls> extends HostPeering<T> {
  /**
   * The consumer's half, from the contract that the provider's repository wrote; the peering's name is in it.
   *
   * @throws MESH1504 naming the field that does not fit.
   */
  public static fromContract(scope: Construct, props: EgressGatewayContractProps): EgressGatewayPeering {
    checkOptions<EgressGatewayContractProps>(props, 'EgressGatewayPeering.fromContract', {
      ...CONTRACT_CONSUMER,
      ...CONSUMER,
      egress: GATEWAY,
      client: optional(KEY_PAIR),
    });
    const { consumer, contract, client, egress, callers, onlyWayOut, through } = props;
    const provider = ContractedProvider.of<HostStrategy<EgressTls>>('EgressGatewayPeering', { consumer, contract });
    const tls: EgressTls = contractedTls(provider, client);
    const { peering } = contract.document;
    return new EgressGatewayPeering(scope, peering, { consumer, provider, tls, egress, callers, onlyWayOut, through });
  }

  protected readonly strategy = 'EgressGatewayPeering';
  private readonly egress?: Gateway;
  private readonly callers?: EgressCallers;
  protected override readonly through?: ExternalProxy;

  /**
   * @throws MESH1001 for a malformed id; MESH1201 when no side is ours; MESH1206 for callers that the gateway cannot tell
   * apart; MESH1208 for namespaces that cannot be closed; MESH1210 to MESH1214 when a gateway or key pair is missing or
   * does not fit; MESH1112 when the egress gateway has no port for the hop; MESH1215 for options of a consumer that is
   * not ours; MESH1216 for a key pair that a gateway cannot read.
   */
  constructor(scope: Construct, id: string, props: EgressGatewayPeeringProps<T>) {
    super(scope, id, props);
    const { consumer, egress, callers, onlyWayOut, through } = props;
    this.egress = egress;
    this.callers = callers;
    this.through = through;
    if (consumer.kind !== 'mesh') {
      refuseOptions('consumer', consumer, { egress, callers, onlyWayOut, through }, this.where);
      return;
    }
    const gateway = requireEgress(consumer, egress, this.where);
    this.checkHop(gateway);
    this.checkCallers(gateway);
    if (onlyWayOut !== undefined) {
      const chart = this.chartOf('consumer', consumer);
      writeOnlyWayOut(chart, { gateway, namespaces: onlyWayOut, peering: this.peeringName });
    }
  }

  protected override get peeringOptions(): Guards<EgressGatewayPeeringProps<T>> {
    return { ...super.peeringOptions, ...CONSUMER };
  }

  protected override get usedBy(): EgressCallers | undefined {
    return this.callers;
  }

  protected override consumerHalf(mesh: Mesh): ConsumerHalf<HostStrategy<T>> {
    const { where } = this.peeringName;
    const egress = requireEgress(mesh, this.egress, where);
    return new EgressHalf({
      egress,
      callers: this.callers,
      credential: this.tls.ownClient,
      peering: this.peeringName,
      decidesAccess: isProvidedElsewhere(this.provider),
      through: this.through,
    });
  }

  /** Before a server of somebody else, the gateway is what stands there of ours. */
  private get decider(): Gateway | undefined {
    return isProvidedElsewhere(this.provider) ? this.egress : undefined;
  }

  protected override unenforceable(access: Access, protocol: Protocol): string | undefined {
    const { decider } = this;
    if (decider === undefined) return super.unenforceable(access, protocol);
    return this.misfit(access, protocol) ?? unenforceableAt(decider, access, protocol);
  }

  protected override get decidedBy() {
    return this.decider?.denyByDefault ? ('egress' as const) : undefined;
  }

  protected override undeniable(): string | undefined {
    return this.decider?.denyByDefault ? undefined : super.undeniable();
  }

  private checkHop(egress: Gateway): void {
    if (this.tls.ownClient?.source === 'file') {
      throw new MeshError(
        'MESH1216',
        this.where,
        'the client credential is mounted files, but a gateway reads Secrets; use Credential.secret',
      );
    }
    egress.portFor(this.tls.mode === 'application' ? 'tls' : 'https');
  }

  private checkCallers(egress: Gateway): void {
    const { callers } = this;
    if (this.tls.mode !== 'application' || callers?.serviceAccounts === undefined) {
      checkEgressCallers(egress, callers, this.where);
      return;
    }
    throw unseenAccounts(callers.serviceAccounts, this.where);
  }
}

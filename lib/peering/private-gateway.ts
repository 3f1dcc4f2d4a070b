import type { Construct } from 'constructs';
import type { Access } from '../facts/access';
import { MeshError } from '../facts/error';
import { exposureKey } from '../facts/exposure';
import { checkOptions, type Guards, listOf, made, number, optional, text } from '../facts/guard';
import { wrongKind } from '../facts/kind-of';
import { hostname } from '../facts/names';
import { isHttp, type Protocol } from '../facts/port';
import type { CallConditions } from '../mesh/call-conditions';
import type { ExternalMesh } from '../mesh/external-mesh';
import type { Gateway } from '../mesh/gateway';
import type { Mesh } from '../mesh/mesh';
import type { Credential } from '../trust/credential';
import type { PeerEnd } from '../trust/peer-end';
import type { Mutual } from '../trust/peering-tls';
import { type ContractConsumer, ContractedProvider } from './contracted';
import { contractedMutualTls } from './contracted-tls';
import { type EgressCallers, requireClosedEgress } from './egress/egress-callers';
import { writeOnlyWayOut } from './egress/only-way-out';
import { type Exposable, exposedService } from './exposable';
import { CONNECTION } from './hop/connection';
import { HopPeering, type HopPeeringProps } from './hop-peering';
import { AT_GATEWAY, callConditions, flowOf } from './ingress/at-gateway';
import { writeOnlyWayIn } from './ingress/only-way-in';
import { CONTRACT_CONSUMER, EGRESS, GATEWAY, GATEWAY_KEY_PAIR, noOptionsOfHosts } from './option-guards';
import { claimIngress, refuseOptions, requireEgress, requireIngress } from './parties';
import type { Exposing } from './peering-props';
import { PrivateEgressHalf } from './private-gateway/egress-half';
import { type PrivateCommon, type PrivateFacts, passageHost, toldApart } from './private-gateway/facts';
import { endpointAt, gatewayPortOf } from './private-gateway/gateway-port';
import { PrivateIngressHalf } from './private-gateway/ingress-half';
import { claimPrivateGateway } from './private-gateway/one-host';
import { checkStated } from './private-gateway/stated';
import type { PrivateGateways, PrivateStated } from './private-gateway/strategy';
import type { ConsumerHalf, ProviderHalf } from './strategy';
import type { EntryPoint } from './summary';

/** How the hop between private gateways is protected: by certificates of a CA that the two sides alone believe. */
export type PrivateTls = Mutual<'required', Credential<'sds'> | PeerEnd<'declared'>>;

/** What the consumer's side of a peering of private gateways states. */
export interface PrivateConsumerOptions {
  /** The consumer's dedicated egress gateway; peerings with several providers may share it. */
  readonly egress: Gateway;
  /**
   * Which workloads of the consumer use it; the gateway lets nobody else through.
   * @default - all workloads of the mesh
   */
  readonly callers?: EgressCallers;
  /**
   * Namespaces of the consumer whose pods get no other way out of the cluster, by NetworkPolicy.
   * @default - none: a pod that dials an address itself goes around the gateway
   */
  readonly onlyWayOut?: string[];
}

/** What a peering of private gateways states. */
export interface PrivateGatewayPeeringProps
  extends HopPeeringProps<PrivateTls, PrivateGateways>,
    Partial<PrivateConsumerOptions> {
  readonly consumer: Mesh | ExternalMesh;
  readonly provider: Mesh | ContractedProvider<PrivateGateways>;
  /**
   * The provider's dedicated ingress gateway; peerings with several consumers share it. It denies by default.
   * @default - none, for a provider that is not ours
   */
  readonly ingress?: Gateway;
  /**
   * The provider gateway's one host, such as `c2.example.com`: server name of the hop, and authority of its requests. It
   * leads to the gateway where that has no address of its own.
   */
  readonly host: string;
  /**
   * Namespaces of the provider whose pods nobody reaches but each other and the ingress gateway, by NetworkPolicy: for
   * two namespaces of one cluster that shall be as far from each other as two clusters.
   * @default - none
   */
  readonly onlyWayIn?: string[];
}

/** What the consumer adds to a contract of a peering of private gateways. */
export interface PrivateGatewayContractProps extends ContractConsumer, PrivateConsumerOptions {
  /** Our key pair, which the provider knows us by. */
  readonly client: Credential<'sds'>;
}

const STRATEGY = 'PrivateGatewayPeering';

const { httpsRedirect: _, ...AT_PRIVATE_GATEWAY } = AT_GATEWAY;

const OWN = {
  ...EGRESS,
  provider: made('a Mesh; for a contract use fromContract', 'Mesh', 'ContractedProvider'),
  host: text,
  onlyWayIn: optional(listOf(text)),
};

const TAKEN: Guards<PrivateStated> = {
  subset: optional(text),
  host: optional(text),
  gatewayPort: optional(number),
  alsoFrom: optional(listOf(text)),
  ...AT_PRIVATE_GATEWAY,
};

const STATED = { ...TAKEN, ...noOptionsOfHosts(STRATEGY, TAKEN) };

/**
 * Meshes that trust each other a little: calls go through a dedicated gateway of each side. Only the two gateways
 * believe a common CA, nothing of one mesh is believed in the other. The provider's gateway knows each consumer by its
 * certificate, and denies what no exposure allows it; the workload takes calls of that gateway alone.
 *
 * Requests (HTTP, HTTP/2, gRPC) share one host and are told apart by path, TLS of applications by server name, any other
 * bytes by port. An exposure has no host that callers may dial: bind it to a local name with an alias and a Routing.
 */
export class PrivateGatewayPeering extends HopPeering<PrivateTls, PrivateGateways> {
  /**
   * The consumer's half, from the contract that the provider's repository wrote; the peering's name is in it.
   *
   * @throws MESH1504 naming the field that does not fit.
   */
  public static fromContract(scope: Construct, props: PrivateGatewayContractProps): PrivateGatewayPeering {
    checkOptions<PrivateGatewayContractProps>(props, 'PrivateGatewayPeering.fromContract', {
      ...CONTRACT_CONSUMER,
      ...EGRESS,
      egress: GATEWAY,
      client: GATEWAY_KEY_PAIR,
    });
    const { consumer, contract, client, egress, callers, onlyWayOut } = props;
    const provider = ContractedProvider.of<PrivateGateways>(STRATEGY, { consumer, contract });
    const tls = contractedMutualTls(provider, client);
    const { host } = provider.document.common;
    const { peering } = contract.document;
    return new PrivateGatewayPeering(scope, peering, { consumer, provider, tls, host, egress, callers, onlyWayOut });
  }

  protected readonly strategy = STRATEGY;
  protected override readonly statedOptions = STATED;
  protected override readonly usedOptions = CONNECTION;
  private readonly host: string;
  private readonly egress?: Gateway;
  private readonly callers?: EgressCallers;

  /**
   * @throws MESH1001 for a malformed id; MESH1002 for a malformed host; MESH1201 when no side is ours; MESH1206 for
   * callers that the egress gateway cannot tell apart; MESH1207 for an ingress gateway that lets everybody through;
   * MESH1208 for namespaces that cannot be closed; MESH1210 to MESH1214 when a gateway or key pair is missing or does
   * not fit; MESH1215 for options of a side that is not ours; MESH1233 for a client without a SPIFFE ID; MESH1235 for a
   * second host of one gateway; MESH1236 for a gateway behind a Route; MESH1237 for two consumers with one identity.
   */
  constructor(scope: Construct, id: string, props: PrivateGatewayPeeringProps) {
    super(scope, id, props);
    const { consumer, provider, tls, egress, callers, onlyWayOut, onlyWayIn } = props;
    // what the types refuse, too
    if (tls.mode !== 'mutual') throw wrongKind(tls, this.where, "'tls'", 'PeeringTls.mutual(…)');
    if (this.ingress) claimIngress(this.ingress, consumer, this.where);
    this.host = hostname(props.host, this.where);
    this.egress = egress;
    this.callers = callers;
    if (tls.client.identity.kind !== 'spiffe') {
      throw new MeshError(
        'MESH1233',
        this.where,
        `the client's certificate is known by DNS name '${tls.client.identity.value}', which no policy can name; expected a SPIFFE ID: Identity.spiffe('…')`,
      );
    }
    if (provider.kind === 'mesh') this.checkProvider(provider, onlyWayIn);
    else refuseOptions('provider', provider, { onlyWayIn }, this.where);
    if (consumer.kind === 'mesh') this.checkConsumer(consumer, onlyWayOut);
    else refuseOptions('consumer', consumer, { egress, callers, onlyWayOut }, this.where);
  }

  protected override get peeringOptions(): Guards<PrivateGatewayPeeringProps> {
    return { ...super.peeringOptions, ...OWN };
  }

  private checkProvider(provider: Mesh, onlyWayIn: string[] | undefined): void {
    const { where } = this;
    const gateway = requireIngress(provider, this.ingress, where);
    const client = this.tls.client.identity.subjectAltName;
    claimPrivateGateway(gateway, { host: this.host, client, where });
    if (onlyWayIn !== undefined) {
      const chart = this.chartOf('provider', provider);
      writeOnlyWayIn(chart, { gateway, namespaces: onlyWayIn, peering: this.peeringName });
    }
  }

  private checkConsumer(consumer: Mesh, onlyWayOut: string[] | undefined): void {
    const gateway = requireEgress(consumer, this.egress, this.where);
    gateway.portFor('https');
    requireClosedEgress(gateway, this.callers, this.where);
    if (onlyWayOut !== undefined) {
      const chart = this.chartOf('consumer', consumer);
      writeOnlyWayOut(chart, { gateway, namespaces: onlyWayOut, peering: this.peeringName });
    }
  }

  private get ownIngress(): Gateway {
    return requireIngress(this.provider, this.ingress, this.where);
  }

  protected override get common(): PrivateCommon {
    return { tls: this.tls.ends(), host: this.host };
  }

  protected override agree(service: Exposable, options: PrivateStated & Exposing): PrivateFacts {
    const { where } = this;
    const exposed = exposedService(service, options.subset, where);
    checkStated(exposed.protocol, options, where);
    const gateway = this.ownIngress;
    const port = gatewayPortOf(gateway, exposed.protocol, options, where);
    const sni = exposed.protocol === 'tls' ? hostname(options.host ?? exposed.host, where) : this.host;
    return {
      key: exposureKey(exposed),
      service: exposed,
      passage: hostname(passageHost(exposed, this.host), where, 'host inside the egress gateway'),
      endpoint: endpointAt(gateway, port, this.host),
      tls: { ...this.tls.ends(), sni },
      toldApart: toldApart(exposed, sni),
      access: options.allow.map((access) => access.facts()),
    };
  }

  protected override conditions(stated: PrivateStated, facts: PrivateFacts): CallConditions {
    const { where } = this;
    return callConditions(stated, { gateway: this.ownIngress, flow: flowOf(facts), where });
  }

  protected override arrival({ endpoint }: PrivateFacts): EntryPoint | undefined {
    const { ingress } = this;
    const port = ingress?.ports.find(({ number }) => (ingress.address?.portOf(number) ?? number) === endpoint.port);
    return ingress && port && { gateway: ingress, port: port.number };
  }

  protected override providerHalf(): ProviderHalf<PrivateGateways> {
    const { ownIngress: gateway, peeringName: peering } = this;
    return new PrivateIngressHalf({ gateway, credential: this.tls.ownServer, peering });
  }

  protected override get usedBy(): EgressCallers | undefined {
    return this.callers;
  }

  protected override consumerHalf(mesh: Mesh): ConsumerHalf<PrivateGateways> {
    const { callers, peeringName: peering } = this;
    const egress = requireEgress(mesh, this.egress, peering.where);
    return new PrivateEgressHalf({ egress, callers, credential: this.tls.ownClient, peering });
  }

  protected override uncarried(): undefined {
    return undefined;
  }

  protected override unenforceable(access: Access, protocol: Protocol): string | undefined {
    if (access.from !== undefined) {
      return `an access rule names callers (${access.from.join(', ')}), but the provider's gateway sees the peer's gateway; leave 'from' out`;
    }
    const wanted = isHttp(protocol) ? 'http' : 'tcp';
    if (access.kind === wanted) return undefined;
    return `an Access.${access.kind} rule does not fit a ${protocol} port; expected Access.${wanted}`;
  }
}

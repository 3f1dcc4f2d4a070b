import { Construct } from 'constructs';
import type { Access } from '../facts/access';
import { type ContractDocument, writeContract } from '../facts/contract';
import type { OnwardSummary, PeeringSummary } from '../facts/fleet';
import { anything, checkOptions, type Guards } from '../facts/guard';
import { requireObject } from '../facts/kind-of';
import { type Http, isHttp, type Protocol } from '../facts/port';
import { childId, ownPath } from '../fleet/child-id';
import { Fleet } from '../fleet/fleet';
import type { MeshChart } from '../fleet/mesh-chart';
import type { CallConditions } from '../mesh/call-conditions';
import type { ExternalProxy } from '../mesh/external-proxy';
import type { Mesh } from '../mesh/mesh';
import type { Callers } from './callers';
import { checkContractedFacts, contractedFacts, refuseExposingMore } from './contracted-exposure';
import { checkExposable, type Exposable } from './exposable';
import { Exposure } from './exposure';
import { Exposures } from './exposures';
import { Halves } from './halves';
import { refuseConnectionOf } from './hop/connection';
import {
  type Consumer,
  checkParties,
  isOneMesh,
  isProvidedElsewhere,
  ownProvider,
  PARTIES,
  type Provider,
  partyOf,
} from './parties';
import type { Exposing, OfProtocol, PeeringProps } from './peering-props';
import type { ConsumerHalf, PeeringName, ProviderHalf, Strategy } from './strategy';
import { type EntryPoint, exposureSummary, type Protection, peeringSummary } from './summary';

/**
 * The arrangement between a consumer and a provider. A strategy is three functions over facts: `agree` computes every
 * shared string once; two halves, each made with what is its own side's, write from those facts.
 */
export abstract class Peering<S extends Strategy = Strategy> extends Construct {
  /** Name of the peering: its id. */
  public readonly name: string;
  /** Who calls. */
  public readonly consumer: Consumer;
  /** Who is called. */
  public readonly provider: Provider<S>;
  /** How messages and `dist/fleet.json` call it: the path of its scope, and its name. */
  protected readonly where: string;
  private readonly exposures: Exposures<S['facts']>;
  private readonly charts: { provider?: MeshChart; consumer?: MeshChart } = {};
  private readonly halves: Halves<S>;

  /**
   * @throws MESH1001 for a malformed id; MESH1130 for that of another peering; MESH1201 when no side is ours.
   */
  constructor(scope: Construct, id: string, props: PeeringProps<S>) {
    super(scope, childId(scope, id, { kind: 'peering', isApart: true }));
    this.name = id;
    this.where = ownPath(scope, id);
    this.exposures = new Exposures(this.where);
    requireObject(props, this.where, 'what is stated', 'an object with consumer and provider');
    checkOptions<PeeringProps<S>>(props, this.where, this.peeringOptions);
    const { consumer, provider } = props;
    this.consumer = consumer;
    this.provider = provider;
    checkParties(consumer, provider, this.where);
    this.halves = new Halves<S>({
      peering: this.peeringName,
      isOfServer: provider.kind === 'externalServer',
      providerHalf: (mesh) => this.providerHalf(mesh),
      consumerHalf: (mesh) => this.consumerHalf(mesh),
      chartOf: (side, mesh) => this.chartOf(side, mesh),
    });
    const fleet = Fleet.of(this);
    if (isOneMesh(consumer, provider)) fleet.addCheck(() => [ownProvider(this.where, consumer.name)]);
    fleet.register.addPeering(this.where, () => this.summary());
    if (provider.kind === 'mesh') {
      fleet.addOutput(`contracts/${id}.json`, () => writeContract(this.contract()));
      if (consumer.kind === 'externalMesh') provider.writeContract();
    } else if (consumer.kind === 'mesh' && provider.kind !== 'externalServer') {
      consumer.writeContract();
    }
  }

  /**
   * Makes a service of the provider callable.
   *
   * @throws MESH1102 to MESH1104 for a port or subset that the service lacks; MESH1203 for a service of another mesh,
   * or a server in no mesh where the strategy puts no gateway before it; MESH1204 for a host that leads elsewhere
   * already; MESH1206 for access rules that cannot be enforced; MESH1218 for a service exposed twice; MESH1221 for a
   * server in no mesh under a name that is not its own; MESH1219 for a protocol that cannot be carried; MESH1505 when a
   * contract says all.
   */
  public expose<P extends S['protocol']>(
    service: Exposable<P>,
    options: S['stated'] & Exposing & S['used'] & OfProtocol<P>,
  ): Exposure<P, S['facts']> {
    refuseExposingMore(this.provider, this.where);
    requireObject(
      options,
      this.where,
      'what is stated of the exposure',
      'an object with options, such as { allow: [] }',
    );
    checkOptions<object>(options, this.where, { allow: anything, ...this.statedOptions, ...this.usedOptions });
    checkExposable(service, options.allow, { provider: this.provider, limits: this.limits, where: this.where });
    const facts = this.agree(service, options);
    const conditions = this.conditions(options, facts);
    const { alsoFrom } = options as { readonly alsoFrom?: readonly string[] };
    this.exposures.add({
      ...{ facts, conditions },
      ...(service.kind === 'meshService' && { service, ...(alsoFrom && { alsoFrom }) }),
    });
    if (this.provider.kind === 'mesh') this.halves.provide(this.provider, { service, facts, stated: options });
    return this.consume(facts, options);
  }

  /**
   * An exposure of which the provider's contract says everything, for a peering made `fromContract`.
   *
   * @param key `<namespace>/<service>:<port>[/<subset>]`
   * @throws MESH1504 when the contract has none of that name; MESH1505 without a contract; MESH1506 when no HTTP flows.
   */
  public exposure(key: string, used: S['used'] = {}): Exposure<Http, S['facts']> {
    return this.contracted<Http>(key, isHttp, used);
  }

  /**
   * Like `exposure`, for the application's own TLS.
   *
   * @throws MESH1504 when the contract has none of that name; MESH1505 without a contract; MESH1506 when it is none of
   * the application's own TLS.
   */
  public tlsExposure(key: string, used: S['used'] = {}): Exposure<'tls', S['facts']> {
    return this.contracted<'tls'>(key, (protocol) => protocol === 'tls', used);
  }

  /**
   * Like `exposure`, for any bytes.
   *
   * @throws MESH1504 when the contract has none of that name; MESH1505 without a contract; MESH1506 when it is HTTP or
   * TLS.
   */
  public tcpExposure(key: string, used: S['used'] = {}): Exposure<'tcp', S['facts']> {
    return this.contracted<'tcp'>(key, (protocol) => protocol === 'tcp', used);
  }

  private contracted<P extends Protocol>(
    key: string,
    fits: (protocol: Protocol) => boolean,
    used: S['used'],
  ): Exposure<P, S['facts']> {
    const { provider, where } = this;
    const facts = contractedFacts<S>(provider, { key, fits, where });
    requireObject(used, where, 'what is stated of the exposure', 'an object with options');
    checkOptions<S['used']>(used, where, this.usedOptions);
    this.checkContracted(facts);
    this.exposures.add({ facts });
    return this.consume(facts, used);
  }

  /**
   * What a schema cannot say of an exposure that somebody else's contract states.
   *
   * @throws MESH1504 naming the field that does not fit.
   */
  protected checkContracted(facts: S['facts']): void {
    checkContractedFacts(facts, this.consumer, this.provider);
  }

  private consume<P extends Protocol>(facts: S['facts'], used: S['used']): Exposure<P, S['facts']> {
    const { consumer } = this;
    if (consumer.kind !== 'mesh') {
      refuseConnectionOf(consumer, used, { key: facts.key, where: this.where });
      const { host, service } = facts;
      return new Exposure('', { host: host ?? service.host, port: service.port }, facts);
    }
    const { nextHop, dialled } = this.halves.consume(consumer, { facts, used });
    this.exposures.reach(facts, { nextHop, standsBy: this.standsBy(used) });
    return new Exposure(consumer.node.path, nextHop, facts, dialled);
  }

  /** What the peering may state. A getter: it is asked for before fields of a strategy are there. */
  protected get peeringOptions(): Guards<PeeringProps<S>> {
    return PARTIES;
  }

  /** What a provider may state about an exposure. */
  protected abstract readonly statedOptions: Guards<S['stated']>;

  /** What a consumer may state about an exposure. */
  protected abstract readonly usedOptions: Guards<S['used']>;

  /** Class name, as contracts and `dist/fleet.json` call it. */
  protected abstract readonly strategy: string;

  /** How the way between the two sides is protected, as `dist/fleet.json` says it. */
  protected abstract readonly protection: Protection;

  /** Which workloads of the consumer use it; absent: all. */
  protected get usedBy(): Callers | undefined {
    return undefined;
  }

  /** Proxy of the company by which the consumer reaches servers, if so. */
  protected readonly through?: ExternalProxy;

  /** Where of ours access rules are enforced, if that is at the consumer. */
  protected get decidedBy(): PeeringSummary['decidedBy'] {
    return undefined;
  }

  /** What both sides agree on for all exposures together. */
  protected abstract readonly common: S['common'];

  /** Computes everything that the two sides must agree on about one exposure. */
  protected abstract agree(service: Exposable, options: S['stated'] & Exposing): S['facts'];

  /** Writes at a provider of ours; made once. */
  protected abstract providerHalf(mesh: Mesh): ProviderHalf<S>;

  /** Writes at a consumer of ours; made once. */
  protected abstract consumerHalf(mesh: Mesh): ConsumerHalf<S>;

  /** Why a protocol cannot be carried, if so. */
  protected abstract uncarried(protocol: Protocol): string | undefined;

  /** Why an access rule cannot be enforced by this strategy, if so. */
  protected abstract unenforceable(access: Access, protocol: Protocol): string | undefined;

  /** Why no server outside of meshes can stand behind a provider of ours, if so. */
  protected get unfronted(): string | undefined {
    return `${this.strategy} leads to pods of the provider; expose it by a DirectPeering or EgressGatewayPeering, whose ingress gateway goes on to it`;
  }

  /** Where the provider's gateway goes on to, where that is a server in no mesh. */
  protected onward(_facts: S['facts']): OnwardSummary | undefined {
    return undefined;
  }

  /** What the provider's gateway asks of calls besides, of an exposure that states it. */
  protected conditions(_stated: S['stated'], _facts: S['facts']): CallConditions {
    return {};
  }

  /** Why calls of an exposure that no access rule allows could not be denied, if so. */
  protected undeniable(): string | undefined {
    const { provider } = this;
    if (!isProvidedElsewhere(provider)) return undefined;
    return `'allow' is empty, but nothing of ours stands before ${provider.name} to deny the calls; leave the exposure out`;
  }

  /** Gateway of ours, and port of its Service, at which calls of an exposure arrive; absent: nobody says so. */
  protected arrival(_facts: S['facts']): EntryPoint | undefined {
    return undefined;
  }

  /** Whether calls of an exposure are answered by others while they can. */
  protected standsBy(_used: S['used']): boolean {
    return false;
  }

  protected get peeringName(): PeeringName {
    return { id: this.name, where: this.where };
  }

  private get limits() {
    return {
      uncarried: (protocol: Protocol) => this.uncarried(protocol),
      unenforceable: (access: Access, protocol: Protocol) => this.unenforceable(access, protocol),
      unfronted: this.unfronted,
      undeniable: () => this.undeniable(),
    };
  }

  private summary(): PeeringSummary {
    const { name, where: path, strategy, consumer, provider, protection, usedBy, decidedBy, through } = this;
    const exposures = this.exposures.sorted.map((noted) =>
      exposureSummary(noted, { arrival: this.arrival(noted.facts), onward: this.onward(noted.facts) }),
    );
    return peeringSummary({
      ...{ name, path, strategy, consumer, provider, protection },
      ...{ usedBy, decidedBy, through, exposures },
    });
  }

  private contract(): ContractDocument {
    const { name: peering, strategy, consumer, provider, common } = this;
    const exposures = this.exposures.sorted.map(({ facts }) => facts);
    const parties = { consumer: partyOf(consumer), provider: partyOf(provider) };
    return { version: 2, peering, strategy, ...parties, common, exposures };
  }

  /** The chart of one half: made when there is something to write. */
  protected chartOf(side: 'consumer' | 'provider', mesh: Mesh): MeshChart {
    this.charts[side] ??= mesh.ownChart(this, side, `${this.name}.${side}`);
    return this.charts[side];
  }
}

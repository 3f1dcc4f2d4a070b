import { Construct } from 'constructs';
import type { Access } from '../facts/access';
import { byText } from '../facts/by-text';
import { type ContractDocument, writeContract } from '../facts/contract';
import { MeshError } from '../facts/error';
import { type ExposureFacts, exposureKey } from '../facts/exposure';
import type { OnwardSummary, PeeringSummary } from '../facts/fleet';
import { requireObject } from '../facts/kind-of';
import { objectName } from '../facts/names';
import { type Http, isHttp, type Protocol } from '../facts/port';
import { childId, ownPath } from '../fleet/child-id';
import { Fleet } from '../fleet/fleet';
import type { MeshChart } from '../fleet/mesh-chart';
import type { CallConditions } from '../mesh/call-conditions';
import type { ExternalProxy } from '../mesh/external-proxy';
import type { Mesh } from '../mesh/mesh';
import type { DialledHost } from '../traffic/dialled-host';
import type { Callers } from './callers';
import { claimHost } from './claim-host';
import { checkExposable, type Exposable } from './exposable';
import { Exposure } from './exposure';
import { refuseConnectionOf } from './hop/connection';
import {
  type Consumer,
  checkParties,
  isOneMesh,
  isProvidedElsewhere,
  ownProvider,
  type Provider,
  partyOf,
} from './parties';
import type { ConsumerHalf, PeeringName, ProviderHalf, Strategy } from './strategy';
import { callersSummary, type EntryPoint, exposureSummary, type Noted, type Protection } from './summary';

/** Who takes part in a peering. */
export interface PeeringProps<S extends Strategy = Strategy> {
  /** Who calls. */
  readonly consumer: Consumer;
  /** Who is called. */
  readonly provider: Provider<S>;
}

/** What an exposure states, whatever the strategy. */
export interface Exposing {
  /** Who may call what; several add up. An empty list: routed, but every call is denied. */
  readonly allow: Access[];
}

/** What only an exposure of requests can state. */
type OfProtocol<P extends Protocol> = [P] extends ['tcp' | 'tls']
  ? [P] extends [never]
    ? unknown
    : { readonly jwtRules?: undefined; readonly httpsRedirect?: undefined }
  : unknown;

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
  private readonly exposures = new Map<string, Noted<S['facts']>>();
  private readonly charts: { provider?: MeshChart; consumer?: MeshChart } = {};
  private readonly halves: { provider?: ProviderHalf<S>; consumer?: ConsumerHalf<S> } = {};

  /**
   * @throws MESH1001 for a malformed id; MESH1130 for that of another peering; MESH1201 when no side is ours.
   */
  constructor(scope: Construct, id: string, props: PeeringProps<S>) {
    super(scope, childId(scope, id, { kind: 'peering', isApart: true }));
    this.name = id;
    this.where = ownPath(scope, id);
    requireObject(props, this.where, 'what is stated', 'an object with consumer and provider');
    const { consumer, provider } = props;
    this.consumer = consumer;
    this.provider = provider;
    checkParties(consumer, provider, this.where);
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
    if (this.provider.kind === 'contracted') {
      throw new MeshError(
        'MESH1505',
        this.where,
        "the peering was made from a contract, which says all that is exposed; use exposure('<namespace>/<service>:<port>')",
      );
    }
    requireObject(
      options,
      this.where,
      'what is stated of the exposure',
      'an object with options, such as { allow: [] }',
    );
    this.checkStated(options);
    this.checkUsed(options);
    checkExposable(service, options.allow, { provider: this.provider, limits: this.limits, where: this.where });
    const facts = this.agree(service, options);
    const conditions = this.conditions(options, facts);
    const { alsoFrom } = options as { readonly alsoFrom?: readonly string[] };
    this.note({
      ...{ facts, conditions },
      ...(service.kind === 'meshService' && { service, ...(alsoFrom && { alsoFrom }) }),
    });
    if (this.provider.kind === 'mesh') this.provide(this.provider, service, facts, options);
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
    if (this.provider.kind !== 'contracted') {
      throw new MeshError(
        'MESH1505',
        this.where,
        'the peering was not made from a contract; expose the service with expose()',
      );
    }
    // of this strategy: ContractedProvider.of() insists on it
    requireObject(used, this.where, 'what is stated of the exposure', 'an object with options');
    this.checkUsed(used);
    const facts = this.provider.contract.exposure(key) as S['facts'];
    const { protocol } = facts.service;
    if (!fits(protocol)) {
      const use = isHttp(protocol) ? 'exposure' : `${protocol}Exposure`;
      throw new MeshError('MESH1506', this.where, `'${key}' carries ${protocol}; use ${use}()`);
    }
    this.checkContracted(facts);
    this.note({ facts });
    return this.consume(facts, used);
  }

  /**
   * What a schema cannot say of an exposure that somebody else's contract states.
   *
   * @throws MESH1504 naming the field that does not fit.
   */
  protected checkContracted(facts: S['facts']): void {
    const { consumer, provider } = this;
    if (provider.kind !== 'contracted' || consumer.kind !== 'mesh') return;
    const unfit = (field: string, message: string) =>
      new MeshError('MESH1504', provider.contract.where, `field '${field}' of exposure '${facts.key}' ${message}`);
    const key = exposureKey(facts.service);
    if (key !== facts.key) throw unfit('service', `is that of '${key}'; the contract contradicts itself`);
    const { domain } = consumer.cluster;
    if (facts.host?.endsWith(`.svc.${domain}`)) {
      throw unfit(
        'host',
        `is '${facts.host}', a name of our own cluster (${domain}), whose calls would go to the provider; ask for another host`,
      );
    }
  }

  private note(noted: Noted<S['facts']>): void {
    const { key } = noted.facts;
    if (this.exposures.has(key)) {
      throw new MeshError('MESH1218', this.where, `'${key}' is exposed twice; expose it once, with all access rules`);
    }
    this.exposures.set(key, noted);
  }

  private provide(mesh: Mesh, service: Exposable, facts: S['facts'], stated: S['stated']): void {
    this.halves.provider ??= this.providerHalf(mesh);
    const exposure = { chart: this.chartOf('provider', mesh), facts, name: this.objectName(facts), stated };
    if (service.kind === 'meshService') this.halves.provider.provide({ service, ...exposure });
    else this.halves.provider.provideServer?.({ service, ...exposure });
  }

  private consume<P extends Protocol>(facts: S['facts'], used: S['used']): Exposure<P, S['facts']> {
    const { consumer } = this;
    if (consumer.kind !== 'mesh') {
      refuseConnectionOf(consumer, used, { key: facts.key, where: this.where });
      const { host, service } = facts;
      return new Exposure('', { host: host ?? service.host, port: service.port }, facts);
    }
    this.halves.consumer ??= this.consumerHalf(consumer);
    let dialled: DialledHost | undefined;
    const isOfServer = this.provider.kind === 'externalServer';
    const nextHop = this.halves.consumer.consume({
      chart: this.chartOf('consumer', consumer),
      facts,
      name: this.objectName(facts),
      used,
      claimHost: (host, leader = {}) => claimHost({ consumer, host, leader, isOfServer, where: this.where }),
      letDial: (host) => {
        dialled = host;
      },
    });
    this.exposures.set(facts.key, { nextHop, standsBy: this.standsBy(used), ...this.exposures.get(facts.key), facts });
    return new Exposure(consumer.node.path, nextHop, facts, dialled);
  }

  /** Checks the kinds of what a provider states about an exposure: it may come from JSON. */
  protected checkStated(_stated: S['stated']): void {}

  /** Checks the kinds of what a consumer states about an exposure. */
  protected checkUsed(_used: S['used']): void {}

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

  /** Base name of the objects of one exposure. */
  private objectName({ service: { namespace, name, port, subset } }: ExposureFacts): string {
    const service = namespace === undefined ? name : `${namespace}.${name}`;
    const stated = `${this.name}.${service}.${port}${subset === undefined ? '' : `.${subset}`}`;
    // all names of a domain
    return objectName(stated.replace('*', 'any'), this.where);
  }

  /** What both sides agreed on so far, sorted. */
  private get noted(): Noted<S['facts']>[] {
    return [...this.exposures.values()].sort(byText(({ facts: { key } }) => key));
  }

  private summary(): PeeringSummary {
    return {
      name: this.name,
      path: this.where,
      strategy: this.strategy,
      consumer: this.consumer.name,
      provider: this.provider.name,
      ...this.protection,
      ...(this.consumer.kind === 'mesh' && this.usedBy && { callers: callersSummary(this.usedBy) }),
      ...(this.decidedBy && { decidedBy: this.decidedBy }),
      ...(this.through && { through: { hosts: this.through.hosts, port: this.through.port } }),
      exposures: this.noted.map((noted) =>
        exposureSummary(noted, { arrival: this.arrival(noted.facts), onward: this.onward(noted.facts) }),
      ),
    };
  }

  private contract(): ContractDocument {
    const { name, strategy, consumer, provider, common } = this;
    const exposures = this.noted.map(({ facts }) => facts);
    return {
      version: 2,
      peering: name,
      strategy,
      consumer: partyOf(consumer),
      provider: partyOf(provider),
      common,
      exposures,
    };
  }

  /** The chart of one half: made when there is something to write. */
  protected chartOf(side: 'consumer' | 'provider', mesh: Mesh): MeshChart {
    this.charts[side] ??= mesh.ownChart(this, side, `${this.name}.${side}`);
    return this.charts[side];
  }
}

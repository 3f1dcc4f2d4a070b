import { Construct } from 'constructs';
import type { Access } from '../facts/access';
import { type Contract, type ContractDocument, writeContract } from '../facts/contract';
import type { NextHop } from '../facts/destination';
import { MeshError } from '../facts/error';
import { type ExposedService, type ExposureFacts, exposureKey } from '../facts/exposure';
import { dnsLabel, hostname, objectName } from '../facts/names';
import { type Http, isHttp, type Protocol, portNumber } from '../facts/port';
import { MeshService } from '../facts/service';
import { type ExternalClient, ExternalServer } from '../fleet/external';
import { ExternalMesh } from '../fleet/external-mesh';
import { Fleet } from '../fleet/fleet';
import { FleetFacts } from '../fleet/fleet-facts';
import type { Gateway } from '../fleet/gateway';
import { Mesh } from '../fleet/mesh';
import type { MeshChart } from '../fleet/mesh-chart';
import type { Application, PeeringTls } from '../trust/peering-tls';
import type { ContractedProvider } from './contracted';
import { clientCredential, serverCredential, useServerCredential } from './credentials';
import { endpointElsewhere, endpointOf } from './endpoint';
import { Exposure } from './exposure';
import { tlsFacts, weaknesses } from './protection';
import { provideAtIngress } from './provider';

/** Who calls: a mesh of ours, somebody else's, or a client in no mesh. */
export type Consumer = Mesh | ExternalMesh | ExternalClient;
/** Who is called: a mesh of ours, somebody else's, or a server in no mesh. */
export type Provider = Mesh | ExternalMesh | ExternalServer | ContractedProvider;

/** Protocols that a hop protected like this can carry. */
export type Carried<T extends PeeringTls> = T extends Application ? 'tls' : Http;

/** What every peering states. */
export interface PeeringProps<T extends PeeringTls> {
  readonly consumer: Consumer;
  readonly provider: Provider;
  /**
   * The provider's ingress gateway.
   * @default - none, for a provider that is not ours
   */
  readonly ingress?: Gateway;
  /** How the hop between the two sides is protected. */
  readonly tls: T;
  /**
   * @internal what the provider's repository wrote, when the provider is known by it alone.
   */
  readonly contract?: Contract;
}

/** What an exposure states. */
export interface ExposeOptions {
  /** Host that both sides know the service by: dialled, or routed to, and carried as SNI and authority. */
  readonly host: string;
  /** Who may call what; several add up. An empty list: routed, but every call is denied. */
  readonly allow: Access[];
  /**
   * Subset of the service at the provider.
   * @default - the whole service
   */
  readonly subset?: string;
  /**
   * Port that callers dial.
   * @default - 80 where the mesh sees HTTP, 443 for the application's own TLS; the port of a clear-text server that is
   * in no mesh
   */
  readonly port?: number;
}

/** Which gateway a consumer reaches by which peering: one peering each. */
const claims = new WeakMap<Gateway, Map<string, string>>();

/**
 * The arrangement between a consumer and a provider. A strategy is three functions over facts: `agree` computes every
 * shared string once, `provide` and `consume` write one half each from those facts and their own mesh alone.
 */
export abstract class Peering<T extends PeeringTls = PeeringTls> extends Construct {
  public readonly consumer: Consumer;
  public readonly provider: Provider;
  public readonly tls: T;
  protected readonly ingress?: Gateway;
  private readonly readContract?: Contract;
  private readonly exposures = new Map<string, ExposureFacts>();

  /**
   * @throws MESH1001 for a malformed id; MESH1201 when the parts do not fit together.
   */
  constructor(scope: Construct, id: string, props: PeeringProps<T>) {
    super(scope, dnsLabel(id, scope.node.path || 'fleet', 'peering id'));
    this.consumer = props.consumer;
    this.provider = props.provider;
    this.ingress = props.ingress;
    this.readContract = props.contract;
    this.tls = props.tls;
    this.checkParties();
    this.checkEnds();
    FleetFacts.of(this).addPeering(this.node.path, () => ({
      name: this.node.id,
      strategy: this.strategy,
      consumer: this.consumer.name,
      provider: this.provider.name,
      tls: this.tls.mode,
      exposures: this.agreed.map(({ exposure, host, access }) => ({ service: exposure, host, access })),
    }));
    FleetFacts.of(this).addFindings(() =>
      this.exposures.size === 0
        ? []
        : weaknesses({ path: this.node.path, consumer: this.consumer.name, provider: this.provider.name }, this.tls),
    );
    if (this.provider instanceof Mesh) {
      Fleet.of(this).addOutput(`contracts/${this.node.id}.json`, () => writeContract(this.contract()));
    }
  }

  /**
   * Makes a service of the provider callable.
   *
   * @throws MESH1102 to MESH1104 for a port or subset that the service lacks; MESH1203 for a service of another mesh, or
   * one exposed twice; MESH1204 for a host that leads elsewhere already; MESH1206 for access rules that cannot be
   * enforced.
   */
  public expose<P extends Carried<T>>(
    service: MeshService<P> | ExternalServer<P>,
    options: ExposeOptions,
  ): Exposure<P> {
    this.checkService(service, options);
    const facts = this.agree(this.exposedService(service, options), {
      ...options,
      host: hostname(options.host, this.node.path),
    });
    return this.apply(facts);
  }

  /**
   * An exposure of which the provider's contract says everything, for a peering made `fromContract`.
   *
   * @param key `<namespace>/<service>:<port>[/<subset>]`
   * @throws MESH1504 when the contract has none of that name; MESH1203 when it is the application's own TLS.
   */
  public exposure(key: string): Exposure<Http> {
    const facts = this.contracted(key);
    const { protocol } = facts.service;
    if (!isHttp(protocol)) {
      throw new MeshError('MESH1203', this.node.path, `'${key}' carries ${protocol}; use tlsExposure()`);
    }
    return this.apply(facts);
  }

  /**
   * Like `exposure`, for the application's own TLS.
   *
   * @throws MESH1504 when the contract has none of that name; MESH1203 when it is none of the application's own TLS.
   */
  public tlsExposure(key: string): Exposure<'tls'> {
    const facts = this.contracted(key);
    if (facts.service.protocol !== 'tls') {
      throw new MeshError('MESH1203', this.node.path, `'${key}' carries ${facts.service.protocol}; use exposure()`);
    }
    return this.apply(facts);
  }

  private contracted(key: string): ExposureFacts {
    if (this.readContract === undefined) {
      throw new MeshError(
        'MESH1203',
        this.node.path,
        'the peering was not made from a contract; expose the service with expose()',
      );
    }
    return this.readContract.exposure(key);
  }

  /** Writes both halves from facts: agreed on here, or read from a contract. */
  private apply<P extends Protocol>(facts: ExposureFacts): Exposure<P> {
    if (this.exposures.has(facts.exposure)) {
      throw new MeshError(
        'MESH1203',
        this.node.path,
        `'${facts.exposure}' is exposed twice; expose it once, with all access rules`,
      );
    }
    this.exposures.set(facts.exposure, facts);
    if (this.provider instanceof Mesh) this.provide(this.half('provider', this.provider), facts);
    if (!(this.consumer instanceof Mesh)) return new Exposure('', this.outside(facts), facts);
    this.claimHost(this.consumer, facts.host);
    return new Exposure(this.consumer.node.path, this.consume(this.half('consumer', this.consumer), facts), facts);
  }

  /** Class name, as contracts and `dist/fleet.json` call it. */
  protected abstract readonly strategy: string;

  /** Computes everything that the two sides must agree on. */
  protected agree(service: ExposedService, options: ExposeOptions): ExposureFacts {
    const tls = tlsFacts(this.tls, options.host);
    return {
      exposure: exposureKey(service),
      service,
      host: options.host,
      port: options.port ?? this.dialledPort(service),
      endpoint: this.ingress
        ? endpointOf(this.ingress, tls, this.node.path)
        : endpointElsewhere(service, tls, options.host),
      tls,
      access: options.allow.map((access) => access.facts()),
    };
  }

  /** Writes the provider's half from its own mesh and the facts: by default at its ingress gateway. */
  protected provide(chart: MeshChart, facts: ExposureFacts): void {
    // a provider of ours has an ingress gateway: the constructor insists on it
    const gateway = this.ingress as Gateway;
    const credential = serverCredential(this.tls);
    useServerCredential(gateway, facts.tls, credential, this.node.path);
    provideAtIngress(chart, {
      gateway,
      facts,
      name: this.objectName(facts),
      credential: credential?.name,
      where: this.node.path,
    });
  }

  /** Writes the consumer's half from its own mesh and the facts. */
  protected abstract consume(chart: MeshChart, facts: ExposureFacts): NextHop;

  /** Base name of the objects of one exposure. */
  protected objectName(facts: ExposureFacts): string {
    const { namespace, name, port, subset } = facts.service;
    const parts = [this.node.id, namespace, name, port, subset].filter((part) => part !== undefined);
    return objectName(parts.join('.'), this.node.path);
  }

  /** Callers dial what they would dial in clear text; the mesh leads it to the provider's port. */
  private dialledPort(service: ExposedService): number {
    if (this.tls.mode === 'application') return 443;
    return this.provider instanceof ExternalServer && this.tls.mode === 'plain' ? service.port : 80;
  }

  /** What both sides agreed on so far, sorted. */
  private get agreed(): ExposureFacts[] {
    return [...this.exposures.values()].sort((a, b) => (a.exposure < b.exposure ? -1 : 1));
  }

  private contract(): ContractDocument {
    const party = (side: Consumer | Provider) => ({
      name: side.name,
      ...((side instanceof Mesh || side instanceof ExternalMesh) && { trustDomain: side.trustDomain }),
    });
    return {
      version: 1,
      peering: this.node.id,
      strategy: this.strategy,
      consumer: party(this.consumer),
      provider: party(this.provider),
      exposures: this.agreed,
    };
  }

  /** The chart of one half: made when there is something to write. */
  protected half(side: 'consumer' | 'provider', mesh: Mesh): MeshChart {
    const existing = this.node.tryFindChild(side);
    return (existing as MeshChart | undefined) ?? mesh.ownChart(this, side, `${this.node.id}.${side}`);
  }

  private outside(facts: ExposureFacts): NextHop {
    return { host: facts.host, port: facts.port, authority: facts.host };
  }

  private checkParties(): void {
    const { ingress, provider, consumer } = this;
    const where = this.node.path;
    if (!(provider instanceof Mesh) && !(consumer instanceof Mesh)) {
      throw new MeshError(
        'MESH1201',
        where,
        `neither ${consumer.name} nor ${provider.name} is a mesh of ours, so nothing would be written; state the side that is ours as a Mesh`,
      );
    }
    if (provider instanceof Mesh && ingress === undefined) {
      throw new MeshError(
        'MESH1201',
        where,
        `the provider ${provider.node.path} is ours, so its ingress gateway is needed; state 'ingress'`,
      );
    }
    if (ingress === undefined) return;
    if (ingress.mesh !== provider) {
      throw new MeshError(
        'MESH1201',
        where,
        `ingress gateway ${ingress.node.path} is not of the provider; expected a gateway of ${provider.name}`,
      );
    }
    if (ingress.kind !== 'ingress') {
      throw new MeshError(
        'MESH1201',
        where,
        `gateway ${ingress.node.path} is an egress gateway; expected an ingress gateway`,
      );
    }
    const byConsumer = claims.get(ingress) ?? new Map<string, string>();
    claims.set(ingress, byConsumer);
    const key = consumer instanceof Construct ? consumer.node.path : `client ${consumer.name}`;
    const other = byConsumer.get(key);
    if (other !== undefined) {
      throw new MeshError(
        'MESH1201',
        where,
        `peering '${other}' already leads from ${consumer.name} to gateway ${ingress.node.path}; expose more services through it, or use another gateway`,
      );
    }
    byConsumer.set(key, where);
  }

  /** The end of the hop that our own proxies hold needs a key pair; a `PeerEnd` says only who the other side is. */
  private checkEnds(): void {
    const { consumer, provider, ingress, tls } = this;
    if (consumer instanceof Mesh && tls.mode === 'mutual' && clientCredential(tls) === undefined) {
      throw new MeshError(
        'MESH1201',
        this.node.path,
        `the client is a PeerEnd, but the consumer ${consumer.node.path} is ours, so its proxies need the key pair; use a Credential`,
      );
    }
    const endsAtGateway = ingress?.route?.termination !== 'edge' && ingress?.route?.termination !== 'reencrypt';
    const needsServer = (tls.mode === 'simple' || tls.mode === 'mutual') && endsAtGateway;
    if (provider instanceof Mesh && needsServer && serverCredential(tls) === undefined) {
      throw new MeshError(
        'MESH1201',
        this.node.path,
        `the server is a PeerEnd, but the provider ${provider.node.path} is ours, so its ingress gateway needs the key pair; use Credential.secret or Credential.certManager`,
      );
    }
  }

  private checkService(service: MeshService | ExternalServer, options: ExposeOptions): void {
    const { provider } = this;
    const where = this.node.path;
    if (this.readContract !== undefined) {
      throw new MeshError(
        'MESH1203',
        where,
        "the peering was made from a contract, which says all that is exposed; use exposure('<namespace>/<service>:<port>')",
      );
    }
    const owner = service instanceof MeshService ? service.owner.mesh : service.host;
    const expected = provider instanceof Construct ? provider.node.path : provider.name;
    if (owner !== expected) {
      const named = service instanceof MeshService ? `service ${service.ref} of ${owner}` : `server ${owner}`;
      throw new MeshError('MESH1203', where, `${named} is not of the provider; expected a service of ${expected}`);
    }
    const { protocol } = service.port;
    if (this.tls.mode === 'application' ? protocol !== 'tls' : !isHttp(protocol)) {
      throw new MeshError(
        'MESH1203',
        where,
        `port ${protocol} ${service.port.number} cannot be carried with PeeringTls.${this.tls.mode}; expected ${this.tls.mode === 'application' ? 'a tls port' : 'an http, http2 or grpc port'}`,
      );
    }
    const unseen =
      options.allow.length === 0 && this.isProvidedElsewhere
        ? `'allow' is empty, but nothing of ours stands before ${provider.name} to deny the calls; leave the exposure out`
        : options.allow.map((access) => this.unenforceable(access)).find((reason) => reason !== undefined);
    if (unseen !== undefined) throw new MeshError('MESH1206', where, `${unseen}; the rule would be widened`);
  }

  /** Whether nothing of ours, and no contract, says what the provider does. */
  private get isProvidedElsewhere(): boolean {
    return this.provider instanceof ExternalServer || this.provider instanceof ExternalMesh;
  }

  /** Why an access rule cannot be enforced by this strategy, if so. */
  protected unenforceable(access: Access): string | undefined {
    if (access.from !== undefined) {
      return `an access rule names callers (${access.from.join(', ')}), but ${this.strategy} does not carry the caller's own identity; leave 'from' out`;
    }
    const wanted = this.tls.mode === 'application' ? 'tcp' : 'http';
    if (access.kind !== wanted) {
      return `an Access.${access.kind} rule does not fit what the provider sees through PeeringTls.${this.tls.mode}; expected Access.${wanted}`;
    }
    if (this.isProvidedElsewhere && (access.methods || access.paths)) {
      return `an access rule limits methods or paths, but nothing of ours stands before ${this.provider.name}; expected Access.http() without limits`;
    }
    return undefined;
  }

  private exposedService(service: MeshService | ExternalServer, options: ExposeOptions): ExposedService {
    if (options.port !== undefined) portNumber(options.port, this.node.path);
    const { number: port, protocol } = service.port;
    if (service instanceof ExternalServer) {
      if (options.subset !== undefined) {
        throw new MeshError(
          'MESH1104',
          this.node.path,
          `subset '${options.subset}': a server in no mesh has no subsets; leave it out`,
        );
      }
      return { host: service.host, name: service.host, port, protocol };
    }
    if (options.subset !== undefined) service.requireSubset(options.subset);
    const { host, namespace, name } = service;
    return { host, namespace, name, port, protocol, ...(options.subset !== undefined && { subset: options.subset }) };
  }

  /** A host leads to one place: of two ServiceEntries or VirtualServices of a mesh host the younger is ignored. */
  private claimHost(consumer: Mesh, host: string): void {
    const other = consumer.claimHost(host, this.node.path);
    if (other !== undefined) {
      throw new MeshError(
        'MESH1204',
        this.node.path,
        `host '${host}' already leads through ${other} in ${consumer.node.path}; give this exposure a host of its own`,
      );
    }
  }
}

import type { Access } from '../facts/access';
import { MeshError } from '../facts/error';
import { type ExposedService, exposureKey, type HopFacts, type TlsFacts } from '../facts/exposure';
import type { OnwardSummary } from '../facts/fleet';
import { anything, flag, type Guards, number, optional, text } from '../facts/guard';
import { hostname } from '../facts/names';
import { type Http, isHttp, type Protocol, portNumber } from '../facts/port';
import type { CallConditions } from '../mesh/call-conditions';
import type { Mesh } from '../mesh/mesh';
import type { Application, PeeringTls, Plain, ServerEnd } from '../trust/peering-tls';
import { describeRoot, isSameRoot } from '../trust/same-root';
import { type Exposable, exposedService } from './exposable';
import type { ExposeOptions } from './expose-options';
import { CONNECTION } from './hop/connection';
import type { HostUsed } from './hop/tcp-address';
import { type HopCommon, HopPeering } from './hop-peering';
import { checkDomain, checkRouteCarries } from './host-checks';
import { arrivalAt, type Sent } from './ingress/arrival';
import { atGateway, callConditions, flowOf } from './ingress/at-gateway';
import { checkMirrorOf } from './ingress/copies';
import { endpointElsewhere, endpointOf } from './ingress/endpoint';
import { IngressHalf } from './ingress/ingress-half';
import { onwardHop, onwardSummary, refuseOnward } from './ingress/onward';
import { pathScope, withinScope } from './ingress/path-scope';
import { OF_A_HOST } from './option-guards';
import { claimIngressHost, isProvidedElsewhere, refuseOptions, requireIngress } from './parties';
import type { ProviderHalf, Strategy } from './strategy';
import type { EntryPoint } from './summary';

/** Protocols that a hop protected like this can carry. */
export type Carried<T extends PeeringTls> = T extends Application ? 'tls' : T extends Plain ? Protocol : Http | 'tcp';

/** One host per exposure, at the provider's ingress gateway or at a server in no mesh. */
export interface HostStrategy<T extends PeeringTls = PeeringTls> extends Strategy {
  readonly protocol: Carried<T>;
  readonly common: HopCommon;
  readonly facts: HopFacts;
  readonly stated: ExposeOptions;
  readonly used: HostUsed;
}

const STATED: Guards<ExposeOptions> = {
  host: text,
  subset: optional(text),
  port: optional(number),
  gatewayPort: optional(number),
  allow: anything,
  ...OF_A_HOST,
};

const USED: Guards<HostUsed> = { virtualIp: optional(text), wholePort: optional(flag), ...CONNECTION };

/** A peering in which every exposure has a host of its own: what Direct and EgressGateway have in common. */
export abstract class HostPeering<T extends PeeringTls> extends HopPeering<T, HostStrategy<T>> {
  /** Ports of the provider's gateway that are asked for, by exposure: the consumer knows what they lead to alone. */
  private readonly gatewayPorts = new Map<string, number>();
  /** Hops from the provider's gateway to servers in no mesh, by exposure. */
  private readonly onwardHops = new Map<string, HopFacts>();

  protected override readonly statedOptions = STATED;
  protected override readonly usedOptions = USED;

  protected override agree(service: Exposable, options: ExposeOptions & HostUsed): HopFacts {
    const { where } = this;
    const isOfDomain = service.kind === 'externalServer' && service.isWildcard && options.host === service.host;
    const knownIn = this.provider.kind === 'mesh' ? this.ingress?.namespace : undefined;
    const host = isOfDomain ? service.host : hostname(options.host, where);
    if (options.port !== undefined) portNumber(options.port, where);
    const exposed = exposedService(service, options.subset, where, knownIn);
    this.checkSides(options);
    if (this.ingress) claimIngressHost(this.ingress, this.consumer, host, where);
    const onward = this.onwardOf(service, exposed, { host, onward: options.onward });
    this.checkServerHost(service, host);
    if (this.ingress) checkRouteCarries(this.ingress, exposed.protocol, where);
    const tls = this.tlsOf(exposed.protocol, host, options.credential);
    if (isOfDomain) checkDomain({ host, protocol: exposed.protocol, tls, consumer: this.consumer, where });
    const { gatewayPort } = options;
    const paths = this.pathsOf(options.paths, exposed.protocol);
    const sent = { tls, service: exposed, gatewayPort };
    const key = exposureKey(exposed);
    if (gatewayPort !== undefined) this.gatewayPorts.set(key, gatewayPort);
    if (onward !== undefined) this.onwardHops.set(key, onward);
    return {
      key,
      service: exposed,
      host,
      port: options.port ?? this.dialledPort(sent),
      ...(paths && { paths }),
      endpoint: this.ingress
        ? endpointOf(this.ingress, sent, where)
        : endpointElsewhere(sent, service.kind === 'externalServer' ? service.address : undefined),
      tls,
      ...(options.mirrorOf !== undefined && { mirrorOf: this.mirrorOf(options.mirrorOf, exposed.protocol) }),
      access: options.allow.map((access) => withinScope(access.facts(), paths, where)),
    };
  }

  protected override arrival({ key, tls, service }: HopFacts): EntryPoint | undefined {
    const { ingress, where } = this;
    if (ingress === undefined) return undefined;
    const sent = { tls, service, gatewayPort: this.gatewayPorts.get(key) };
    return { gateway: ingress, port: arrivalAt(ingress, sent, where).port.number };
  }

  protected override get unfronted(): string | undefined {
    return undefined;
  }

  protected override onward({ key }: HopFacts): OnwardSummary | undefined {
    return onwardSummary(this.onwardHops.get(key));
  }

  /** Where the mesh adds nothing, the application's own TLS is as it is. */
  private tlsOf(protocol: Protocol, host: string, credential: ServerEnd | undefined): TlsFacts {
    const isOwn = protocol === 'tls' && this.tls.mode === 'plain';
    const tls: TlsFacts = isOwn ? { mode: 'application', serverName: host, sni: host } : this.tls.facts(host);
    return credential === undefined ? tls : this.withServer(tls, credential);
  }

  /** The hop to a server with a key pair of its own. */
  private withServer(tls: TlsFacts, credential: ServerEnd): TlsFacts {
    const { where } = this;
    if (tls.mode === 'plain' || tls.mode === 'application') {
      throw new MeshError(
        'MESH1243',
        where,
        `credential '${nameOf(credential)}' is stated, but with PeeringTls.${tls.mode} no proxy shows one; leave it out`,
      );
    }
    const server = credential.facts();
    if (tls.mode === 'mutual' && !isSameRoot(server.signer, tls.server.signer)) {
      throw new MeshError(
        'MESH1243',
        where,
        `credential '${nameOf(credential)}' is signed by ${describeRoot(server.signer)}, the server of the peering by ${describeRoot(tls.server.signer)}: the client's key pair holds the roots of one; use a peering of its own`,
      );
    }
    this.requireServerKeys(credential);
    return { ...tls, server };
  }

  private pathsOf(paths: string[] | undefined, protocol: Protocol): string[] | undefined {
    const { provider, where } = this;
    if (paths === undefined || !isProvidedElsewhere(provider)) return pathScope(paths, protocol, where);
    throw new MeshError(
      'MESH1241',
      where,
      `paths names ${paths.join(', ')}, but nothing of ours stands before ${provider.name} to tell paths apart; leave it out`,
    );
  }

  /** What is stated for a side of which nothing is written would be lost. */
  private checkSides(options: ExposeOptions & HostUsed): void {
    const { consumer, provider, where } = this;
    const { gatewayPort, virtualIp, wholePort } = options;
    if (consumer.kind !== 'mesh') refuseOptions('consumer', consumer, { virtualIp, wholePort }, where);
    if (provider.kind !== 'mesh') refuseOptions('provider', provider, atGateway(options), where);
    if (gatewayPort === undefined) return;
    portNumber(gatewayPort, where);
    if (provider.kind !== 'externalServer') return;
    throw new MeshError(
      'MESH1223',
      where,
      `gatewayPort ${gatewayPort} is stated, but server ${provider.name} is in no mesh, so no gateway of a mesh stands before it; leave it out`,
    );
  }

  /** Checks hosts whose copies an exposure takes. */
  protected mirrorOf(hosts: string[], protocol: Protocol): string[] {
    return checkMirrorOf(hosts, { protocol, ingress: this.ingress, where: this.where });
  }

  protected override conditions(stated: ExposeOptions, facts: HopFacts): CallConditions {
    const { provider, ingress, where } = this;
    if (provider.kind !== 'mesh') return {};
    return callConditions(stated, { gateway: requireIngress(provider, ingress, where), flow: flowOf(facts), where });
  }

  protected override providerHalf(mesh: Mesh): ProviderHalf<HostStrategy<T>> {
    const ingress = requireIngress(mesh, this.ingress, this.where);
    const onward = ({ key }: HopFacts) => this.onwardHops.get(key);
    return new IngressHalf(ingress, { credential: this.tls.ownServer, onward, peering: this.peeringName });
  }

  protected override uncarried(protocol: Protocol): string | undefined {
    const { mode } = this.tls;
    const isOwnTls = protocol === 'tls';
    if (mode === 'plain' || isOwnTls === (mode === 'application')) return undefined;
    const reason = isOwnTls
      ? "is the application's own TLS, which the mesh neither ends nor adds to; use PeeringTls.application"
      : "is no TLS of the application's own; expected a tls port";
    // such as PostgreSQL: no SNI tells hosts apart before the client asks for TLS
    const hint = protocol === 'tcp' ? ', or PeeringTls.plain where the bytes begin in clear text (STARTTLS)' : '';
    return `cannot be carried with PeeringTls.${mode}: it ${reason}${hint}`;
  }

  protected override unenforceable(access: Access, protocol: Protocol): string | undefined {
    if (access.from !== undefined) {
      return `an access rule names callers (${access.from.join(', ')}), but ${this.strategy} does not carry the caller's own identity; leave 'from' out`;
    }
    const misfit = this.misfit(access, protocol);
    if (misfit === undefined && isProvidedElsewhere(this.provider) && (access.methods || access.paths)) {
      return `an access rule limits methods or paths, but nothing of ours stands before ${this.provider.name}; expected Access.http() without limits`;
    }
    return misfit;
  }

  /** Why an access rule is not about what flows, if so. */
  protected misfit(access: Access, protocol: Protocol): string | undefined {
    const wanted = isHttp(protocol) ? 'http' : 'tcp';
    if (access.kind === wanted) return undefined;
    return `an Access.${access.kind} rule does not fit what the provider sees through PeeringTls.${this.tls.mode}; expected Access.${wanted}`;
  }

  /** Callers dial what they would dial without the mesh; the mesh leads it to the provider's port. */
  private dialledPort(sent: Sent): number {
    const { provider, ingress } = this;
    const { tls, service } = sent;
    const { port: own, protocol } = service;
    if (protocol === 'tcp') return own;
    const isServer = provider.kind === 'externalServer';
    if (tls.mode !== 'application') return isServer && tls.mode === 'plain' ? own : 80;
    if (isServer) return own;
    return ingress ? arrivalAt(ingress, sent, this.where).port.number : 443;
  }

  /** SNI and authority are the exposure's host, and a server in no mesh knows its own name only. */
  private checkServerHost(service: Exposable, host: string): void {
    if (service.kind !== 'externalServer' || service.host === host || this.provider.kind === 'mesh') return;
    throw new MeshError(
      'MESH1221',
      this.where,
      `host '${host}' is not the name of the server, which is '${service.host}': it would get a name that it does not know as SNI and Host; expose it with host: '${service.host}', and for a local name use mesh.alias() with a Routing to this exposure`,
    );
  }

  /** The hop behind the provider's gateway, where that is no service of the provider. */
  private onwardOf(
    service: Exposable,
    exposed: ExposedService,
    { host, onward }: Pick<ExposeOptions, 'host' | 'onward'>,
  ): HopFacts | undefined {
    const { provider, where } = this;
    if (provider.kind !== 'mesh') return refuseOnward(onward, `nothing of ours stands before ${provider.name}`, where);
    const server = service.kind === 'externalServer' ? service : undefined;
    const isAlias = service.kind === 'meshService' && provider.callable.isAlias(service);
    return onwardHop({ service: exposed, server, isAlias, host, onward, where });
  }
}

/** How messages call the end of a hop. */
const nameOf = (end: ServerEnd) => (end.kind === 'credential' ? end.name : end.facts().subjectAltName);

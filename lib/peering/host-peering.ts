import type { Access } from '../facts/access';
import { MeshError } from '../facts/error';
import { exposureKey, type HopFacts, type TlsFacts } from '../facts/exposure';
import { anything, checkOptions, number, optional, text } from '../facts/guard';
import { hostname } from '../facts/names';
import { type Http, isHttp, type Protocol, portNumber } from '../facts/port';
import type { Gateway } from '../mesh/gateway';
import type { Mesh } from '../mesh/mesh';
import type { Credential } from '../trust/credential';
import type { Application, PeeringTls } from '../trust/peering-tls';
import { type Exposable, exposedService } from './exposable';
import { needServerSecrets, writeCertificate } from './hop/credentials';
import { type HopCommon, HopPeering } from './hop-peering';
import { arrivalAt } from './ingress/arrival';
import { endpointElsewhere, endpointOf } from './ingress/endpoint';
import { writeIngressLeg } from './ingress/ingress-leg';
import { isProvidedElsewhere, requireIngress } from './parties';
import type { Exposing } from './peering';
import type { PeeringName, Provided, ProviderHalf, Strategy } from './strategy';
import type { EntryPoint } from './summary';

/** Protocols that a hop protected like this can carry. */
export type Carried<T extends PeeringTls> = T extends Application ? 'tls' : Http;

/** What an exposure at a host of its own states. */
export interface ExposeOptions extends Exposing {
  /**
   * Host that both sides know the service by: dialled, or routed to, and carried as SNI and authority. Of a server in no
   * mesh its own.
   */
  readonly host: string;
  /**
   * Subset of the service at the provider.
   * @default - the whole service
   */
  readonly subset?: string;
  /**
   * Port that callers dial.
   * @default - 80 where the mesh sees HTTP; the port of a clear-text server that is in no mesh; for the application's own
   * TLS the port of the server, or of the provider's gateway before it
   */
  readonly port?: number;
}

/** One host per exposure, at the provider's ingress gateway or at a server in no mesh. */
export interface HostStrategy<T extends PeeringTls = PeeringTls> extends Strategy {
  readonly protocol: Carried<T>;
  readonly common: HopCommon;
  readonly facts: HopFacts;
  readonly stated: ExposeOptions;
  readonly used: object;
}

/** A peering in which every exposure has a host of its own: what Direct and EgressGateway have in common. */
export abstract class HostPeering<T extends PeeringTls> extends HopPeering<T, HostStrategy<T>> {
  protected override checkStated(stated: ExposeOptions): void {
    checkOptions<ExposeOptions>(stated, this.where, {
      host: text,
      subset: optional(text),
      port: optional(number),
      allow: anything,
    });
  }

  protected override agree(service: Exposable, options: ExposeOptions): HopFacts {
    const { where } = this;
    const host = hostname(options.host, where);
    if (options.port !== undefined) portNumber(options.port, where);
    const exposed = exposedService(service, options.subset, where);
    this.checkAlias(service);
    this.checkServerHost(service, host);
    this.checkRoute(exposed.protocol);
    const tls = this.tls.facts(host);
    return {
      key: exposureKey(exposed),
      service: exposed,
      host,
      port: options.port ?? this.dialledPort(exposed.port, tls),
      endpoint: this.ingress ? endpointOf(this.ingress, tls, where) : endpointElsewhere(exposed, tls),
      tls,
      access: options.allow.map((access) => access.facts()),
    };
  }

  protected override arrival({ tls }: HopFacts): EntryPoint | undefined {
    const { ingress } = this;
    return ingress && { gateway: ingress, port: arrivalAt(ingress, tls, this.where).port.number };
  }

  protected override providerHalf(mesh: Mesh): ProviderHalf<HostStrategy<T>> {
    const ingress = requireIngress(mesh, this.ingress, this.where);
    return new IngressHalf(ingress, this.tls.ownServer, this.peeringName);
  }

  protected override uncarried(protocol: Protocol): string | undefined {
    const { mode } = this.tls;
    if (mode === 'application' ? protocol === 'tls' : isHttp(protocol)) return undefined;
    return `cannot be carried with PeeringTls.${mode}; expected ${mode === 'application' ? 'a tls port' : 'an http, http2 or grpc port'}`;
  }

  protected override unenforceable(access: Access): string | undefined {
    if (access.from !== undefined) {
      return `an access rule names callers (${access.from.join(', ')}), but ${this.strategy} does not carry the caller's own identity; leave 'from' out`;
    }
    const wanted = this.tls.mode === 'application' ? 'tcp' : 'http';
    if (access.kind !== wanted) {
      return `an Access.${access.kind} rule does not fit what the provider sees through PeeringTls.${this.tls.mode}; expected Access.${wanted}`;
    }
    if (isProvidedElsewhere(this.provider) && (access.methods || access.paths)) {
      return `an access rule limits methods or paths, but nothing of ours stands before ${this.provider.name}; expected Access.http() without limits`;
    }
    return undefined;
  }

  /** Callers dial what they would dial without the mesh; the mesh leads it to the provider's port. */
  private dialledPort(own: number, tls: TlsFacts): number {
    const { provider, ingress } = this;
    const isServer = provider.kind === 'externalServer';
    if (tls.mode !== 'application') return isServer && tls.mode === 'plain' ? own : 80;
    if (isServer) return own;
    return ingress ? arrivalAt(ingress, tls, this.where).port.number : 443;
  }

  /** gRPC needs HTTP/2 to the end: OpenShift's router speaks HTTP/1.1 to the gateway unless it passes TLS on. */
  private checkRoute(protocol: Protocol): void {
    const { ingress } = this;
    if (protocol !== 'grpc' || ingress?.route === undefined || ingress.route.termination === 'passthrough') return;
    throw new MeshError(
      'MESH1207',
      this.where,
      `a Route with termination ${ingress.route.termination} in front of gateway ${ingress.node.path} cannot carry gRPC: the router speaks HTTP/1.1 to the gateway; expected RouteFront.passthrough()`,
    );
  }

  /** SNI and authority are the exposure's host, and a server in no mesh knows its own name only. */
  private checkServerHost(service: Exposable, host: string): void {
    if (service.kind !== 'externalServer' || service.host === host) return;
    throw new MeshError(
      'MESH1221',
      this.where,
      `host '${host}' is not the name of the server, which is '${service.host}': it would get a name that it does not know as SNI and Host; expose it with host: '${service.host}', and for a local name use mesh.alias() with a Routing to this exposure`,
    );
  }

  /** An alias has no endpoints to lead to. */
  private checkAlias(service: Exposable): void {
    const { provider } = this;
    if (service.kind === 'meshService' && provider.kind === 'mesh' && provider.isAlias(service)) {
      throw new MeshError(
        'MESH1222',
        this.where,
        `${service.ref} is an alias, which has no endpoints, and a gateway does not follow the Routing of the mesh: 503 UH; expose a service that has pods`,
      );
    }
  }
}

/** The provider's half at an ingress gateway with one host per exposure. */
class IngressHalf<T extends PeeringTls> implements ProviderHalf<HostStrategy<T>> {
  constructor(
    private readonly gateway: Gateway,
    private readonly credential: Credential | undefined,
    private readonly peering: PeeringName,
  ) {}

  public provide({ chart, facts, name }: Provided<HostStrategy<T>>): void {
    const { gateway, credential } = this;
    const { where } = this.peering;
    const use = { credential, namespace: gateway.namespace, where };
    needServerSecrets(gateway.chart, { ...use, tls: facts.tls });
    writeCertificate(gateway.chart, { ...use, usage: 'server auth' });
    writeIngressLeg(chart, { gateway, facts, name, credential: credential?.name, where });
  }
}

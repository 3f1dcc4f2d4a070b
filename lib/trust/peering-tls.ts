import type { MutualEnds, TlsEnds, TlsFacts } from '../facts/exposure';
import { checkOptions, made, oneOf, only, optional } from '../facts/guard';
import { mark } from '../facts/marks';
import type { Credential } from './credential';
import type { Identity } from './identity';
import type { PeerEnd } from './peer-end';

declare const brand: unique symbol;

/** A server of the hop: its gateway reads Secrets only, or somebody else operates it. */
export type ServerEnd = Credential<'sds'> | PeerEnd;
/** A client of the hop: clients are never verified with the system's roots. */
export type ClientEnd = Credential | PeerEnd<'declared'>;
const END = made('a Credential, or a PeerEnd for what somebody else operates', 'Credential', 'PeerEnd');
const MUTUAL = { client: END, server: END, clientCertificate: optional(oneOf('required', 'optional')) };

/** How a hop is protected. */
export type TlsMode = 'plain' | 'simple' | 'mutual' | 'application';

/** Whether a gateway serves only clients that present a certificate. */
export type ClientCertificate = 'required' | 'optional';

/** The one hop of a peering between two meshes, stated once; both ends are derived from it. A value. */
export abstract class PeeringTls<M extends TlsMode = TlsMode> {
  static {
    mark(PeeringTls.prototype, 'PeeringTls');
  }

  /** Clear text. Anybody on the way reads and changes it; reported as a finding. */
  public static plain(): Plain {
    return new Plain();
  }

  /** TLS; the client verifies the server, the server knows nothing of the client. */
  public static simple(options: { readonly server: ServerEnd }): Simple {
    checkOptions<{ readonly server: ServerEnd }>(options, 'PeeringTls.simple', { server: END });
    return new Simple(options.server);
  }

  /**
   * TLS; both sides verify each other.
   *
   * `clientCertificate: 'optional'` is weaker: the gateway (OPTIONAL_MUTUAL) verifies a certificate that is presented,
   * but serves clients without one, too. So it cannot tell callers apart, and access rules hold for everybody, as with
   * `simple`. For the time in which clients are being given certificates; reported as a finding.
   */
  public static mutual<E extends ClientEnd, C extends ClientCertificate = 'required'>(options: {
    readonly client: E;
    readonly server: ServerEnd;
    /** @default 'required' */
    readonly clientCertificate?: C;
  }): Mutual<C, E> {
    checkOptions(options, 'PeeringTls.mutual', MUTUAL);
    return new Mutual<C, E>(options.client, options.server, (options.clientCertificate ?? 'required') as C);
  }

  /** The application speaks TLS itself; the meshes route by SNI and do not decrypt. */
  public static application(options: { readonly server: Identity<'dns'> }): Application {
    checkOptions(options, 'PeeringTls.application', { server: only('Identity', 'kind', ['dns'], 'Identity.dns(…)') });
    return new Application(options.server);
  }

  declare protected readonly [brand]: M;

  protected constructor(
    /** How the hop is protected. */
    public readonly mode: M,
  ) {}

  /** Who is at the ends, as contracts hold it. */
  public abstract ends(): TlsEnds;

  /** The hop to one host, as contracts hold it. */
  public facts(host: string): TlsFacts {
    const ends = this.ends();
    return ends.mode === 'plain' ? ends : { ...ends, sni: host };
  }

  /** The client's key pair, where our own proxies hold it. */
  public get ownClient(): Credential | undefined {
    return undefined;
  }

  /** The server's key pair, where a gateway of ours holds it. */
  public get ownServer(): Credential<'sds'> | undefined {
    return undefined;
  }
}

/** Clear text. */
export class Plain extends PeeringTls<'plain'> {
  /** @internal */
  constructor() {
    super('plain');
  }

  public override ends(): TlsEnds {
    return { mode: 'plain' };
  }
}

/** The client verifies the server. */
export class Simple extends PeeringTls<'simple'> {
  /** @internal */
  constructor(public readonly server: ServerEnd) {
    super('simple');
  }

  public override ends(): TlsEnds {
    return { mode: 'simple', server: this.server.facts() };
  }

  public override get ownServer(): Credential<'sds'> | undefined {
    return keyPair(this.server);
  }
}

/**
 * Both sides verify each other. Strategies that name callers by certificate take only `Mutual<'required'>`, those whose
 * client is a gateway no mounted files.
 */
export class Mutual<
  C extends ClientCertificate = 'required',
  E extends ClientEnd = ClientEnd,
> extends PeeringTls<'mutual'> {
  /** @internal */
  constructor(
    public readonly client: E,
    public readonly server: ServerEnd,
    public readonly clientCertificate: C,
  ) {
    super('mutual');
  }

  public override ends(): MutualEnds {
    const weaker = this.clientCertificate === 'optional' ? { clientCertificate: 'optional' as const } : {};
    return { mode: 'mutual', server: this.server.facts(), client: this.client.facts(), ...weaker };
  }

  public override get ownClient(): Credential | undefined {
    return keyPair(this.client);
  }

  public override get ownServer(): Credential<'sds'> | undefined {
    return keyPair(this.server);
  }
}

/** The application's own TLS. */
export class Application extends PeeringTls<'application'> {
  /** @internal */
  constructor(public readonly server: Identity<'dns'>) {
    super('application');
  }

  public override ends(): TlsEnds {
    return { mode: 'application', serverName: this.server.value };
  }
}

/** The end of a hop that is ours: the other kind, a `PeerEnd`, is facts only. */
function keyPair<C extends Credential>(end: C | PeerEnd): C | undefined {
  return end.kind === 'credential' ? end : undefined;
}

import type { Address } from '../facts/address';
import { MeshError } from '../facts/error';
import { checkOptions, listOf, made, optional, text } from '../facts/guard';
import { requireText } from '../facts/kind-of';
import { mark } from '../facts/marks';
import { hostname } from '../facts/names';
import type { Port, Protocol } from '../facts/port';
import { ExternalProxy, type ExternalProxyProps } from './external-proxy';

declare const brand: unique symbol;

/** What a server in no mesh states. */
export interface ExternalServerProps<P extends Protocol> {
  /** Fully qualified name that callers dial, or `*.` and a domain for all names of it. */
  readonly host: string;
  /** Ports it listens on. */
  readonly ports: Port<P>[];
  /**
   * Where it is, for a name that no DNS server knows: `Address.ip` with one or several addresses, or `Address.hostname`.
   * @default - DNS knows the host
   */
  readonly address?: Address;
}

/** A client or server that is in no mesh: a SaaS, an outside client with a certificate, a workload without sidecar. */
export class External {
  /**
   * A server in no mesh.
   *
   * @throws MESH1002 for a malformed host; MESH1101 without ports; MESH1244 for an address of all names of a domain.
   */
  public static server<P extends Protocol>(props: ExternalServerProps<P>): ExternalServer<P> {
    return new ExternalServer(props);
  }

  /**
   * A proxy of the company, through which peerings with servers outside may lead: `through`.
   *
   * @throws MESH1003 for a malformed port; MESH1229 for an address with a port of its own.
   */
  public static proxy(props: ExternalProxyProps): ExternalProxy {
    return new ExternalProxy(props);
  }

  /** A client in no mesh; `name` is how messages and `dist/fleet.json` call it. */
  public static client(name: string): ExternalClient {
    return new ExternalClient(name);
  }
}

/** A server in no mesh. A value. */
export class ExternalServer<P extends Protocol = Protocol> {
  static {
    mark(ExternalServer.prototype, 'ExternalServer');
  }

  declare protected readonly [brand]: P;
  /** What kind of party of a peering it is. */
  public readonly kind = 'externalServer';
  /** Fully qualified name that callers dial. */
  public readonly host: string;
  /** Ports it listens on; one, for a value that `at()` gave. */
  public readonly ports: Port<P>[];
  /** Where it is; absent: where DNS says. */
  public readonly address?: Address;

  /** @internal */
  constructor(props: ExternalServerProps<P>) {
    checkOptions<ExternalServerProps<P>>(props, 'External.server', {
      host: text,
      ports: listOf(made('ports such as Port.http(443)', 'Port')),
      address: optional(made("an address such as Address.ip('192.0.2.1')", 'Address')),
    });
    this.host = hostOrDomain(props.host);
    this.address = props.address;
    if (this.isWildcard && props.address !== undefined) {
      throw new MeshError(
        'MESH1244',
        `External.server ${this.host}`,
        'an address is stated, but each name of the domain has its own, which proxies ask DNS for; leave address out, or state one name',
      );
    }
    if (props.ports.length === 0) {
      throw new MeshError(
        'MESH1101',
        `External.server ${this.host}`,
        'a server without ports cannot be called; state at least one port',
      );
    }
    this.ports = [...props.ports];
  }

  /** Whether it is all names of a domain. */
  public get isWildcard(): boolean {
    return this.host.startsWith('*.');
  }

  /** How messages and `dist/fleet.json` call it: its host. */
  public get name(): string {
    return this.host;
  }

  /**
   * One port of a server with several.
   *
   * @throws MESH1102 when the server has no such port.
   */
  public at<Q extends P>(port: Port<Q>): ExternalServer<Q> {
    made('a port such as Port.http(443)', 'Port')(port, `External.server ${this.host}`, 'port');
    if (!this.ports.some((own) => own.number === port.number && own.protocol === port.protocol)) {
      throw new MeshError(
        'MESH1102',
        `External.server ${this.host}`,
        `port ${port.protocol} ${port.number} is not one of the server; it has ${this.portList}`,
      );
    }
    return new ExternalServer<Q>({ host: this.host, ports: [port], address: this.address });
  }

  /**
   * The port that is meant.
   *
   * @throws MESH1103 when the server has several.
   */
  public get port(): Port<P> {
    if (this.ports.length > 1) {
      throw new MeshError(
        'MESH1103',
        `External.server ${this.host}`,
        `the server has several ports (${this.portList}); say which one with .at(Port.…)`,
      );
    }
    return this.ports[0];
  }

  private get portList(): string {
    return this.ports.map((port) => `${port.protocol} ${port.number}`).join(', ');
  }
}

/** A host name, or all names of a domain. */
function hostOrDomain(value: string): string {
  const where = 'External.server';
  const isDomain = typeof value === 'string' && value.startsWith('*.');
  return isDomain ? `*.${hostname(value.slice(2), where, 'domain')}` : hostname(value, where);
}

/** A client in no mesh. A value. */
export class ExternalClient {
  static {
    mark(ExternalClient.prototype, 'ExternalClient');
  }

  declare protected readonly [brand]: 'client';
  /** What kind of party of a peering it is. */
  public readonly kind = 'externalClient';

  /** @internal */
  constructor(
    /** How messages and `dist/fleet.json` call it. */
    public readonly name: string,
  ) {
    requireText(name, 'External.client', 'name');
    if (name.trim() !== '') return;
    throw new MeshError('MESH1006', 'External.client', 'name is empty, expected how messages shall call the client');
  }
}

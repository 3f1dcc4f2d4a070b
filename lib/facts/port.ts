import { MeshError } from './error';
import { checkOptions, type Guards, number as numeric, optional, text } from './guard';
import { requireNumber } from './kind-of';
import { mark } from './marks';
import { dnsLabel } from './names';

/** Protocols of which the mesh sees requests. */
export type Http = 'http' | 'http2' | 'grpc';
/** What flows through a port, as in Istio's `appProtocol`: `tls` is the application's own TLS. */
export type Protocol = Http | 'tls' | 'tcp';

declare const brand: unique symbol;

const OPTIONS: Guards<PortOptions> = { name: optional(text), targetPort: optional(numeric) };

/** A port of a service: number and protocol. A value; the protocol is part of its type. */
export class Port<P extends Protocol = Protocol> {
  static {
    mark(Port.prototype, 'Port');
  }

  /** HTTP/1.1. */
  public static http(number: number, options: PortOptions = {}): Port<'http'> {
    return new Port('http', number, options);
  }
  /** HTTP/2 in clear text (h2c). */
  public static http2(number: number, options: PortOptions = {}): Port<'http2'> {
    return new Port('http2', number, options);
  }
  /** gRPC. */
  public static grpc(number: number, options: PortOptions = {}): Port<'grpc'> {
    return new Port('grpc', number, options);
  }
  /** The application's own TLS: the mesh routes by SNI and does not decrypt. */
  public static tls(number: number, options: PortOptions = {}): Port<'tls'> {
    return new Port('tls', number, options);
  }
  /** Any bytes. */
  public static tcp(number: number, options: PortOptions = {}): Port<'tcp'> {
    return new Port('tcp', number, options);
  }

  declare protected readonly [brand]: P;
  /** Port name of the Service; Istio reads the protocol from its prefix. */
  public readonly name: string;
  /** Port that the container listens on. */
  public readonly targetPort: number;

  private constructor(
    /** What flows through it. */
    public readonly protocol: P,
    /** Port number of the Service, 1 to 65535. */
    public readonly number: number,
    options: PortOptions,
  ) {
    checkOptions<PortOptions>(options, `port ${protocol}`, OPTIONS);
    this.name = options.name ?? protocol;
    this.targetPort = options.targetPort ?? number;
    for (const value of [number, this.targetPort]) portNumber(value, `port ${this.name}`);
    if (this.name !== protocol && !this.name.startsWith(`${protocol}-`)) {
      throw new MeshError(
        'MESH1003',
        `port ${number}`,
        `port name '${this.name}' does not say its protocol; expected '${protocol}' or a name that begins with '${protocol}-', because Istio reads the protocol from it`,
      );
    }
    dnsLabel(this.name, `port ${number}`, 'port name');
  }
}

/** What a port may state beyond its number. */
export interface PortOptions {
  /**
   * Port name of the Service: the protocol, or one that begins with `<protocol>-`.
   * @default - the protocol
   */
  readonly name?: string;
  /**
   * Port that the container listens on.
   * @default - the port number
   */
  readonly targetPort?: number;
}

/**
 * A port number, 1 to 65535.
 *
 * @throws MESH1003 when it is none; MESH1006 when it is no number.
 */
export function portNumber(value: number, where: string): number {
  requireNumber(value, where, 'port');
  if (!Number.isInteger(value) || value < 1 || value > 65535) {
    throw new MeshError('MESH1003', where, `port '${value}' is out of range; expected a whole number from 1 to 65535`);
  }
  return value;
}

/** Whether requests are sent as HTTP/2. */
export function isHttp2(protocol: Protocol): boolean {
  return protocol === 'http2' || protocol === 'grpc';
}

/** Whether the mesh sees the requests of this protocol. */
export function isHttp(protocol: Protocol): protocol is Http {
  return protocol === 'http' || isHttp2(protocol);
}

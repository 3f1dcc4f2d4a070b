import { isIP } from 'node:net';
import { MeshError } from './error';
import { checkOptions, listOf, mapOf, number, optional, text } from './guard';
import { requireText } from './kind-of';
import { mark } from './marks';
import { hostname } from './names';
import { portNumber } from './port';

declare const brand: unique symbol;

/** What `Address.nodePort` states: one of `port` and `ports`. */
export interface NodePortOptions {
  /** IP addresses of nodes. */
  readonly nodes: string[];
  /**
   * The node port of a gateway with one port.
   * @default - `ports` says it
   */
  readonly port?: number;
  /**
   * Node ports by the ports of the gateway's Service, of a gateway with several: `{ 80: 30080, 443: 30443 }`.
   * @default - `port` says it
   */
  readonly ports?: Readonly<Record<number, number>>;
}

const HOSTNAME = { port: optional(number) };

/** How a gateway is reached from other clusters. A value. */
export class Address {
  static {
    mark(Address.prototype, 'Address');
  }

  /**
   * A DNS name that leads to the gateway's load balancer; it is resolved by the consumer's proxies.
   *
   * @param options the load balancer's port, where it is not the gateway's.
   */
  public static hostname(name: string, options: { readonly port?: number } = {}): Address {
    checkOptions(options, 'Address.hostname', HOSTNAME);
    const address = new Address('hostname', [hostname(name, 'Address.hostname', 'address')]);
    return options.port === undefined ? address : address.at(options.port);
  }

  /** One or more IP addresses of the gateway's load balancer. */
  public static ip(...addresses: string[]): Address {
    return new Address('ip', addresses.map(ipAddress));
  }

  /**
   * Nodes of the cluster (IP addresses) and the node ports (30000 to 32767 by default) that lead to the gateway.
   *
   * @throws MESH1005 without an address or a port; MESH1003 for a malformed port.
   */
  public static nodePort(options: NodePortOptions): Address {
    const where = 'Address.nodePort';
    checkOptions<NodePortOptions>(options, where, {
      nodes: listOf(text),
      port: optional(number),
      ports: optional(mapOf(number)),
    });
    const { nodes, port, ports } = options;
    const name = nodes.find((node) => isIP(node) === 0);
    if (name !== undefined) {
      throw new MeshError(
        'MESH1005',
        where,
        `node '${name}' is no IP address; expected addresses of nodes, or for a name Address.hostname('${name}', { port: ${port ?? 30443} })`,
      );
    }
    const hosts = nodes.map(ipAddress);
    if (port !== undefined && ports !== undefined) {
      throw new MeshError('MESH1005', where, "'port' and 'ports' are both stated; state 'ports' alone");
    }
    if (ports === undefined) return new Address('nodePort', hosts, portNumber(port as number, where));
    if (Object.keys(ports).length === 0) {
      throw new MeshError('MESH1005', where, "'ports' is empty; state the node port of each, such as { 443: 30443 }");
    }
    const entries = Object.entries(ports).map(([own, onNode]): [number, number] => [
      portNumber(Number(own), where),
      portNumber(onNode, where),
    ]);
    return new Address('nodePort', hosts, undefined, Object.fromEntries(entries));
  }

  /**
   * The same address with the load balancer's port, where it is not the gateway's: `Address.ip('192.0.2.1').at(443)`.
   *
   * @throws MESH1005 for a port of nodes, which is stated with them.
   */
  public at(port: number): Address {
    if (this.kind === 'nodePort') {
      throw new MeshError(
        'MESH1005',
        'Address.at',
        'a port of nodes is stated with them; use Address.nodePort({ nodes, port })',
      );
    }
    return new Address(this.kind, this.hosts, portNumber(port, 'Address.at'));
  }

  /**
   * The port to dial in order to reach a port of the gateway.
   *
   * @returns undefined where the address states none: the gateway's own.
   */
  public portOf(gatewayPort: number): number | undefined {
    return this.ports === undefined ? this.port : this.ports[gatewayPort];
  }

  declare protected readonly [brand]: 'Address';

  private constructor(
    /** How the address leads to the gateway. */
    public readonly kind: 'hostname' | 'ip' | 'nodePort',
    /** Names or IP addresses to dial. */
    public readonly hosts: string[],
    /** The NodePort, or the load balancer's port; absent: the gateway's own. */
    public readonly port?: number,
    /** Node ports by the gateway's ports, where each has one of its own. */
    public readonly ports?: Readonly<Record<number, number>>,
  ) {
    if (hosts.length === 0) {
      throw new MeshError('MESH1005', `Address.${kind}`, 'the list of addresses is empty; state at least one');
    }
  }
}

function ipAddress(value: string): string {
  requireText(value, 'Address', 'address');
  if (isIP(value) === 0) {
    throw new MeshError('MESH1005', 'Address', `'${value}' is no IP address; use Address.hostname for names`);
  }
  return value;
}

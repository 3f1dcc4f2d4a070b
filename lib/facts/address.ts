import { isIP } from 'node:net';
import { MeshError } from './error';
import { hostname } from './names';
import { portNumber } from './port';

declare const brand: unique symbol;

/** How a gateway is reached from other clusters. A value. */
export class Address {
  /**
   * A DNS name that leads to the gateway's load balancer; it is resolved by the consumer's proxies.
   *
   * @param options the load balancer's port, where it is not the gateway's.
   */
  public static hostname(name: string, options: { readonly port?: number } = {}): Address {
    const address = new Address('hostname', [hostname(name, 'Address.hostname', 'address')]);
    return options.port === undefined ? address : address.at(options.port);
  }

  /** One or more IP addresses of the gateway's load balancer. */
  public static ip(...addresses: string[]): Address {
    return new Address('ip', addresses.map(ipAddress));
  }

  /** Nodes of the cluster (IP addresses) and the NodePort (30000 to 32767 by default) that leads to the gateway. */
  public static nodePort(options: { readonly nodes: string[]; readonly port: number }): Address {
    return new Address('nodePort', options.nodes.map(ipAddress), portNumber(options.port, 'Address.nodePort'));
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

  declare protected readonly [brand]: 'Address';

  private constructor(
    /** How the address leads to the gateway. */
    public readonly kind: 'hostname' | 'ip' | 'nodePort',
    /** Names or IP addresses to dial. */
    public readonly hosts: string[],
    /** The NodePort, or the load balancer's port; absent: the gateway's own. */
    public readonly port?: number,
  ) {
    if (hosts.length === 0) {
      throw new MeshError('MESH1005', `Address.${kind}`, 'the list of addresses is empty; state at least one');
    }
  }
}

function ipAddress(value: string): string {
  if (isIP(value) === 0) {
    throw new MeshError('MESH1005', 'Address', `'${value}' is no IP address; use Address.hostname for names`);
  }
  return value;
}

import { isIP } from 'node:net';
import { MeshError } from './error';
import { hostname } from './names';
import { portNumber } from './port';

declare const brand: unique symbol;

/** How a gateway is reached from other clusters. A value. */
export class Address {
  /** A DNS name that leads to the gateway's load balancer; it is resolved by the consumer's proxies. */
  public static hostname(name: string): Address {
    return new Address('hostname', [hostname(name, 'Address.hostname', 'address')]);
  }

  /** One or more IP addresses of the gateway's load balancer. */
  public static ip(...addresses: string[]): Address {
    return new Address('ip', addresses.map(ipAddress));
  }

  /** Nodes of the cluster (IP addresses) and the NodePort (30000 to 32767 by default) that leads to the gateway. */
  public static nodePort(options: { readonly nodes: string[]; readonly port: number }): Address {
    return new Address('nodePort', options.nodes.map(ipAddress), portNumber(options.port, 'Address.nodePort'));
  }

  declare protected readonly [brand]: 'Address';

  private constructor(
    /** How the address leads to the gateway. */
    public readonly kind: 'hostname' | 'ip' | 'nodePort',
    /** Names or IP addresses to dial. */
    public readonly hosts: string[],
    /** The NodePort; the gateway's own port otherwise. */
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

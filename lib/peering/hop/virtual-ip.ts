import { BlockList, isIP, isIPv4 } from 'node:net';
import { MeshError } from '../../facts/error';
import { takenRangeOf } from '../../facts/virtual-ip-range';
import { attached } from '../../fleet/attached';
import type { Mesh } from '../../mesh/mesh';

/** A host without an address of its own. */
export interface VirtualIpClaim {
  readonly host: string;
  /**
   * What the user states.
   * @default - made of the host, in the mesh's range
   */
  readonly stated?: string;
  /** Construct path, for messages. */
  readonly where: string;
}

/**
 * The address by which sidecars of a mesh know a host that has none: where they see no requests, they tell the hosts of
 * one port apart by nothing else.
 *
 * @throws MESH1253 when another host of the mesh has it, or a stated one is malformed or handed out by control planes.
 */
export function claimVirtualIp(mesh: Mesh, { host, stated, where }: VirtualIpClaim): string {
  const address = stated === undefined ? mesh.virtualIpRange.addressOf(host) : checked(stated, where);
  const hosts = attached(mesh, 'virtualIps', () => new Map<string, string>());
  const other = hosts.get(address);
  if (other !== undefined && other !== host) {
    throw new MeshError(
      'MESH1253',
      where,
      `virtual IP ${address} of host '${host}' is that of host '${other}' in ${mesh.node.path}; state virtualIp for one of them, or a virtualIpRange of the mesh that is wider than ${mesh.virtualIpRange}`,
    );
  }
  hosts.set(address, host);
  return address;
}

function checked(address: string, where: string): string {
  if (isIP(address) === 0) {
    throw new MeshError('MESH1253', where, `virtualIp '${address}' is no IP address; expected one such as '240.1.2.3'`);
  }
  const use = useOf(address);
  if (use !== undefined) {
    throw new MeshError(
      'MESH1253',
      where,
      `virtualIp ${address} is ${use}, so no connection to it is led anywhere; expected one such as '240.1.2.3'`,
    );
  }
  const taken = isIPv4(address) ? takenRangeOf(address) : undefined;
  if (taken === undefined) return address;
  throw new MeshError(
    'MESH1253',
    where,
    `virtualIp ${address} is in ${taken}, which control planes hand out themselves; expected one of another range`,
  );
}

/** Addresses that systems treat otherwise (RFC 6890), by what they are. */
const SPECIAL: readonly (readonly [use: string, network: string, bits: number, family: 'ipv4' | 'ipv6'])[] = [
  ['unspecified', '0.0.0.0', 8, 'ipv4'],
  ['loopback', '127.0.0.0', 8, 'ipv4'],
  ['link-local', '169.254.0.0', 16, 'ipv4'],
  ['multicast', '224.0.0.0', 4, 'ipv4'],
  ['broadcast', '255.255.255.255', 32, 'ipv4'],
  ['unspecified', '::', 128, 'ipv6'],
  ['loopback', '::1', 128, 'ipv6'],
  ['link-local', 'fe80::', 10, 'ipv6'],
  ['multicast', 'ff00::', 8, 'ipv6'],
];

function useOf(address: string): string | undefined {
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const found = SPECIAL.find(([, network, bits, its]) => {
    const list = new BlockList();
    list.addSubnet(network, bits, its);
    return its === family && list.check(address, family);
  });
  return found?.[0];
}

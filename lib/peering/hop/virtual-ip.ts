import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { MeshError } from '../../facts/error';
import { attached } from '../../fleet/attached';
import { Claims } from '../../fleet/claims';
import type { Mesh } from '../../mesh/mesh';

/** A host without an address of its own. */
export interface VirtualIpClaim {
  readonly host: string;
  /**
   * What the user states.
   * @default - made of the host
   */
  readonly stated?: string;
  /** Construct path, for messages. */
  readonly where: string;
}

/**
 * The address that a host which no DNS server knows resolves to in the pods of a mesh: made of the host in 240.0.0.0/9,
 * so that it is the same everywhere, whatever else is exposed. Istio assigns its own in 240.240.0.0/16, OpenShift Service
 * Mesh 2 in 240.241.0.0/16.
 *
 * @throws MESH1283 when another host of the mesh has it; MESH1005 for one stated that is no IPv4 address.
 */
export function claimVirtualIp(mesh: Mesh, { host, stated, where }: VirtualIpClaim): string {
  if (stated !== undefined && !isIPv4(stated)) {
    throw new MeshError('MESH1005', where, `virtual IP '${stated}' is no IPv4 address; expected one such as 240.0.0.1`);
  }
  const address = stated ?? ofHost(host);
  const other = attached(mesh, 'virtualIps', () => new Claims()).claim(address, host);
  if (other !== undefined && other !== host) {
    throw new MeshError(
      'MESH1283',
      where,
      `virtual IP ${address} of host '${host}' is that of '${other}'; state another one with virtualIp`,
    );
  }
  return address;
}

function ofHost(host: string): string {
  const [a, b, c] = createHash('sha256').update(host).digest();
  return `240.${a & 0x7f}.${b}.${c}`;
}

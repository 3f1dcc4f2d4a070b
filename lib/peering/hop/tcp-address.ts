import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { requireFlagOrNothing } from '../../facts/kind-of';
import { attached } from '../../fleet/attached';
import type { Mesh } from '../../mesh/mesh';
import type { ConnectionUse } from './connection';
import { isRegistered } from './service-entry';
import { claimVirtualIp } from './virtual-ip';

/** What a consumer states about an exposure at a host of its own, which is nobody else's business. */
export interface HostUsed extends ConnectionUse {
  /**
   * Address by which sidecars know the host of a tcp port, or of a server whose address is stated. With DNS capture
   * callers that ask for the host get it; else your DNS server must say it, or a Routing lead to the exposure.
   * @default - made of the host, in the mesh's `virtualIpRange`
   */
  readonly virtualIp?: string;
  /**
   * Whether the host of a tcp port has no address of its own, so that whatever callers send to that port of any address
   * outside goes there: one host per port, for meshes without DNS capture.
   * @default false
   */
  readonly wholePort?: boolean;
}

/** A host in the registry of its consumer. */
export interface RegisteredHost {
  readonly mesh: Mesh;
  readonly facts: HopFacts;
  readonly used: HostUsed;
  /** Construct path of the peering. */
  readonly where: string;
  /** Whether a proxy of the company alone needs to know the name. */
  readonly isHidden?: boolean;
}

/**
 * Address of a host in the registry: where sidecars see no requests and no TLS of applications, they tell the hosts of
 * one port apart by nothing else.
 *
 * @throws MESH1224 for an address that nothing would use; MESH1225 when a port is that of another host; MESH1226 when
 * callers would not find the address; MESH1253 when it cannot be had.
 */
export function tcpAddress({ mesh, facts, used, where, isHidden = false }: RegisteredHost): string | undefined {
  const { host, port, service } = facts;
  const { virtualIp, wholePort } = used;
  requireFlagOrNothing(wholePort, where, "'wholePort'");
  const isNamed = isRegistered(mesh, facts);
  const needsAddress = service.protocol === 'tcp' && !isNamed;
  // a server of which no DNS server knows: the proxy that answers for it needs an answer
  const isElsewhere = service.namespace === undefined && facts.endpoint.addresses !== undefined;
  const isUnknown = (isHidden || isElsewhere) && !isNamed;
  if (!needsAddress && isUnknown && wholePort === undefined) {
    claimPort(mesh, { host, port, isWhole: false, where });
    const isAsked = virtualIp !== undefined || mesh.controlPlane.dnsCapture;
    return isAsked ? claimVirtualIp(mesh, { host, stated: virtualIp, where }) : undefined;
  }
  if (!needsAddress) {
    if (virtualIp !== undefined || wholePort !== undefined) throw unused(facts, used, isNamed, where);
    claimPort(mesh, { host, port, isWhole: false, where });
    return undefined;
  }
  if (wholePort && virtualIp !== undefined) {
    throw new MeshError(
      'MESH1224',
      where,
      `host '${host}' takes its whole port and has virtualIp ${virtualIp}; state one of the two`,
    );
  }
  claimPort(mesh, { host, port, isWhole: wholePort === true, where });
  if (wholePort) return undefined;
  if (virtualIp === undefined && !mesh.controlPlane.dnsCapture) {
    throw new MeshError(
      'MESH1226',
      where,
      `host '${host}' of tcp port ${port} needs an address of its own, which callers of ${mesh.node.path} would not find; state dnsCapture: true for the control plane, virtualIp where your DNS server says it or a Routing leads there, or wholePort: true where no other host has port ${port}`,
    );
  }
  return claimVirtualIp(mesh, { host, stated: virtualIp, where });
}

function unused(
  { host, port, service }: HopFacts,
  { virtualIp }: HostUsed,
  isNamed: boolean,
  where: string,
): MeshError {
  const option = virtualIp === undefined ? 'wholePort' : 'virtualIp';
  const why = isNamed ? 'is a Service of the own cluster, which has an address' : `is told apart by name`;
  return new MeshError(
    'MESH1224',
    where,
    `${option} is stated, but host '${host}' of ${service.protocol} port ${port} ${why}; leave it out`,
  );
}

/** Who uses a port of hosts outside. */
interface PortUse {
  readonly host: string;
  readonly port: number;
  /** Whether it takes what is sent to any address. */
  readonly isWhole: boolean;
  readonly where: string;
}

/** Those who use one port, as far as others must know of them. */
interface PortUses {
  readonly first: PortUse;
  /** The first of another host. */
  beside?: PortUse;
  /** The first that takes all of it: then all are of one host. */
  whole?: PortUse;
}

function claimPort(mesh: Mesh, use: PortUse): void {
  const { host, port, isWhole, where } = use;
  const uses = attached(mesh, 'ports of hosts', () => new Map<number, PortUses>());
  const known = uses.get(port);
  const ofOthers = known?.first.host === host ? known.beside : known?.first;
  const other = isWhole || known?.whole !== undefined ? ofOthers : undefined;
  if (other !== undefined) {
    const [whole, cut] = other.isWhole ? [other.host, host] : [host, other.host];
    throw new MeshError(
      'MESH1225',
      where,
      `host '${whole}' takes the whole port ${port} of ${mesh.node.path}, so calls to '${cut}' would end there; dial one of the two at another port, or let the control plane capture DNS and leave wholePort out`,
    );
  }
  if (known === undefined) {
    uses.set(port, { first: use, ...(isWhole && { whole: use }) });
    return;
  }
  if (known.first.host !== host) known.beside ??= use;
  if (isWhole) known.whole ??= use;
}

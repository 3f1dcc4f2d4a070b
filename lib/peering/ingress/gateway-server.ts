import { MeshError } from '../../facts/error';
import { attached } from '../../fleet/attached';
import { Claims } from '../../fleet/claims';
import type { Gateway } from '../../mesh/gateway';

/** One server of a gateway, as an exposure needs it. */
export interface ServerClaim {
  /** Port number of the gateway's Service. */
  readonly port: number;
  /** Name that clients send, by TLS or as host of requests. */
  readonly serverName: string;
  /** Where it leads, and with which key pair: who says the same shares the server. */
  readonly leads: string;
  /** Construct path of the peering. */
  readonly where: string;
}

/**
 * Notes a server of a gateway.
 *
 * @returns whether nobody has claimed it before.
 * @throws MESH1235 when it leads elsewhere already: of two Gateway resources with one port and host istiod drops the
 * second silently.
 */
export function claimServer(gateway: Gateway, { port, serverName, leads, where }: ServerClaim): boolean {
  const servers = attached(gateway.atPods, 'servers', () => new Claims());
  const other = servers.claim(`${port} ${serverName}`, leads);
  if (other === undefined || other === leads) return other === undefined;
  throw new MeshError(
    'MESH1235',
    where,
    `port ${port} of gateway ${gateway.node.path} with server name '${serverName}' already leads to ${other}, not to ${leads}; give this exposure another port, or another host`,
  );
}

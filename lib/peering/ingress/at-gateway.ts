import { MeshError } from '../../facts/error';
import { type Guards, listOf, optional, text } from '../../facts/guard';
import { ipBlocks } from '../../facts/ip-block';
import type { CallConditions } from '../../mesh/call-conditions';
import type { Gateway } from '../../mesh/gateway';

/** What an exposure asks of its calls at the provider's ingress gateway, which denies all others. */
export interface AtGateway {
  /**
   * Addresses that connections come from: IP addresses, or blocks in CIDR notation (AuthorizationPolicy `ipBlocks`). The
   * gateway sees the address of a caller where nothing before it opens connections of its own: its Service keeps it with
   * `externalTrafficPolicy: Local`.
   * @default - every address
   */
  readonly ipBlocks?: string[];
  /**
   * Addresses of clients behind a load balancer that opens connections of its own, and tells them by `X-Forwarded-For` or
   * the PROXY protocol (AuthorizationPolicy `remoteIpBlocks`). Without `numTrustedProxies` in the gateway's topology, or the PROXY
   * protocol at its listener, it is the address of the load balancer. With `ipBlocks`, which then names the load
   * balancer, both must hold.
   * @default - every address
   */
  readonly remoteIpBlocks?: string[];
}

/** What these options may be. */
export const AT_GATEWAY: Guards<AtGateway> = {
  ipBlocks: optional(listOf(text)),
  remoteIpBlocks: optional(listOf(text)),
};

/** These options alone, by name. */
export const atGateway = (options: AtGateway): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([name]) => name in AT_GATEWAY));

/** Where calls arrive of which something is asked. */
export interface AskingGateway {
  readonly gateway: Gateway;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/**
 * What a gateway asks of the calls of an exposure.
 *
 * @throws MESH1151 for blocks that are none; MESH1152 for addresses that the gateway does not see; MESH1157 for a gateway
 * that lets everybody through.
 */
export function callConditions(options: AtGateway, at: AskingGateway): CallConditions {
  const { gateway, where } = at;
  const own = ipBlocks(options.ipBlocks, where, 'ipBlocks');
  const remote = ipBlocks(options.remoteIpBlocks, where, 'remoteIpBlocks');
  const conditions = { ...(own && { ipBlocks: own }), ...(remote && { remoteIpBlocks: remote }) };
  checkSight(conditions, at);
  const [stated] = Object.keys(conditions);
  if (stated !== undefined && !gateway.denyByDefault) {
    throw new MeshError(
      'MESH1157',
      where,
      `'${stated}' is a condition of a policy that allows calls, but gateway ${gateway.node.path} lets everybody through that its routes know; set denyByDefault: true on the gateway`,
    );
  }
  return conditions;
}

/** OpenShift's router opens connections of its own; where it reads requests, it says who called. */
function checkSight(
  { ipBlocks: own, remoteIpBlocks: remote }: CallConditions,
  { gateway, where }: AskingGateway,
): void {
  const { route } = gateway;
  if (route === undefined) return;
  const refuse = (reason: string) => new MeshError('MESH1152', where, reason);
  if (own !== undefined) {
    throw refuse(
      `ipBlocks names addresses that connections come from (${own.join(', ')}), but those to gateway ${gateway.node.path} come from the router of the Route in front of it; ${
        route.termination === 'passthrough'
          ? 'limit addresses at the Route (haproxy.router.openshift.io/ip_whitelist), or expose through a gateway without a Route'
          : 'state remoteIpBlocks, which the router tells in X-Forwarded-For'
      }`,
    );
  }
  if (remote !== undefined && route.termination === 'passthrough') {
    throw refuse(
      `remoteIpBlocks names addresses that a proxy tells (${remote.join(', ')}), but the router before gateway ${gateway.node.path} passes TLS on and tells none; expose through a gateway without a Route, with ipBlocks`,
    );
  }
}

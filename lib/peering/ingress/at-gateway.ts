import { byText } from '../../facts/by-text';
import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { flag, type Guards, listOf, made, options as nested, optional, text } from '../../facts/guard';
import { ipBlocks } from '../../facts/ip-block';
import { isHttp } from '../../facts/port';
import type { CallConditions } from '../../mesh/call-conditions';
import type { Gateway } from '../../mesh/gateway';
import { SERVER_TLS, type ServerTls } from '../../mesh/server-tls';
import type { JwtRule } from '../../trust/jwt-rule';

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
  /**
   * Tokens of which each request must carry one (RequestAuthentication, and `requestPrincipals` of the policy): without one it
   * is denied with 403, with one that nobody believes with 401. For requests, where the gateway sees them.
   * @default - none is asked for
   */
  readonly jwtRules?: JwtRule[];
  /**
   * Whether requests in clear text for the host are redirected to https (301), with the gateway's http port: those that an
   * access rule allows, others stay denied. Behind a Route the router does it (302). The peering's own calls are in TLS in any case.
   * @default false - nothing listens, or they are denied
   */
  readonly httpsRedirect?: boolean;
  /**
   * Versions and ciphers of TLS that clients may use, where the gateway ends it; the same for all who share host and port.
   * @default - those of the gateway
   */
  readonly serverTls?: ServerTls;
}

/** What these options may be. */
export const AT_GATEWAY: Guards<AtGateway> = {
  ipBlocks: optional(listOf(text)),
  remoteIpBlocks: optional(listOf(text)),
  jwtRules: optional(listOf(made('a JwtRule', 'JwtRule'))),
  httpsRedirect: optional(flag),
  serverTls: optional(nested(SERVER_TLS)),
};

/** These options alone, by name. */
export const atGateway = (options: AtGateway): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([name]) => name in AT_GATEWAY));

/** What a gateway sees of calls: `requests`, or why it sees none. */
export type Flow = 'requests' | { readonly unseen: string };

/** What a gateway sees of the calls of an exposure. */
export function flowOf({ service: { protocol }, tls }: Pick<HopFacts, 'service' | 'tls'>): Flow {
  if (!isHttp(protocol)) {
    return { unseen: `a ${protocol} port carries ${protocol === 'tls' ? "an application's own TLS" : 'bytes'}` };
  }
  return tls.mode === 'application' ? { unseen: 'the TLS of an application passes' } : 'requests';
}

const NONE: CallConditions = {};

/** Where calls arrive of which something is asked. */
export interface AskingGateway {
  readonly gateway: Gateway;
  /** What the gateway sees of calls: requests, or only bytes. */
  readonly flow: Flow;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/**
 * What a gateway asks of the calls of an exposure.
 *
 * @throws MESH1151 for blocks that are none; MESH1153 for no token, or an issuer twice; MESH1155 for tokens where no
 * requests are seen; MESH1152 for addresses that the gateway does not see; MESH1157 for a gateway
 * that lets everybody through, or one whose EnvoyFilter shall ask for tokens.
 */
export function callConditions(options: AtGateway, at: AskingGateway): CallConditions {
  const { gateway, where } = at;
  if ((options.ipBlocks ?? options.remoteIpBlocks ?? options.jwtRules) === undefined) return NONE;
  const own = ipBlocks(options.ipBlocks, where, 'ipBlocks');
  const remote = ipBlocks(options.remoteIpBlocks, where, 'remoteIpBlocks');
  const tokens = jwtRules(options.jwtRules, at);
  const conditions = {
    ...(own && { ipBlocks: own }),
    ...(remote && { remoteIpBlocks: remote }),
    ...(tokens && { jwtRules: tokens }),
  };
  checkSight(conditions, at);
  const [stated] = Object.keys(conditions);
  if (stated !== undefined && !gateway.denyByDefault) {
    throw new MeshError(
      'MESH1157',
      where,
      `'${stated}' is a condition of a policy that allows calls, but gateway ${gateway.node.path} lets everybody through that its routes know; set denyByDefault: true on the gateway`,
    );
  }
  if (tokens && gateway.policies === 'EnvoyFilter') {
    throw new MeshError(
      'MESH1157',
      where,
      `'jwtRules' asks for tokens, but the policies of gateway ${gateway.node.path} are an EnvoyFilter, and where Envoy puts what it read of a token differs by version; leave policies: 'EnvoyFilter' out`,
    );
  }
  return conditions;
}

/** Tokens of requests; sorted, because policies and facts list them. */
function jwtRules(rules: JwtRule[] | undefined, { flow, where }: AskingGateway): JwtRule[] | undefined {
  if (rules === undefined) return undefined;
  const refuse = (code: 'MESH1153' | 'MESH1155', reason: string) => new MeshError(code, where, reason);
  if (rules.length === 0) {
    throw refuse(
      'MESH1153',
      "'jwtRules' is empty, so no token would do; state one, or leave it out where none is asked for",
    );
  }
  const issuers = rules.map(({ issuer }) => issuer);
  if (flow !== 'requests') {
    throw refuse(
      'MESH1155',
      `jwtRules asks for tokens of ${issuers.join(', ')}, but ${flow.unseen}, so the gateway sees no requests that would carry one; leave it out`,
    );
  }
  const twice = issuers.find((issuer, index) => issuers.indexOf(issuer) !== index);
  if (twice !== undefined)
    throw refuse('MESH1153', `'jwtRules' has issuer '${twice}' twice; state it once, with all audiences`);
  return [...rules].sort(byText(({ issuer }) => issuer));
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

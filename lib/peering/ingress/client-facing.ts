import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';
import { type ServerTls, type ServerTlsSettings, serverTlsSettings } from '../../mesh/server-tls';
import type { GatewayTls } from './arrival';

/** What the servers of a host are to clients: the same for all who share them. */
export interface ClientFacing {
  /** TLS of the server. */
  readonly tls?: ServerTlsSettings;
  /** Where http is redirected to https: at this port of the gateway, or by the router of the Route in front of it. */
  readonly redirect?: GatewayPort | 'router';
}

/** An exposure as it arrives at its gateway. */
export interface Facing {
  readonly gateway: Gateway;
  readonly facts: HopFacts;
  readonly arrives: GatewayTls;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

const USUAL: ClientFacing = {};

/**
 * What the servers of an exposure are to clients.
 *
 * @throws MESH1158 for a redirect that cannot be; MESH1159 for versions or ciphers that do not fit together; MESH1160 where
 * the gateway does not end the TLS of clients.
 */
export function clientFacing(
  { serverTls, httpsRedirect = false }: { readonly serverTls?: ServerTls; readonly httpsRedirect?: boolean },
  facing: Facing,
): ClientFacing {
  const tls = facingTls(serverTls, facing);
  if (tls === undefined && !httpsRedirect) return USUAL;
  return { ...(tls && { tls }), ...(httpsRedirect && { redirect: redirectAt(facing) }) };
}

/**
 * Versions and ciphers of the server of an exposure: its own, or those of the gateway.
 *
 * @throws MESH1159 for those that do not fit together; MESH1160 where the gateway does not end the TLS of clients.
 */
export function facingTls(
  stated: ServerTls | undefined,
  { gateway, arrives, where }: Pick<Facing, 'gateway' | 'arrives' | 'where'>,
): ServerTlsSettings | undefined {
  if (stated === undefined && gateway.serverTls === undefined) return undefined;
  const reason = endsNoTls(gateway, arrives);
  if (stated === undefined) return reason === undefined ? gateway.serverTls : undefined;
  if (reason === undefined) return serverTlsSettings(stated, where);
  throw new MeshError(
    'MESH1160',
    where,
    `serverTls is stated, but gateway ${gateway.node.path} ends no TLS of clients: ${reason}; leave it out`,
  );
}

/** Why a gateway does not end the TLS of clients, if so. */
function endsNoTls({ route }: Gateway, arrives: GatewayTls): string | undefined {
  if (arrives === 'plain' && route === undefined) return 'clients send clear text';
  if (arrives === 'application') return 'the TLS of the application passes';
  if (route === undefined || route.termination === 'passthrough') return undefined;
  return `the router of the Route (${route.termination}) ends the TLS of clients`;
}

function redirectAt({ gateway, facts, arrives, where }: Facing): GatewayPort | 'router' {
  const refuse = (reason: string) =>
    new MeshError('MESH1158', where, `httpsRedirect is stated for host '${facts.host}', but ${reason}`);
  const { protocol } = facts.service;
  if (protocol === 'tcp' || protocol === 'tls' || arrives === 'application') {
    throw refuse('no requests are seen that could be redirected; leave it out');
  }
  if (facts.tls.mode === 'plain')
    throw refuse('it is served in clear text, so there is no https to lead to; leave it out');
  if (facts.endpoint.port !== 443) {
    throw refuse(`clients reach https at port ${facts.endpoint.port}, and a redirect leads to 443; leave it out`);
  }
  if (gateway.route) return 'router';
  const port = gateway.ports.find((own) => own.protocol === 'http');
  if (port !== undefined) return port;
  const has = gateway.ports.map((own) => `${own.protocol} ${own.number}`).join(', ');
  throw refuse(
    `gateway ${gateway.node.path} has no http port that could redirect, it has ${has}; add GatewayPort.http()`,
  );
}

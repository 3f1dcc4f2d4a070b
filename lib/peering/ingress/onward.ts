import { MeshError } from '../../facts/error';
import { type ExposedService, exposureKey, type HopFacts } from '../../facts/exposure';
import type { OnwardSummary } from '../../facts/fleet';
import { type Guard, made, optional, options } from '../../facts/guard';
import { isHttp, type Protocol } from '../../facts/port';
import type { ExternalServer } from '../../mesh/external';
import type { Credential } from '../../trust/credential';
import type { Application, Mutual, Plain, Simple } from '../../trust/peering-tls';
import type { Connection } from '../hop/connection';
import { endpointElsewhere } from './endpoint';

/** How the hop behind an ingress gateway may be protected: it reads Secrets, and its key pair is ours. */
export type OnwardTls = Plain | Simple | Mutual<'required', Credential<'sds'>> | Application;

/** How an ingress gateway goes on to a server in no mesh. The consumer knows nothing of it. */
export interface Onward {
  /**
   * How that hop is protected: `server` says who the server is, `client` is a key pair in a Secret of the gateway's
   * namespace. For the application's own TLS, which the gateway passes on, `PeeringTls.application`.
   */
  readonly tls: OnwardTls;
  /**
   * The server, where an alias of the provider stands for it: then the contract names the alias alone.
   * @default - what is exposed
   */
  readonly server?: ExternalServer;
  /**
   * How the gateway connects to it.
   * @default - Istio's own defaults
   */
  readonly connection?: Connection;
}

/** What `onward` may be. */
export const ONWARD: Guard = optional(
  options<Onward>({
    tls: made('PeeringTls.plain(), .simple(…), .mutual(…) or .application(…)', 'PeeringTls'),
    server: optional(made('External.server(…)', 'ExternalServer')),
    connection: optional(made('one such as Connection.of({ … })', 'Connection')),
  }),
);

/** What is to be served. */
export interface OnwardUse {
  /** What is exposed, as the consumer knows it. */
  readonly service: ExposedService;
  /** What is exposed, where that is a server in no mesh. */
  readonly server?: ExternalServer;
  /** Whether what is exposed has no pods. */
  readonly isAlias: boolean;
  /** Host of the exposure. */
  readonly host: string;
  readonly onward: Onward | undefined;
  /** Construct path of the peering. */
  readonly where: string;
}

/**
 * Refuses a way on where nobody would go it.
 *
 * @throws MESH1162 saying why.
 */
export function refuseOnward(onward: Onward | undefined, because: string, where: string): undefined {
  if (onward === undefined) return;
  throw new MeshError('MESH1162', where, `onward is stated, but ${because}; leave it out`);
}

/**
 * The hop from an ingress gateway to a server in no mesh, as that of a peering with it would be; nothing for a service
 * that has pods.
 *
 * @throws MESH1162 when it is not stated, or cannot be carried; MESH1222 for an alias that stands for nothing.
 */
export function onwardHop(use: OnwardUse): HopFacts | undefined {
  const { service, isAlias, host, onward, where } = use;
  if (use.server === undefined && !isAlias) {
    return refuseOnward(onward, `${service.host} is a service of the provider, whose pods answer`, where);
  }
  const refuse = (message: string) => new MeshError('MESH1162', where, message);
  const [server, { tls: stated }] = stands(use, refuse);
  const { number: port, protocol } = server.port;
  if (protocol !== service.protocol && !(isHttp(protocol) && isHttp(service.protocol))) {
    throw refuse(
      `alias ${service.namespace}/${service.name} carries ${service.protocol}, but port ${port} of server ${server.host} ${protocol}; expected one protocol`,
    );
  }
  checkTls(stated, protocol, refuse);
  if (protocol === 'tls' && host !== server.host) {
    throw refuse(
      `the application's own TLS reaches server ${server.host} with the SNI '${host}', which nothing changes on the way; expose it with host: '${server.host}'`,
    );
  }
  const tls = stated.mode === 'plain' && protocol === 'tls' ? asItIs(server.host) : stated.facts(server.host);
  const to = { host: server.host, name: server.host, port, protocol };
  return {
    ...{ key: exposureKey(to), service: to, host: server.host, tls, access: [] },
    // requests are clear before the gateway encrypts them, and at 443 nothing else than TLS shall be known
    port: isHttp(protocol) && tls.mode !== 'plain' ? 80 : port,
    endpoint: endpointElsewhere({ tls, service: to }, server.address),
  };
}

/** The server that is exposed, or for which an alias stands, and how the gateway goes on to it. */
function stands(
  { service, server: exposed, onward, where }: OnwardUse,
  refuse: (message: string) => MeshError,
): [ExternalServer, Onward] {
  const alias = `${service.namespace}/${service.name}`;
  const server = exposed ?? onward?.server;
  if (onward === undefined && exposed !== undefined) {
    throw refuse(
      `server ${exposed.host} is in no mesh, so the gateway must be told how to connect to it; state onward: { tls: PeeringTls.simple({ server: new PeerEnd(…) }) }, or another PeeringTls`,
    );
  }
  if (onward === undefined || server === undefined) {
    throw new MeshError(
      'MESH1222',
      where,
      `${alias} is an alias, which has no endpoints, and a gateway does not follow the Routing of the mesh: 503 UH; expose a service that has pods, or say for which server in no mesh it stands: onward: { server: External.server(…), tls: … }`,
    );
  }
  if (exposed !== undefined && onward.server !== undefined) {
    throw refuse(
      `onward names server ${onward.server.host}, but server ${exposed.host} is what is exposed; leave it out`,
    );
  }
  if (server.isWildcard) {
    throw refuse(
      `'${server.host}' is all names of a domain, and a route of a gateway leads to one; state one server per name`,
    );
  }
  return [server, onward];
}

const asItIs = (host: string) => ({ mode: 'application' as const, serverName: host, sni: host });

function checkTls(tls: OnwardTls, protocol: Protocol, refuse: (message: string) => MeshError): void {
  const { mode } = tls;
  if (mode !== 'plain' && (protocol === 'tls') !== (mode === 'application')) {
    throw refuse(
      protocol === 'tls'
        ? `onward.tls is PeeringTls.${mode}, but what arrives is the application's own TLS, which the gateway passes on as it is; use PeeringTls.application`
        : `onward.tls is PeeringTls.application, but the ${protocol} port carries no TLS of the application; use PeeringTls.plain, .simple or .mutual`,
    );
  }
  if (mode !== 'mutual') return;
  if (tls.ownClient === undefined) {
    throw refuse('the client of onward.tls is a PeerEnd, but the gateway needs the key pair; use a Credential');
  }
  if (tls.ownClient.source === 'file') {
    throw refuse(
      'the client of onward.tls is mounted files, but a gateway reads Secrets; use Credential.secret or Credential.certManager',
    );
  }
}

/** The hop as `dist/fleet.json` holds it. */
export function onwardSummary(hop: HopFacts | undefined): OnwardSummary | undefined {
  if (hop === undefined) return undefined;
  const { host, service, endpoint, tls } = hop;
  const isVerified = tls.mode === 'simple' || tls.mode === 'mutual';
  return {
    ...{ host, protocol: service.protocol, endpoint, tls: tls.mode },
    ...(isVerified && { server: tls.server }),
    ...(tls.mode === 'mutual' && { client: tls.client }),
    ...(tls.mode === 'application' && { server: { subjectAltName: tls.serverName } }),
  };
}

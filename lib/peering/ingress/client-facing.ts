import type * as istio from '../../../imports/istio';
import { CIPHER_SUITES } from '../../facts/cipher-suites';
import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { type Guards, listOf, oneOf, optional, text } from '../../facts/guard';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';
import type { GatewayTls } from './arrival';

/** What TLS a gateway's server speaks (Istio's `ServerTLSSettings`). */
export interface ServerTls {
  /**
   * Oldest version. Below `TLSV1_2` is the weaker choice, which MESH3112 reports, and needs `cipherSuites`.
   * @default - Istio's own: TLSV1_2
   */
  readonly minProtocolVersion?: 'TLSV1_0' | 'TLSV1_1' | 'TLSV1_2' | 'TLSV1_3';
  /**
   * Newest version; proxies of meshes speak none older than `TLSV1_2`.
   * @default - Istio's own: TLSV1_3
   */
  readonly maxProtocolVersion?: 'TLSV1_2' | 'TLSV1_3';
  /**
   * Cipher suites in the order of preference, by OpenSSL's names; those of TLS 1.3 cannot be chosen.
   * @default - Envoy's own
   */
  readonly cipherSuites?: readonly (typeof CIPHER_SUITES)[number][];
}

/** What these options may be. */
export const SERVER_TLS: Guards<ServerTls> = {
  minProtocolVersion: optional(oneOf('TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3')),
  maxProtocolVersion: optional(oneOf('TLSV1_2', 'TLSV1_3')),
  cipherSuites: optional(listOf(text)),
};

/** What the servers of a host are to clients: the same for all who share them. */
export interface ClientFacing {
  /** TLS of the server. */
  readonly tls?: Pick<istio.ServerTLSSettings, 'minProtocolVersion' | 'maxProtocolVersion' | 'cipherSuites'>;
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
  if (serverTls === undefined && !httpsRedirect) return USUAL;
  const tls = serverTls && serverTlsOf(serverTls, facing);
  return { ...(tls && { tls }), ...(httpsRedirect && { redirect: redirectAt(facing) }) };
}

function serverTlsOf(stated: ServerTls, { gateway, arrives, where }: Facing): ClientFacing['tls'] {
  const { route } = gateway;
  const reason =
    arrives === 'plain' && route === undefined
      ? 'clients send clear text'
      : arrives === 'application'
        ? 'the TLS of the application passes'
        : route !== undefined && route.termination !== 'passthrough'
          ? `the router of the Route (${route.termination}) ends the TLS of clients`
          : undefined;
  if (reason !== undefined) {
    throw new MeshError(
      'MESH1160',
      where,
      `serverTls is stated, but gateway ${gateway.node.path} ends no TLS of clients: ${reason}; leave it out`,
    );
  }
  const refuse = (message: string) => new MeshError('MESH1159', where, `serverTls ${message}`);
  const { minProtocolVersion: min, maxProtocolVersion: max, cipherSuites } = stated;
  if (min === undefined && max === undefined && cipherSuites === undefined) {
    throw refuse('says nothing; state minProtocolVersion, maxProtocolVersion or cipherSuites, or leave it out');
  }
  if (min === 'TLSV1_3' && max === 'TLSV1_2') {
    throw refuse('has minProtocolVersion TLSV1_3 above maxProtocolVersion TLSV1_2; no client could connect');
  }
  if ((min === 'TLSV1_0' || min === 'TLSV1_1') && cipherSuites === undefined) {
    throw refuse(`has minProtocolVersion ${min}, for which Envoy has no cipher by default; state cipherSuites, too`);
  }
  if (cipherSuites !== undefined) checkCiphers(cipherSuites, min, refuse);
  return {
    ...(min && { minProtocolVersion: min }),
    ...(max && { maxProtocolVersion: max }),
    ...(cipherSuites && { cipherSuites }),
  };
}

function checkCiphers(suites: readonly string[], min: ServerTls['minProtocolVersion'], refuse: (m: string) => Error) {
  if (suites.length === 0) throw refuse('has no cipherSuites, so no client could connect; leave them out for all');
  if (min === 'TLSV1_3') {
    throw refuse(
      'chooses cipherSuites, but those of TLS 1.3 alone (minProtocolVersion TLSV1_3) cannot be chosen; leave them out',
    );
  }
  const known: readonly string[] = CIPHER_SUITES;
  const unknown = suites.find((suite) => !known.includes(suite));
  if (unknown !== undefined) {
    throw refuse(
      `has cipher suite '${unknown}', which istiod would leave out silently; expected some of ${known.join(', ')}`,
    );
  }
  const twice = suites.find((suite, index) => suites.indexOf(suite) !== index);
  if (twice !== undefined) throw refuse(`has cipher suite '${twice}' twice; state it once`);
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

import net from 'node:net';
import { parseUrl } from './curl';
import type { Outcome } from './expectation';
import { pki } from './paths';
import type { CallOptions } from './scenario';

/** What programs/socket-call.js is asked to do. */
export interface SocketRequest {
  host: string;
  port: number;
  /** Bytes, as latin1. */
  send: string;
  /** What the answer ends with. */
  until: string;
  seconds: number;
  tls?: { servername?: string; alpn?: string; ca?: string; cert?: string; key?: string };
}

/** What it prints. */
export interface SocketAnswer {
  body: string;
  error: string | null;
  /** SHA-256 fingerprint of the server's certificate; absent without TLS. */
  certificate?: string;
}

/** Options that mean nothing where there is no HTTP, and where there is no TLS. */
const HTTP_ONLY = ['method', 'headers', 'body', 'http2'] as const;
const TLS_ONLY = ['sni', 'as', 'ca'] as const;

/**
 * A line over `tcp://` or `tls://`, which an echo answers with a line.
 *
 * @throws when an option is given that means nothing there
 */
export function lineRequest(url: string, options: CallOptions): SocketRequest {
  const { scheme, host, port } = parseUrl(url);
  const { timeout = 4 } = options;
  const useless = [...HTTP_ONLY, ...(scheme === 'tls' ? [] : TLS_ONLY)].find((name) => options[name] !== undefined);
  if (useless !== undefined) throw new Error(`'${url}': '${useless}' means nothing over ${scheme}`);
  const request = { host, port, send: 'ping\n', until: '\n', seconds: timeout };
  return scheme === 'tls' ? { ...request, tls: tlsOf(host, options) } : request;
}

/** What programs/https-call.js is asked to do. */
export interface HttpsRequest extends Pick<SocketRequest, 'host' | 'port' | 'seconds' | 'tls'> {
  method: string;
  /** As it is sent. */
  path: string;
  headers: Record<string, string>;
}

/**
 * One HTTP/1.1 request over TLS whose ALPN is chosen, as sidecars choose `istio`; curl cannot.
 *
 * @throws when the URL is not https, or a body is to be sent
 */
export function alpnRequest(url: string, options: CallOptions): HttpsRequest {
  const { scheme, host, port, rest } = parseUrl(url);
  const { method = 'GET', headers = {}, sni = host, body, timeout = 6 } = options;
  if (scheme !== 'https') throw new Error(`'${url}' has no TLS, so no ALPN '${options.alpn}'; expected https://`);
  if (body !== undefined) throw new Error(`'${url}': a call with an ALPN of its own sends no body`);
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return { host, port, seconds: timeout, tls: tlsOf(host, options), method, path, headers: { host: sni, ...headers } };
}

function tlsOf(host: string, { sni, alpn, as, ca }: CallOptions): SocketRequest['tls'] {
  const servername = sni ?? (net.isIP(host) ? undefined : host);
  return {
    ...(servername !== undefined && { servername }),
    ...(alpn !== undefined && { alpn }),
    ...(ca !== undefined && { ca: pki(`${ca}.crt`) }),
    ...(as !== undefined && { cert: pki(`${as}.crt`), key: pki(`${as}.key`) }),
  };
}

/** What came of a line. */
export function lineOutcome({ body, error, certificate }: SocketAnswer): Omit<Outcome, 'duration'> {
  const shown = certificate ? { certificate } : {};
  return error === null ? { code: 'ok', body, ...shown } : { error: error.trim().split('\n')[0], body, ...shown };
}

import { pki } from './paths';
import type { CallOptions } from './scenario';

/** The parts of a URL as they are written: `URL` would take dot segments and escapes out of the path. */
export interface UrlParts {
  scheme: string;
  host: string;
  port: number;
  /** Path and query; empty when the URL ends before. */
  rest: string;
}

const DEFAULT_PORTS: Record<string, number> = { http: 80, https: 443 };

/** @throws when the text is no URL, or has a scheme without a default port and names none */
export function parseUrl(url: string): UrlParts {
  const [, scheme, host, port, rest] = /^(\w+):\/\/([^/?#:]+)(?::(\d+))?(.*)$/.exec(url) ?? [];
  const number = port === undefined ? DEFAULT_PORTS[scheme] : Number(port);
  if (number === undefined) throw new Error(`'${url}', expected scheme://host:port/path`);
  return { scheme, host, port: number, rest };
}

/**
 * The command line of a call over http or https. Paths are sent as they are written; the status code is printed last, on a
 * line of its own; a body is read from stdin.
 */
export function curlCommand(url: string, options: CallOptions): string[] {
  const { method = 'GET', headers = {}, as, ca, sni, http2 = false, body, timeout = 6, tls = {} } = options;
  const { scheme } = parseUrl(url);
  return [
    ...['curl', '--silent', '--show-error', '--http0.9', '--path-as-is', '--globoff'],
    ...['--max-time', String(timeout), '--write-out', '\n%{http_code}'],
    ...(method === 'HEAD' ? ['--head'] : ['--request', method]),
    ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...(tls.min ? [`--tlsv${tls.min}`] : []),
    ...(tls.max ? ['--tls-max', tls.max] : []),
    ...(tls.ciphers ? ['--ciphers', tls.ciphers] : []),
    ...(http2 ? ['--http2-prior-knowledge'] : []),
    ...(body === undefined ? [] : ['--data-binary', '@-']),
    ...(as ? ['--cert', pki(`${as}.crt`), '--key', pki(`${as}.key`)] : []),
    ...(scheme === 'https' ? (ca ? ['--cacert', pki(`${ca}.crt`)] : ['--insecure']) : []),
    ...(sni === undefined ? [url] : underName(url, sni)),
  ];
}

/** curl takes SNI and authority from the URL: the name is put there, and connected to is what was there before. */
function underName(url: string, sni: string): string[] {
  const { scheme, host, port, rest } = parseUrl(url);
  if (scheme !== 'https') throw new Error(`'${url}' has no TLS, so no SNI '${sni}'; expected https://`);
  return ['--connect-to', `${sni}:${port}:${host}:${port}`, `${scheme}://${sni}:${port}${rest}`];
}

import { TLS_VERSIONS, type TlsLimits, type TlsVersion } from '../view/tls-limits';

/** The version of TLS that two ends agree on, or why they do not. */
export type Negotiated = { readonly version: TlsVersion } | { readonly why: string };

const NEWEST: Negotiated = { version: '1.3' };
const NEWEST_FIRST = [...TLS_VERSIONS].reverse();

/** The newest version that both take, and, up to 1.2, one cipher at least. Keys of certificates are taken to fit. */
export function negotiated(client: TlsLimits | undefined, server: TlsLimits | undefined): Negotiated {
  if (client === server || (isOpen(client) && isOpen(server))) return NEWEST;
  const version = NEWEST_FIRST.find((one) => takes(client, one) && takes(server, one));
  if (version === undefined)
    return { why: `the client offers TLS ${range(client)}, the server takes ${range(server)}` };
  const [offered, taken] = [client?.ciphers, server?.ciphers];
  if (version === '1.3' || !offered || !taken || offered.some((one) => taken.includes(one))) return { version };
  return { why: `of TLS ${version} the client offers ${offered.join(', ')}, the server takes ${taken.join(', ')}` };
}

const isOpen = (limits: TlsLimits | undefined): boolean => (limits?.max ?? '1.3') === '1.3';

function takes({ min = '1.2', max = '1.3' }: TlsLimits = {}, version: TlsVersion): boolean {
  const rank = (one: TlsVersion) => TLS_VERSIONS.indexOf(one);
  return rank(min) <= rank(version) && rank(version) <= rank(max);
}

const range = ({ min = '1.2', max = '1.3' }: TlsLimits = {}): string => (min === max ? min : `${min} to ${max}`);

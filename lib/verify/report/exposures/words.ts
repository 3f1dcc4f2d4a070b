import type { RequestClass } from '../../explore/classes';
import type { Exposure } from '../../explore/exposures';
import type { Hop } from '../../run/hop';

/** Requests of an exposure, a line each: `GET, HEAD  /a*, /b  host x`. */
export const requestLines = ({ requests }: Pick<Exposure, 'requests'>): string[] =>
  requests.length === 0 ? ['any bytes'] : requests.map(requestLine);

function requestLine({ token, ...request }: RequestClass): string {
  return token === undefined ? partsLine(request) : `${partsLine(request)} ${token}`;
}

function partsLine({ methods, paths, others }: RequestClass): string {
  const isAny = (list: readonly string[]) => list.length === 1 && list[0] === 'any';
  if (isAny(methods) && isAny(paths) && others.length === 0) return 'any request';
  // `any but /a` is any path but it
  const named = (list: readonly string[], what: string) =>
    list.map((one) => one.replace(/^any\b/, `any ${what}`)).join(', ');
  const what = `${named(methods, 'method')} ${named(paths, 'path')}`;
  return [what, ...others].join(', ');
}

/** The way of a call: proxies with the TLS of each leg between them. */
export function wayLine({ via, legs, server }: Pick<Exposure, 'via' | 'legs' | 'server'>): string {
  const [, ...name] = server.split('/');
  const stations = [...via.map((one) => (one === 'sidecar' ? `sidecar of ${name.join('/')}` : one))];
  return `${stations.length > 0 ? `via ${stations.join(', ')}` : 'directly'}; ${legs.join(', ') || 'inside of the pod'}`;
}

/** Whom the server sees. */
export const identityLine = ({ identity }: Pick<Exposure, 'identity'>): string =>
  identity === 'caller' ? 'sees the caller itself' : identity === 'nobody' ? 'sees nobody' : `sees ${identity}`;

/** What one station does: `c2/istio-system/gateway gateway: opens TLS MUTUAL, sends ISTIO_MUTUAL to …`. */
export function hopLine({ at, role, received, sent, cluster, failure }: Hop): string {
  const arrives =
    received && role !== 'sidecar outbound'
      ? [
          received.tls === 'clear'
            ? 'gets clear text'
            : received.tls === 'passed on'
              ? 'passes TLS on'
              : `opens TLS ${received.tls}`,
        ]
      : [];
  const [, port, , host] = cluster?.split('|') ?? [];
  const goes = sent
    ? [`sends ${sent.tls} to ${host === undefined || host === '' ? (cluster ?? '') : `${host}:${port}`}`]
    : [];
  const fails = failure ? [failure.why] : [];
  const what = [...arrives, ...goes, ...fails].join(', ');
  return `${at} ${role}${what === '' ? '' : `: ${what}`}`;
}

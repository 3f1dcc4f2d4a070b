import type { Way } from '../../run/client';
import type { Hop, Leg } from '../../run/hop';

/** Hops that are worth a line: an application that answers is in the heading already. */
export const shownHops = ({ hops }: Way): Hop[] =>
  hops.filter(({ role, failure }) => role !== 'application' || failure);

/** `c1 sidecar travels`, `c2 gateway ingress:8443`. */
export function labelOf({ at, role, listener }: Hop): string {
  if (role === 'network') return at;
  const [cluster, , workload] = at.split('/');
  if (role === 'gateway') {
    const [, port] = /_(\d+)$/.exec(listener ?? '') ?? [];
    return `${cluster} gateway ${workload}${port === undefined ? '' : `:${port}`}`;
  }
  return `${cluster} ${role === 'application' ? role : 'sidecar'} ${workload}`;
}

/** What a station does with what it gets, as one sentence without a full stop. */
export function whatItDoes(hop: Hop): string {
  const { role, received, failure } = hop;
  const arrives = received && role !== 'sidecar outbound' ? [arriving(received, role)] : [];
  const doing = [...arrives, ...allowed(hop), ...leaving(hop)];
  if (doing.length === 0 && !failure) return 'answers itself';
  return [doing.join(', '), ...(failure ? [`✗ ${failure.why}`] : [])].filter((part) => part !== '').join(' ');
}

function arriving({ tls, sni, presented }: Leg, role: Hop['role']): string {
  if (tls === 'clear') return 'takes clear text';
  // between proxies of a mesh, the name says nothing that the route does not
  const name = sni === undefined || sni.startsWith('outbound_') ? '' : ` sni=${sni}`;
  if (tls === 'passed on') return `passes TLS on${name}`;
  const mode = role === 'sidecar inbound' && tls === 'ISTIO_MUTUAL' ? 'mTLS' : `terminates ${tls}${name}`;
  return presented?.length ? `${mode}, client ${shortIdentity(presented[0])}` : mode;
}

/** `ALLOW partner rule 0`: the policies that let the call in. */
function allowed({ refs, role, failure }: Hop): string[] {
  if (role === 'sidecar outbound' || failure) return [];
  return refs.flatMap(({ object, field }) => {
    const [, name, rule] =
      /^AuthorizationPolicy \S*?([^/\s]+) @\S+ spec\.rules\[(\d+)\]/.exec(`${object} ${field}`) ?? [];
    return name === undefined ? [] : [`ALLOW ${name} rule ${rule}`];
  });
}

function leaving({ role, route, cluster, sent }: Hop): string[] {
  if (cluster === undefined || role === 'application' || role === 'network') return [];
  const [direction, port] = cluster.split('|');
  if (direction === 'inbound') return [];
  const to = shortCluster(cluster);
  const from = role === 'sidecar outbound' && route !== undefined ? `route ${shortHost(route)} ` : '';
  return [`${from}→ ${to ?? port}`, ...(sent ? [sending(sent)] : [])];
}

function sending({ tls, sni, expects }: Leg): string {
  if (tls === 'clear') return 'clear text';
  if (tls === 'passed on') return 'TLS as it came';
  if (tls === 'ISTIO_MUTUAL' && (sni === undefined || sni.startsWith('outbound_'))) return 'mTLS';
  const names = expects?.length && expects.join() !== sni ? ` expects ${expects.map(shortIdentity).join(' or ')}` : '';
  return `TLS ${tls}${sni === undefined ? '' : ` sni=${sni}`}${names}`;
}

/** `outbound|80|v1|host` as people write it. */
function shortCluster(cluster: string): string {
  const [, port, subset, host] = cluster.split('|');
  return host === undefined ? cluster : `${shortHost(host)}:${port}${subset ? ` subset ${subset}` : ''}`;
}

/** `spiffe://cluster.local/ns/shop/sa/web` as people write it. */
const shortIdentity = (name: string): string => name.replace(/^spiffe:\/\/.*\/ns\/([^/]+)\/sa\//, 'spiffe://…/$1/');

/** Hosts of the own cluster as people write them. */
const shortHost = (host: string): string => host.replace(/\.svc\.cluster\.local(?=:|$)/, '');

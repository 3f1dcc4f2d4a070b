import { serviceHost } from '../../facts/service-host';
import { isIp } from '../world/addresses';

/** Operations on host names and wildcards (`pkg/config/host`). */

export const isWildcard = (host: string): boolean => host.startsWith('*');

/** Whether one of two hosts covers the other (`host.Name.Matches`). */
export function hostsMatch(a: string, b: string): boolean {
  if (isWildcard(a)) {
    if (!isWildcard(b)) return b.endsWith(a.slice(1));
    return a.length < b.length ? b.slice(1).endsWith(a.slice(1)) : a.slice(1).endsWith(b.slice(1));
  }
  return isWildcard(b) ? a.endsWith(b.slice(1)) : a === b;
}

/** Whether `other` covers `host` (`host.Name.SubsetOf`). */
export function isSubsetOf(host: string, other: string): boolean {
  if (isWildcard(host))
    return isWildcard(other) && host.length >= other.length && host.slice(1).endsWith(other.slice(1));
  return isWildcard(other) ? host.endsWith(other.slice(1)) : host === other;
}

/** Whether `a` is preferred over `b` (`host.MoreSpecific`). */
export function isMoreSpecific(a: string, b: string): boolean {
  if (isWildcard(a) !== isWildcard(b)) return isWildcard(b);
  return a.length === b.length ? a < b : a.length > b.length;
}

/** The hosts that both lists cover, each as the narrower of the two (`host.Names.Intersection`). */
export function intersection(left: readonly string[], right: readonly string[]): string[] {
  const found = new Set<string>();
  for (const a of left) {
    for (const b of right) {
      if (isSubsetOf(a, b)) found.add(a);
      else if (isSubsetOf(b, a)) found.add(b);
    }
  }
  return [...found];
}

/** The entry for a host itself, else for the most specific wildcard that covers it (`model.MostSpecificHostMatch`). */
export function mostSpecific<T>(host: string, entries: ReadonlyMap<string, T>): T | undefined {
  const exact = entries.get(host);
  if (exact !== undefined) return exact;
  const bare = isWildcard(host) ? host.slice(1) : host;
  let best: string | undefined;
  for (const candidate of entries.keys()) {
    if (!isWildcard(candidate) || !bare.endsWith(candidate.slice(1))) continue;
    if (best === undefined || isMoreSpecific(candidate, best)) best = candidate;
  }
  return best === undefined ? undefined : entries.get(best);
}

/** The full name of a host in an object of a namespace (`model.ResolveShortnameToFQDN`). */
export function fullName(host: string, namespace: string, domain: string): string {
  if (host === '' || host.includes('.') || host.includes('*') || host.includes(':') || isIp(host)) return host;
  return serviceHost(host, namespace, domain);
}

/** `namespace/name` of a gateway that an object of a namespace names (`model.resolveGatewayName`). */
export function gatewayName(gateway: string, namespace: string): string {
  if (gateway === 'mesh') return gateway;
  const slash = gateway.indexOf('/');
  if (slash >= 0) return gateway.startsWith('./') ? `${namespace}/${gateway.slice(2)}` : gateway;
  if (!gateway.includes('.')) return `${namespace}/${gateway}`;
  const [name, itsNamespace] = gateway.split('.');
  return `${itsNamespace}/${name}`;
}

/** A host of a Gateway's server, where the namespaces of its VirtualServices may stand before a slash. */
export function splitHost(host: string): { readonly namespace?: string; readonly host: string } {
  const slash = host.indexOf('/');
  return slash < 0 ? { host } : { namespace: host.slice(0, slash), host: host.slice(slash + 1) };
}

import { isSubsetOf } from '../registry/hosts';
import { type Ref, refTo } from '../world/resource';
import type { ClusterClient } from './clusters';
import type { Chain } from './types';
import { sniName } from './upstream-tls';

/** Only mTLS of Istio's own proxies is passed on. */
const ISTIO_ALPN = ['istio', 'istio-peer-exchange', 'istio-http/1.0', 'istio-http/1.1', 'istio-h2'];

/** A chain per service, port and subset of the hosts that a server names (`gateway.go: builtAutoPassthroughFilterChains`). */
export function autoPassthroughChains(hosts: readonly string[], { scope, labels }: ClusterClient, ref: Ref): Chain[] {
  return scope.services.flatMap((service): Chain[] => {
    if (service.isExternal || !hosts.some((host) => isSubsetOf(service.hostname, host))) return [];
    const subsets = (scope.rule(service.hostname, labels)?.spec.subsets ?? []).map(({ name }) => name);
    return service.ports
      .filter(({ protocol }) => protocol !== 'UDP')
      .flatMap(({ port }) =>
        ['', ...subsets].map((subset) => {
          const cluster = sniName(service.hostname, port, subset);
          const refs = [ref, refTo(service.from)];
          return { name: '', sni: [cluster], alpn: ISTIO_ALPN, tcp: [{ cluster, weight: 1 }], rbac: [], refs };
        }),
      );
  });
}

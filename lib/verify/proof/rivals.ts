import type { DestinationRuleSpec, GatewaySpec, VirtualServiceSpec } from '../world/istio-types';
import type { Resource } from '../world/resource';

/**
 * Clusters in which some objects compete, so that it may matter which is older: of one host, port or namespace. Where none
 * do, a call ends the same whatever the ages.
 */
export function clustersWithRivals(resources: readonly Resource[]): ReadonlySet<string> {
  const found = new Set<string>();
  const claimed = new Map<string, Resource>();
  for (const one of resources) {
    for (const claim of claimsOf(one)) {
      const key = `${one.cluster} ${one.kind} ${claim}`;
      const known = claimed.get(key);
      if (known && known !== one) found.add(one.cluster);
      claimed.set(key, one);
    }
  }
  return found;
}

/** A host without the DNS domain of its cluster. */
const full = (host: string, namespace: string): string =>
  host.includes('.') ? host.replace(/^([^.]+\.[^.]+\.svc)\..*$/, '$1') : `${host}.${namespace}.svc`;

/** What an object wants for itself. */
function claimsOf({ kind, namespace, spec }: Resource): string[] {
  switch (kind) {
    case 'VirtualService': {
      const { hosts = [], gateways = ['mesh'] } = spec as VirtualServiceSpec;
      return hosts.flatMap((host) => gateways.map((gateway) => `${gateway} ${full(host, namespace)}`));
    }
    case 'ServiceEntry':
      return (spec as { readonly hosts?: readonly string[] }).hosts?.slice() ?? [];
    case 'DestinationRule': {
      const { host = '', subsets = [], trafficPolicy } = spec as DestinationRuleSpec;
      const name = full(host, namespace);
      return [...subsets.map((subset) => `${name} ${subset.name}`), ...(trafficPolicy ? [name] : [])];
    }
    case 'Gateway': {
      const { servers = [], selector } = spec as GatewaySpec;
      const of = JSON.stringify(selector ?? {});
      return servers.flatMap(({ port, hosts = [] }) => hosts.map((host) => `${of} ${port?.number} ${host}`));
    }
    case 'PeerAuthentication':
    case 'Sidecar':
      return [`${namespace} ${JSON.stringify(Object.values(spec as object).filter((part) => hasLabels(part)))}`];
    case 'EnvoyFilter':
      return [namespace];
    default:
      return [];
  }
}

const hasLabels = (part: unknown): boolean =>
  typeof part === 'object' && part !== null && ('matchLabels' in part || 'labels' in part);

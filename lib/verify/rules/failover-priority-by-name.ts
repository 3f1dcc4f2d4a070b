import { groupBy } from '../../facts/group-by';
import { type Found, objectsOf } from '../objects/objects';
import { at, type ClusterRule } from '../rule';

/**
 * istiod 1.31 reads behind the end of a list when it orders endpoints by `failoverPriority` that it keeps in one group
 * per locality, which it does for hosts that proxies resolve themselves: it ends, and does so again at every start.
 */
export const failoverPriorityByName: ClusterRule = {
  code: 'MESH3020',
  severity: 'error',
  scope: 'cluster',
  title: 'failoverPriority for endpoints by name in several localities',
  why: 'the API server admits it, and istiod ends with a panic at once and at every start: the whole mesh gets no configuration any more',
  fix: 'use localityLbSetting.failover, endpoints by IP address with resolution STATIC, or no localities',
  inProgram: 'Failover writes localityLbSetting.failover',
  reads: ['DestinationRule', 'ServiceEntry'],
  check: (input) => {
    const rules = objectsOf<RuleSpec>(input, 'DestinationRule', 'networking.istio.io').filter(ordersByPriority);
    if (rules.length === 0) return [];
    const entries = objectsOf<EntrySpec>(input, 'ServiceEntry', 'networking.istio.io').filter(isSpread);
    const byCluster = groupBy(entries, ({ cluster }) => cluster);
    return rules.flatMap(({ cluster, ref, spec }) =>
      (byCluster.get(cluster) ?? [])
        .filter(({ spec: { hosts = [] } }) => isAbout(spec.host ?? '', hosts))
        .map((entry) => ({
          objects: [at(ref, pathTo(spec, 'failoverPriority') ?? 'spec'), at(entry.ref, 'spec.endpoints')],
          message: `${ref.split(' @')[0]} states failoverPriority for host '${spec.host}', whose endpoints ${entry.ref.split(' @')[0]} knows by name in the localities ${localities(entry.spec).join(', ')}`,
        })),
    );
  },
};

interface RuleSpec {
  readonly host?: string;
}

interface EntrySpec {
  readonly hosts?: string[];
  readonly resolution?: string;
  readonly endpoints?: { readonly locality?: string }[];
}

/** Whether proxies resolve the endpoints themselves, which are in more than one locality. */
function isSpread({ spec }: Found<EntrySpec>): boolean {
  return spec.resolution === 'DNS' && localities(spec).length > 1;
}

function localities({ endpoints = [] }: EntrySpec): string[] {
  return [...new Set(endpoints.map(({ locality }) => locality ?? '(none)'))].sort();
}

/** In the policy of the host, of a port or of a subset; without outlier detection istiod leaves it alone. */
function ordersByPriority({ spec }: Found<RuleSpec>): boolean {
  return pathTo(spec, 'failoverPriority') !== undefined && pathTo(spec, 'outlierDetection') !== undefined;
}

/** Path of the first field of a name, at any depth. */
function pathTo(value: unknown, key: string, path = 'spec'): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, child] of Object.entries(value)) {
    const here = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
    const found = name === key ? here : pathTo(child, key, here);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a rule's host, perhaps with a wildcard, is one of some hosts. */
function isAbout(host: string, hosts: readonly string[]): boolean {
  return hosts.some((one) => (host.startsWith('*') ? one.endsWith(host.slice(1)) : one === host));
}

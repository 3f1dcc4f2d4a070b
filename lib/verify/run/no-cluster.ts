import { portOf } from '../registry/service';
import type { ProxyView } from '../view/proxy';
import { describe, type Ref, refTo } from '../world/resource';

/** Why a proxy has no cluster of a name, and the object that keeps an existing host from it. */
export function whyNoCluster(proxy: ProxyView, name: string): { why: string; refs: Ref[] } {
  const { why, refs = [] } = reason(proxy, name);
  return { why: `there is no cluster ${name}; ${why}`, refs };
}

function reason({ scope, workload, controlPlane }: ProxyView, name: string): { why: string; refs?: Ref[] } {
  const [, port, , host = ''] = name.split('|');
  const seen = scope.byHost.get(host);
  if (seen?.resolution === 'dns-round-robin' && portOf(seen, Number(port))) {
    return { why: 'Envoy takes one endpoint alone of a host that is resolved DNS_ROUND_ROBIN' };
  }
  if (seen && !portOf(seen, Number(port))) {
    return { why: `${describe(seen.from)} has ${listed('the ports', seen.ports, ({ port }) => port)}` };
  }
  const rule = seen && scope.rule(host, workload.labels);
  if (rule) {
    return { why: `${describe(rule.rule)} has ${listed('the subsets', rule.spec.subsets, (one) => one.name)}` };
  }
  if (seen) return { why: `no DestinationRule that ${workload.id} sees is for ${host}` };
  const [hidden] = controlPlane.registry.byHost.get(host)?.values() ?? [];
  if (!hidden) return { why: `nothing in the cluster has the host '${host}'` };
  const { from } = hidden;
  if (!controlPlane.visibility.isVisible(hidden, workload.namespace)) {
    const field = from.kind === 'ServiceEntry' ? 'spec.exportTo' : '';
    return { why: `${describe(from)} is not exported to ${workload.namespace}`, refs: [refTo(from, field)] };
  }
  const refs = scope.sidecar ? [refTo(scope.sidecar, 'spec.egress')] : [];
  return { why: `the Sidecar of ${workload.id} leaves out ${describe(from)}`, refs };
}

const listed = <T>(what: string, all: readonly T[] = [], name: (one: T) => unknown): string =>
  all.length > 0 ? `${what} ${all.map(name).join(', ')}` : 'none';

import { selects } from '../../facts/labels';
import { nearest } from '../../facts/nearest';
import { isSeenIn, viewersOf } from '../objects/exports';
import { fullName } from '../registry/hosts';
import type { Way } from '../run/client';
import type { TraceCode } from '../run/codes';
import type { Hop } from '../run/hop';
import type { DestinationRuleSpec } from '../world/istio-types';
import { type Ref, type Resource, refTo } from '../world/resource';
import type { World } from '../world/world';

/** Ends of a call that TLS would have prevented, or another TLS. */
const ABOUT_TLS: ReadonlySet<TraceCode> = new Set(['MESH-T201', 'MESH-T205', 'MESH-T207', 'MESH-T208']);

/**
 * DestinationRules that state TLS and took no part where a call ends for want of it: those of nearly the same host, and those of
 * the host itself that the proxy does not take, with the field that is why.
 */
export function suspectsOf(world: World, { hops }: Way): Ref[] {
  const failed = [...hops].reverse().find(({ failure }) => failure);
  if (!failed?.failure || !ABOUT_TLS.has(failed.failure.code)) return [];
  return hops.filter(isInClear).flatMap((hop) => {
    const [, , , host = ''] = hop.cluster?.split('|') ?? [];
    const [cluster, namespace, name] = hop.at.split('/');
    const mesh = world.meshes.get(cluster);
    if (mesh === undefined) return [];
    const rules = mesh.kind<DestinationRuleSpec>('DestinationRule').filter(statesTls);
    const hostOf = (rule: Resource<DestinationRuleSpec>) =>
      fullName(rule.spec.host ?? '', rule.namespace, mesh.dnsDomain);
    const same = rules.filter((rule) => hostOf(rule) === host);
    const labels = world.workload(cluster, namespace, name)?.labels ?? {};
    if (same.length > 0) return same.map((rule) => notTaken(rule, namespace, labels));
    const meant = nearest(host, new Set(rules.map(hostOf)));
    return rules.filter((rule) => hostOf(rule) === meant).map((rule) => refTo(rule, 'spec.host', `is for ${meant}`));
  });
}

/** A proxy that sends clear text, and no DestinationRule says so. */
const isInClear = ({ sent, refs, role }: Hop): boolean =>
  sent?.tls === 'clear' &&
  role !== 'sidecar inbound' &&
  !refs.some(({ object }) => object.startsWith('DestinationRule '));

function statesTls({ spec: { trafficPolicy } }: Resource<DestinationRuleSpec>): boolean {
  return [trafficPolicy, ...(trafficPolicy?.portLevelSettings ?? [])].some(
    (one) => (one?.tls?.mode ?? 'DISABLE') !== 'DISABLE',
  );
}

/** Why a proxy does not take a rule of the host that it calls. */
function notTaken(rule: Resource<DestinationRuleSpec>, namespace: string, labels: Resource['labels']): Ref {
  const { workloadSelector, exportTo } = rule.spec;
  if (workloadSelector && !selects(workloadSelector.matchLabels, labels)) {
    return refTo(rule, 'spec.workloadSelector', 'selects other pods');
  }
  if (!isSeenIn(viewersOf(exportTo, rule.namespace), namespace)) {
    return refTo(rule, 'spec.exportTo', `is not exported to ${namespace}`);
  }
  return refTo(
    rule,
    'metadata.namespace',
    `is looked for in ${namespace}, where the service is, and in the root namespace`,
  );
}

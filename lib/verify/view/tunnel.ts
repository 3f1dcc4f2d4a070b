import type { MergedRule } from '../scope/destination-rules';
import { type Ref, refTo } from '../world/resource';

/** The request that bytes follow to a proxy, which connects them to a target. */
export interface Tunnel {
  readonly method: 'CONNECT' | 'POST';
  /** `host:port`. */
  readonly target: string;
  readonly ref: Ref;
}

/** Of a subset its own tunnel counts, and none of the rule (`tunnelingconfig.go: Apply`). */
export function tunnelOf(rule: MergedRule | undefined, subset: string): Tunnel | undefined {
  const within = subset ? rule?.spec.subsets?.find(({ name }) => name === subset) : rule?.spec;
  const settings = within?.trafficPolicy?.tunnel;
  if (!rule || !settings) return undefined;
  const { protocol, targetHost = '', targetPort = 0 } = settings;
  const target = `${targetHost.includes(':') ? `[${targetHost}]` : targetHost}:${targetPort}`;
  const field = `${subset ? `spec.subsets[${subset}]` : 'spec'}.trafficPolicy.tunnel`;
  return { method: protocol === 'POST' ? 'POST' : 'CONNECT', target, ref: refTo(rule.rule, field, target) };
}

import type * as istio from '../../imports/istio';
import type { ExposureSummary } from '../facts/fleet';

/** What a gateway asks of calls of an exposure besides their host, method and path; all that is stated must hold. */
export interface CallConditions {
  /** Addresses that connections may come from. */
  readonly ipBlocks?: readonly string[];
  /** Addresses that clients may have, as proxies before the gateway tell. */
  readonly remoteIpBlocks?: readonly string[];
}

/** Who calls, as a certificate says it, and what is called. */
export interface Allowed {
  /** Principals; absent: everybody. */
  readonly principals?: readonly string[];
  readonly to?: readonly istio.RuleTo[];
  readonly when?: readonly istio.Condition[];
}

/** Rules of an ALLOW policy for calls that fulfil some conditions: part of one policy, because ALLOWs add up. */
export function rulesUnder(conditions: CallConditions, { principals, to, when = [] }: Allowed): istio.Rule[] {
  const { ipBlocks, remoteIpBlocks } = conditions;
  const source: istio.Source = {
    ...(principals && { principals }),
    ...(ipBlocks && { ipBlocks }),
    ...(remoteIpBlocks && { remoteIpBlocks }),
  };
  return [
    {
      ...(Object.keys(source).length > 0 && { from: [{ source }] }),
      ...(to && { to }),
      ...(when.length > 0 && { when }),
    },
  ];
}

/** As `dist/fleet.json` holds them. */
export function conditionsSummary({
  ipBlocks,
  remoteIpBlocks,
}: CallConditions = {}): Pick<ExposureSummary, 'conditions'> {
  const conditions = { ...(ipBlocks && { ipBlocks }), ...(remoteIpBlocks && { remoteIpBlocks }) };
  return Object.keys(conditions).length > 0 ? { conditions } : {};
}

import type * as istio from '../../imports/istio';
import type { ExposureSummary } from '../facts/fleet';
import type { JwtRule } from '../trust/jwt-rule';

/** What a gateway asks of calls of an exposure besides their host, method and path; all that is stated must hold. */
export interface CallConditions {
  /** Addresses that connections may come from. */
  readonly ipBlocks?: readonly string[];
  /** Addresses that clients may have, as proxies before the gateway tell. */
  readonly remoteIpBlocks?: readonly string[];
  /** Tokens of which a request must carry one. */
  readonly jwtRules?: readonly JwtRule[];
}

/** Who calls, as a certificate says it, and what is called. */
export interface Allowed {
  /** Principals; absent: everybody. */
  readonly principals?: readonly string[];
  readonly to?: readonly istio.RuleTo[];
  readonly when?: readonly istio.Condition[];
}

/**
 * Rules of an ALLOW policy for calls that fulfil some conditions, one for each token: part of one policy, because ALLOWs
 * add up.
 */
export function rulesUnder(conditions: CallConditions, { principals, to, when = [] }: Allowed): istio.Rule[] {
  const { ipBlocks, remoteIpBlocks, jwtRules } = conditions;
  return (jwtRules ?? [undefined]).map((token) => {
    const source: istio.Source = {
      ...(principals && { principals }),
      ...(ipBlocks && { ipBlocks }),
      ...(remoteIpBlocks && { remoteIpBlocks }),
      ...(token && { requestPrincipals: [`${token.issuer}/*`] }),
    };
    const asked = [...when, ...(token?.conditions() ?? [])];
    return {
      ...(Object.keys(source).length > 0 && { from: [{ source }] }),
      ...(to && { to }),
      ...(asked.length > 0 && { when: asked }),
    };
  });
}

/** As `dist/fleet.json` holds them. */
export function conditionsSummary(conditions: CallConditions = {}): Pick<ExposureSummary, 'conditions'> {
  const { ipBlocks, remoteIpBlocks, jwtRules } = conditions;
  const tokens = jwtRules?.map(({ issuer, audiences }) => ({ issuer, ...(audiences && { audiences }) }));
  const summary = {
    ...(ipBlocks && { ipBlocks }),
    ...(remoteIpBlocks && { remoteIpBlocks }),
    ...(tokens && { tokens }),
  };
  return Object.keys(summary).length > 0 ? { conditions: summary } : {};
}

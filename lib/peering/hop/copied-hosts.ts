import type { HopFacts } from '../../facts/exposure';
import { shadowHost } from '../../facts/shadow-host';

/**
 * Hosts under which copies of requests arrive: a copy has the host of the original, with `-shadow` behind it where the
 * caller's Istio is older than 1.28.
 */
export function copiedHosts({ host: own, mirrorOf = [] }: HopFacts): string[] {
  return mirrorOf.flatMap((host) => (host === own ? [shadowHost(host)] : [host, shadowHost(host)]));
}

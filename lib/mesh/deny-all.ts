import * as istio from '../../imports/istio';
import type { GatewaySite } from './gateway-site';

/**
 * The policy that allows nothing: what an exposure allows is added to it.
 *
 * It belongs to the gateway, not to an exposure: clusters do not sync atomically, so a policy that came and went with
 * the first and last exposure could come after their routes, or go before them, and everybody could call meanwhile.
 */
export function writeDenyAll({ chart, platform, name, namespace, selector }: GatewaySite): void {
  new istio.AuthorizationPolicy(chart, 'AuthorizationPolicy deny-all', {
    apiVersion: platform.apiVersion('AuthorizationPolicy'),
    metadata: { name: `${name}.deny-all`, namespace },
    spec: { selector: { matchLabels: selector } },
  });
}

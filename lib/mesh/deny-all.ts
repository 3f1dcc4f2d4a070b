import * as istio from '../../imports/istio';
import type { GatewayRendering } from './gateway-options';
import type { GatewaySite } from './gateway-site';
import { RbacFilter } from './rbac-filter';

/**
 * What allows nothing: what an exposure allows is added to it. A policy of its own, or the one EnvoyFilter, which is
 * given back.
 *
 * It belongs to the gateway, not to an exposure: clusters do not sync atomically, so a policy that came and went with
 * the first and last exposure could come after their routes, or go before them, and everybody could call meanwhile.
 */
export function denyByDefault(site: GatewaySite, policies: GatewayRendering): RbacFilter | undefined {
  if (policies === 'EnvoyFilter') return new RbacFilter(site);
  const { chart, platform, name, namespace, selector } = site;
  new istio.AuthorizationPolicy(chart, 'AuthorizationPolicy deny-all', {
    apiVersion: platform.apiVersion('AuthorizationPolicy'),
    metadata: { name: `${name}.deny-all`, namespace },
    spec: { selector: { matchLabels: selector } },
  });
  return undefined;
}

import type { LocalityLbSetting } from '../world/istio-types';

/**
 * Groups endpoints by priority: the client's zone, its region, the region that failover names, others
 * (`loadbalancer.ApplyLocalityLoadBalancer`). Only outlier detection makes priorities; without it all are one group.
 */
export function byPriority<E extends { readonly locality: string }>(
  endpoints: readonly E[],
  client: string,
  setting: LocalityLbSetting,
  ejectsOutliers: boolean,
): E[][] {
  if (!ejectsOutliers || setting.enabled === false || setting.distribute?.length) return [[...endpoints]];
  const [region, zone] = client.split('/');
  const successor = setting.failover?.find(({ from }) => from === region)?.to;
  const rank = ({ locality }: E): number => {
    const [itsRegion, itsZone] = locality.split('/');
    if (itsRegion === region) return itsZone === zone ? 0 : 1;
    return successor === undefined || successor === itsRegion ? 2 : 3;
  };
  const groups = [0, 1, 2, 3].map((wanted) => endpoints.filter((endpoint) => rank(endpoint) === wanted));
  return groups.filter((group) => group.length > 0);
}

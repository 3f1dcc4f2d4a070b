import { type Labels, selects } from '../../facts/labels';
import { push } from '../../facts/memo';
import type { GatewaySpec } from '../world/istio-types';
import { type ClusterInput, type Found, objectsOf } from './objects';

/** A Route of OpenShift, as far as rules read it. */
interface RouteSpec {
  readonly host?: string;
  readonly to?: { readonly name?: string };
  readonly tls?: { readonly termination?: string };
  readonly wildcardPolicy?: string;
}

/** A Route, and the Gateways of the pods that its Service leads to. */
export interface RoutedGateways {
  readonly route: Found<RouteSpec>;
  readonly gateways: readonly Found<GatewaySpec>[];
}

/** All Routes whose Service is among the manifests and selects pods. */
export function routedGateways(input: ClusterInput): RoutedGateways[] {
  const selectors = new Map(
    objectsOf<{ readonly selector?: Labels }>(input, 'Service', '').map(({ cluster, namespace, name, spec }) => [
      `${cluster}/${namespace}/${name}`,
      spec.selector,
    ]),
  );
  const all = new Map<string, Found<GatewaySpec>[]>();
  for (const one of objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io')) push(all, one.cluster, one);
  return objectsOf<RouteSpec>(input, 'Route', 'route.openshift.io').flatMap((route) => {
    const { cluster, namespace, spec } = route;
    const selector = selectors.get(`${cluster}/${namespace}/${spec.to?.name ?? ''}`);
    if (!selector) return [];
    const gateways = (all.get(cluster) ?? []).filter((one) => selects(one.spec.selector, selector));
    return [{ route, gateways }];
  });
}

import { objectsOf } from '../objects/objects';
import { writtenByHand } from '../objects/written-by-hand';
import { gatewayName } from '../registry/hosts';
import { at, type ClusterRule } from '../rule';
import type { VirtualServiceSpec } from '../world/istio-types';

/** A VirtualService for a Gateway that is not among the manifests, while others of the cluster are: MESH3073 names namesakes. */
export const unknownGateway: ClusterRule = {
  code: 'MESH3082',
  severity: 'warning',
  scope: 'cluster',
  title: 'route of a Gateway that no manifest holds',
  why: 'istiod gives the routes to no proxy: a gateway without them answers 404, or closes the port; unless the Gateway is applied from elsewhere',
  fix: 'correct the name, <namespace>/<name>, or add the Gateway to the manifests',
  reads: ['Gateway', 'VirtualService'],
  check: (input) => {
    const isByHand = writtenByHand(input);
    const gateways = new Map<string, Set<string>>();
    for (const { cluster, namespace, name } of objectsOf(input, 'Gateway', 'networking.istio.io')) {
      const here = gateways.get(cluster) ?? new Set<string>();
      gateways.set(cluster, here.add(`${namespace}/${name}`));
    }
    return objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io')
      .filter(isByHand)
      .flatMap((route) =>
        (route.spec.gateways ?? []).flatMap((named, index) => {
          const name = gatewayName(named, route.namespace);
          const here = gateways.get(route.cluster);
          if (named === 'mesh' || here === undefined || here.has(name)) return [];
          const hasNamesake = [...here].some((one) => one.split('/')[1] === name.split('/')[1]);
          if (hasNamesake) return [];
          const known = [...here].sort().slice(0, 5).join(', ');
          return [
            {
              objects: [at(route.ref, `spec.gateways[${index}]`)],
              message: `${route.ref} names Gateway '${named}', and no manifest of ${route.cluster} holds ${name}; there are ${known}${here.size > 5 ? ` and ${here.size - 5} more` : ''}`,
            },
          ];
        }),
      );
  },
};

import { destinationsOf } from '../objects/destinations';
import { fullName, isWildcard } from '../registry/hosts';
import type { ServiceEntrySpec, VirtualServiceSpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import type { Resource } from '../world/resource';
import type { World } from '../world/world';

/**
 * Hosts that callers of each cluster dial to leave it, or to go through a gateway. What only routes of gateways lead to is
 * dialled by nobody, and a route from Service to Service stays inside.
 */
export function dialledHosts({ meshes }: World): Map<string, ReadonlySet<string>> {
  return new Map(
    [...meshes].map(([cluster, mesh]) => {
      const leadsAway = waysOutOf(mesh);
      const routes = mesh.kind<VirtualServiceSpec>('VirtualService');
      const isOfMesh = ({ spec: { gateways = [] } }: Resource<VirtualServiceSpec>) =>
        gateways.length === 0 || gateways.includes('mesh');
      const routed = routes
        .filter((one) => isOfMesh(one) && leadsAway(one))
        .flatMap(({ spec: { hosts = [] }, namespace }) =>
          hosts.map((host) => fullName(host, namespace, mesh.dnsDomain)),
        );
      const behind = new Set(
        routes
          .filter((one) => !isOfMesh(one))
          .flatMap(({ spec, namespace }) =>
            destinationsOf(spec).map(({ destination }) => fullName(destination.host ?? '', namespace, mesh.dnsDomain)),
          ),
      );
      const stated = mesh.kind<ServiceEntrySpec>('ServiceEntry').flatMap(({ spec: { hosts = [] } }) => [...hosts]);
      const all = [...routed, ...stated.filter((host) => !behind.has(host))];
      return [cluster, new Set(all.filter((host) => !isWildcard(host)))] as const;
    }),
  );
}

/** Whether a VirtualService leads to a gateway, or to what is no Service of the cluster. */
function waysOutOf(mesh: Mesh): (route: Resource<VirtualServiceSpec>) => boolean {
  const gateways = new Set(mesh.workloads.filter(({ proxy }) => proxy === 'gateway').map(({ namespace }) => namespace));
  return ({ spec, namespace: own }) =>
    destinationsOf(spec).some(({ destination }) => {
      const [name, namespace = ''] = fullName(destination.host ?? '', own, mesh.dnsDomain).split('.');
      return gateways.has(namespace) || mesh.find('Service', namespace, name) === undefined;
    });
}

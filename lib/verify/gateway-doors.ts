import { destinationsOf, type PlacedDestination } from './destinations';
import { push } from './memo';
import { type Found, objectsOf, type RuleInput } from './objects';
import { Planes } from './planes';
import { fullName, gatewayName } from './registry/hosts';
import { type StatedGateway, statedGateways } from './stated-ways';
import type { GatewaySpec, VirtualServiceSpec } from './world/istio-types';
import { selects } from './world/resource';

/** A Gateway of pods through which peerings lead, whoever wrote it, and the VirtualServices that name it. */
export interface GatewayDoor {
  readonly stated: StatedGateway;
  readonly gateway: Found<GatewaySpec>;
  readonly routes: readonly Bound[];
}

/** A VirtualService at a gateway, with full names of hosts. */
export interface Bound {
  readonly route: Found<VirtualServiceSpec>;
  readonly hosts: readonly string[];
  readonly destinations: readonly { readonly host: string; readonly place: PlacedDestination }[];
}

/** All Gateways of pods through which peerings lead. */
export const gatewayDoors = (input: RuleInput): readonly GatewayDoor[] =>
  input.kinds.once('gatewayDoors', () => findDoors(input));

function findDoors(input: RuleInput): GatewayDoor[] {
  const all = statedGateways(input);
  if (all.length === 0) return [];
  const planes = new Planes(input.facts);
  const gateways = byPlane(objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io'), planes);
  const routes = byPlane(objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io'), planes);
  const bound = new Map([...routes].map(([plane, some]) => [plane, routesBy(some, planes)]));
  return all.flatMap((stated) => {
    const plane = planes.of({ cluster: stated.mesh.cluster, namespace: stated.gateway.namespace });
    return (gateways.get(plane) ?? [])
      .filter(({ spec }) => selects(spec.selector, stated.gateway.selector))
      .map((gateway) => ({
        ...{ stated, gateway },
        routes: bound.get(plane)?.get(`${gateway.namespace}/${gateway.name}`) ?? [],
      }));
  });
}

function byPlane<T extends { readonly cluster: string; readonly namespace: string }>(
  all: readonly T[],
  planes: Planes,
) {
  const found = new Map<string, T[]>();
  for (const one of all) push(found, planes.of(one), one);
  return found;
}

/** VirtualServices by the Gateways that they name, `<namespace>/<name>`. */
function routesBy(routes: readonly Found<VirtualServiceSpec>[], planes: Planes): Map<string, Bound[]> {
  const found = new Map<string, Bound[]>();
  for (const route of routes) {
    const domain = planes.domainOf(route.cluster);
    const { hosts = [], gateways = [] } = route.spec;
    const bound = {
      route,
      hosts: hosts.map((host) => fullName(host, route.namespace, domain)),
      destinations: destinationsOf(route.spec).map((place) => ({
        host: fullName(place.destination.host ?? '', route.namespace, domain),
        place,
      })),
    };
    const names = gateways.filter((name) => name !== 'mesh').map((name) => gatewayName(name, route.namespace));
    for (const name of new Set(names)) push(found, name, bound);
  }
  return found;
}

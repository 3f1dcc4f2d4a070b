import { destinationField, destinationsOf, type PlacedDestination } from '../destinations';
import { push } from '../memo';
import { type Found, objectsOf } from '../objects';
import { Planes } from '../planes';
import { fullName, gatewayName, hostsMatch, splitHost } from '../registry/hosts';
import { at, type Problem, type Rule } from '../rule';
import { isStated, leadsTo, type StatedGateway, statedGateways } from '../stated-ways';
import type { GatewaySpec, ServerSpec, VirtualServiceSpec } from '../world/istio-types';
import { selects } from '../world/resource';

type Gateway = Found<GatewaySpec>;
type Route = Found<VirtualServiceSpec>;

/** A host or route at a gateway of peerings that none of them states: its callers pass, and nothing lists them. */
export const unstatedWay: Rule = {
  code: 'MESH3113',
  severity: 'warning',
  title: 'way through a gateway of peerings that none of them states',
  why: 'calls pass a gateway whose callers peerings state, to where none of them leads: no peering, contract or list of exposures shows it',
  fix: 'expose the service by a peering, or give these calls a gateway of their own; accept the finding if it is meant',
  reads: ['DestinationRule', 'Gateway', 'VirtualService'],
  check: (input) => {
    const stated = statedGateways(input);
    if (stated.length === 0) return [];
    const planes = new Planes(input.facts);
    const gateways = byPlane(objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io'), planes);
    const routes = byPlane(objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io'), planes);
    const exposed = exposedHosts(stated);
    return stated.flatMap((one) => {
      const plane = planes.of({ cluster: one.mesh.cluster, namespace: one.gateway.namespace });
      const here = (gateways.get(plane) ?? []).filter(({ spec }) => selects(spec.selector, one.gateway.selector));
      const bound = routesBy(routes.get(plane) ?? [], planes);
      const seen = here.map((gateway) => ({
        gateway,
        routes: bound.get(`${gateway.namespace}/${gateway.name}`) ?? [],
      }));
      return seen.flatMap(({ gateway, routes: own }) => [
        ...unstatedHosts(one, gateway, own, exposed.get(one.mesh.name) ?? new Set()),
        ...unstatedRoutes(one, gateway, own),
      ]);
    });
  },
};

function byPlane<T extends { readonly cluster: string; readonly namespace: string }>(
  all: readonly T[],
  planes: Planes,
) {
  const found = new Map<string, T[]>();
  for (const one of all) push(found, planes.of(one), one);
  return found;
}

/** A route of a VirtualService at a gateway. */
interface Bound {
  readonly route: Route;
  readonly hosts: readonly string[];
  readonly destinations: readonly { readonly host: string; readonly place: PlacedDestination }[];
}

/** VirtualServices by the Gateways that they name, `<namespace>/<name>`. */
function routesBy(routes: readonly Route[], planes: Planes): Map<string, Bound[]> {
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

/** Services that peerings expose, by mesh. */
function exposedHosts(stated: readonly StatedGateway[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { mesh, ways } of stated) {
    const hosts = found.get(mesh.name) ?? new Set<string>();
    found.set(mesh.name, hosts);
    for (const way of ways) if (way.leadsTo !== undefined) hosts.add(way.leadsTo);
  }
  return found;
}

const placeOf = ({ mesh, gateway }: StatedGateway): string =>
  `gateway ${gateway.namespace}/${gateway.name} of ${mesh.name}`;

/** Servers for hosts that nobody states: at a gateway of peerings alone any, at others those that lead to what is exposed. */
function unstatedHosts(
  one: StatedGateway,
  gateway: Gateway,
  routes: readonly Bound[],
  exposed: ReadonlySet<string>,
): Problem[] {
  return (gateway.spec.servers ?? []).flatMap((server, index) =>
    (server.hosts ?? []).flatMap((named, place): Problem[] => {
      const { host } = splitHost(named);
      if (server.tls?.httpsRedirect || isStated(one, host, server.port.number)) return [];
      const leading = routes.filter(({ hosts }) => hosts.some((other) => hostsMatch(other, host)));
      const goals = leading.flatMap(({ destinations }) => destinations.map((destination) => destination.host));
      const isOpen = server.tls?.mode === 'AUTO_PASSTHROUGH' || one.isPrivate;
      const shown = isOpen ? goals : goals.filter((goal) => exposed.has(goal));
      if (!isOpen && shown.length === 0) return [];
      return [
        {
          objects: [
            at(gateway.ref, `spec.servers[${index}].hosts[${place}]`),
            ...leading.map(({ route }) => at(route.ref, 'spec.hosts')),
          ],
          message: `${gateway.ref} takes calls for '${host}' on port ${server.port.number} of ${placeOf(one)}, and no peering states it${goalsOf(server, shown)}`,
        },
      ];
    }),
  );
}

function goalsOf({ tls }: ServerSpec, goals: readonly string[]): string {
  if (tls?.mode === 'AUTO_PASSTHROUGH') return '; it leads to every service of the mesh that the host covers';
  const all = [...new Set(goals)].sort();
  return all.length === 0 ? '' : `; it leads to ${all.join(', ')}`;
}

/** Routes of hosts that are stated to what they are not stated to lead to. */
function unstatedRoutes(one: StatedGateway, gateway: Gateway, routes: readonly Bound[]): Problem[] {
  return routes.flatMap(({ route, hosts, destinations }) =>
    hosts.flatMap((host): Problem[] => {
      const known = leadsTo(one, host);
      const others = known ? destinations.filter((destination) => !known.has(destination.host)) : [];
      if (others.length === 0) return [];
      return [
        {
          objects: others.map(({ place }) => at(route.ref, destinationField(place, 'host'))),
          message: `${route.ref} leads calls for '${host}' at ${placeOf(one)} to ${[...new Set(others.map((other) => other.host))].sort().join(', ')}, and no peering states it (${gateway.ref})`,
        },
      ];
    }),
  );
}

import { hostsMatch, intersection, splitHost } from '../registry/hosts';
import { at, type Problem, type Rule } from '../rule';
import { type GatewayDoor, gatewayDoors } from '../stated/gateway-doors';
import { isStated, leadsTo, nameOf } from '../stated/ways';
import type { ServerSpec } from '../world/istio-types';

/** A host or route at a gateway of peerings that none of them states: its callers pass, and nothing lists them. */
export const unstatedWay: Rule = {
  code: 'MESH3113',
  severity: 'warning',
  title: 'way through a gateway of peerings that none of them states',
  why: 'calls pass a gateway whose callers peerings state, to where none of them leads: no peering, contract or list of exposures shows it',
  fix: 'expose the service by a peering, or give these calls a gateway of their own; accept the finding if it is meant',
  reads: ['Deployment', 'DestinationRule', 'Gateway', 'VirtualService'],
  check: (input) => {
    const doors = gatewayDoors(input);
    const exposed = exposedHosts(doors);
    return doors.flatMap((door) => [
      ...unstatedHosts(door, exposed.get(door.stated.mesh.name) ?? new Set()),
      ...unstatedRoutes(door),
    ]);
  },
};

/** Services that peerings expose, by mesh. */
function exposedHosts(doors: readonly GatewayDoor[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { stated } of doors) {
    const { mesh, ways } = stated;
    const hosts = found.get(mesh.name) ?? new Set<string>();
    found.set(mesh.name, hosts);
    // what an egress gateway leads to is a host of its own
    for (const { host, leadsTo: server = host } of ways) if (server !== undefined) hosts.add(server);
  }
  return found;
}

/** Servers for hosts that nobody states: at a gateway of peerings alone any, at others those that lead to what is exposed. */
function unstatedHosts({ stated: one, gateway, routes }: GatewayDoor, exposed: ReadonlySet<string>): Problem[] {
  if (!one.knowsHosts) return [];
  return (gateway.spec.servers ?? []).flatMap((server, index) =>
    (server.hosts ?? []).flatMap((named, place): Problem[] => {
      const { host } = splitHost(named);
      if (server.tls?.httpsRedirect || isStated(one, host, server.port.number)) return [];
      // what a server for all hosts leads on, its VirtualServices say
      const isUnstated = (other: string) =>
        intersection([host], [other]).some((narrow) => !isStated(one, narrow, server.port.number));
      const meant = routes.filter(({ hosts }) => hosts.some((other) => hostsMatch(other, host)));
      const leading = meant.filter(({ hosts }) => hosts.some(isUnstated));
      if (meant.length > 0 && leading.length === 0) return [];
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
          message: `${gateway.ref} takes calls for '${host}' on port ${server.port.number} of ${nameOf(one)}, and no peering states it${goalsOf(server, shown)}`,
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
function unstatedRoutes({ stated: one, gateway, routes }: GatewayDoor): Problem[] {
  return routes.flatMap(({ route, hosts, destinations }) =>
    hosts.flatMap((host): Problem[] => {
      const known = leadsTo(one, host);
      const others = known ? destinations.filter((destination) => !known.has(destination.host)) : [];
      if (others.length === 0) return [];
      return [
        {
          objects: others.map(({ field }) => at(route.ref, field)),
          message: `${route.ref} leads calls for '${host}' at ${nameOf(one)} to ${[...new Set(others.map((other) => other.host))].sort().join(', ')}, and no peering states it (${gateway.ref})`,
        },
      ];
    }),
  );
}

import { type Bound, type GatewayDoor, gatewayDoors } from '../gateway-doors';
import { hostsMatch } from '../registry/hosts';
import { at, type Problem, type Rule } from '../rule';
import { nameOf, type StatedWay } from '../stated-ways';
import type { HttpRoute } from '../world/istio-types';

/**
 * A route that leads calls of an exposure to the exposed service and asks it something else: policies of the gateway look at
 * the path before it is rewritten.
 */
export const rewrittenExposure: Rule = {
  code: 'MESH3118',
  severity: 'warning',
  title: 'route that changes what an exposed service is asked',
  why: 'the gateway allows a call by the path that it was made with, and the service gets another one: what access rules deny is served under a path that they allow, or calls get 404',
  fix: 'leave the rewrite out, or expose the service by a peering that states those paths; accept the finding if it is meant',
  reads: ['Gateway', 'VirtualService'],
  check: (input) => gatewayDoors(input).flatMap((door) => door.routes.flatMap((bound) => rewritesIn(door, bound))),
};

function rewritesIn(door: GatewayDoor, { route, hosts, destinations }: Bound): Problem[] {
  const { stated, gateway } = door;
  return hosts.flatMap((host): Problem[] => {
    const ways = stated.ways.filter((way) => hostsMatch(way.host, host));
    return (route.spec.http ?? []).flatMap((rule, index): Problem[] => {
      const { rewrite } = rule;
      const goals = destinations.flatMap(({ host: goal, place }) =>
        place.block === 'http' && place.rule === index ? [goal] : [],
      );
      const way = ways.find(({ leadsTo }) => leadsTo !== undefined && goals.includes(leadsTo));
      if (!rewrite || !way || isStatedRewrite(rule, ways, goals)) return [];
      const what = [rewrite.uri ?? rewrite.uriRegexRewrite?.rewrite, rewrite.authority].filter(
        (one) => one !== undefined,
      );
      return [
        {
          objects: [at(route.ref, `spec.http[${index}].rewrite`)],
          message: `${route.ref} rewrites calls for '${host}' at ${nameOf(stated)} to ${what.map((one) => `'${one}'`).join(' of ')} before they reach ${way.leadsTo}, and no exposure states it (${gateway.ref})`,
        },
      ];
    });
  });
}

/** What the two sides of a peering agree on: a prefix that tells exposures apart goes, and the authority is the server's own. */
function isStatedRewrite(
  { match = [], rewrite = {} }: HttpRoute,
  ways: readonly StatedWay[],
  goals: readonly string[],
): boolean {
  const { uri, authority, uriRegexRewrite } = rewrite;
  if (uriRegexRewrite !== undefined) return false;
  if (authority !== undefined && !goals.includes(authority)) return false;
  if (uri === undefined) return true;
  const own = ways.filter(({ leadsTo }) => leadsTo !== undefined && goals.includes(leadsTo));
  return uri === '/' && match.length > 0 && match.every((one) => own.some(({ prefix }) => one.uri?.prefix === prefix));
}

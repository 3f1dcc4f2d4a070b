import type * as istio from '../../imports/istio';
import { pathMatch } from '../facts/names';
import type { Protocol } from '../facts/port';
import type { MeshService } from '../facts/service';
import type { Rule, Weighted } from './rule';
import { callersOf, sourceMatches } from './rule-callers';

/**
 * Rules in the section of the VirtualService that is about what flows through the port.
 *
 * @param isOnlyPort whether the host has no other port, of which the rules would have to be kept apart.
 */
export function routes(
  rules: readonly Rule<Protocol>[],
  { host, port: { protocol, number } }: MeshService,
  isOnlyPort: boolean,
): Pick<istio.VirtualServiceSpec, 'http' | 'tcp' | 'tls'> {
  switch (protocol) {
    case 'tls':
      return { tls: rules.map((rule) => streamRoute(rule, { port: number, sniHosts: [host] })) };
    case 'tcp':
      return { tcp: rules.map((rule) => streamRoute(rule, { port: number })) };
    default:
      return { http: rules.map((rule) => httpRoute(rule, isOnlyPort ? {} : { port: number })) };
  }
}

function httpRoute(rule: Rule<Protocol>, byPort: { readonly port?: number }): istio.HTTPRoute {
  const byPath = (rule.paths ?? [undefined]).map((path) => (path === undefined ? {} : { uri: pathMatch(path) }));
  const match: istio.HTTPMatchRequest[] = byPath.flatMap((path) =>
    sourceMatches(callersOf(rule)).map((source) => ({ ...byPort, ...path, ...source })),
  );
  const matchesAll = match.length === 1 && Object.keys(match[0]).length === 0;
  if (rule.destinations.length === 0) return { ...(!matchesAll && { match }), directResponse: { status: 403 } };
  const isSplit = rule.destinations.length > 1;
  return {
    ...(!matchesAll && { match }),
    route: rule.destinations.map((destination) => routeDestination(destination, isSplit)),
  };
}

/**
 * One destination. The authority is set per destination, not per rule: in a split, a local and a remote one need
 * different ones. A rule's destination does not pass through that host's own VirtualService, so it is the next hop.
 */
function routeDestination({ weight, to }: Weighted<Protocol>, isSplit: boolean): istio.HTTPRouteDestination {
  const { host, port, subset, authority } = to.nextHop;
  return {
    destination: { host, port: { number: port }, ...(subset !== undefined && { subset }) },
    ...(isSplit && { weight }),
    ...(authority !== undefined && { headers: { request: { set: { ':authority': authority } } } }),
  };
}

/** A route of bytes, or of an application's TLS, by what its match says beside the callers. */
function streamRoute<M extends object>(rule: Rule<Protocol>, match: M) {
  const { destinations } = rule;
  return {
    match: sourceMatches(callersOf(rule)).map((source) => ({ ...match, ...source })),
    route: destinations.map(({ weight, to: { nextHop } }) => ({
      destination: {
        host: nextHop.host,
        port: { number: nextHop.port },
        ...(nextHop.subset !== undefined && { subset: nextHop.subset }),
      },
      ...(destinations.length > 1 && { weight }),
    })),
  };
}

import type * as istio from '../../imports/istio';
import { isHttp, type Protocol } from '../facts/port';
import { renderRedirect } from './redirect';
import { renderOptions } from './request-options';
import type { Rule, Weighted } from './rule';
import { callersOf, type SourceMatch, sourceMatches } from './rule-callers';
import type { StringMatch } from './string-match';

/** What rules are about, as routes need it. */
export interface RoutedPort {
  /** What is dialled, and what the application's TLS names where a rule does not say it. */
  readonly host: string;
  /** Port that is meant where a rule does not say it. */
  readonly port?: { readonly number: number; readonly protocol: Protocol };
  /** Whether the host has no other port, of which the rules would have to be kept apart. */
  readonly isOnlyPort: boolean;
  /** What every match says besides: where one VirtualService is for gateways, too. */
  readonly match?: { readonly gateways: string[]; readonly port: number };
}

/** The sections of a VirtualService. */
export type Routes = Pick<istio.VirtualServiceSpec, 'http' | 'tcp' | 'tls'>;

/** Rules in the sections of the VirtualService that are about what flows through their ports. */
export function routes(rules: readonly Rule<Protocol>[], routed: RoutedPort): Routes {
  const at = (fits: (protocol: Protocol) => boolean) =>
    rules.flatMap((rule) => {
      const port = rule.calls.port ?? routed.port;
      return port !== undefined && fits(port.protocol) ? [{ rule, port: port.number }] : [];
    });
  const http = at(isHttp).map(({ rule, port }) => httpRoute(rule, routed.match ?? (routed.isOnlyPort ? {} : { port })));
  const tcp = at((protocol) => protocol === 'tcp').map(({ rule, port }) =>
    streamRoute(rule, [{ port, ...routed.match }]),
  );
  const tls = at((protocol) => protocol === 'tls').map(({ rule, port }) =>
    // a match for each name: of equal matches istiod takes the first, of overlapping lists Envoy refuses the listener
    streamRoute(
      rule,
      (rule.calls.sniHosts ?? [routed.host]).map((host) => ({ port, ...routed.match, sniHosts: [host] })),
    ),
  );
  return {
    ...(http.length > 0 && { http }),
    ...(tcp.length > 0 && { tcp }),
    ...(tls.length > 0 && { tls }),
  };
}

function httpRoute(rule: Rule<Protocol>, besides: istio.HTTPMatchRequest): istio.HTTPRoute {
  const { calls, destinations, redirect, options } = rule;
  const match = sourceMatches(callersOf(rule));
  const matches = requestMatches(rule).flatMap((one) => match.map((source) => ({ ...besides, ...one, ...source })));
  const matchesAll = matches.length === 1 && Object.keys(matches[0]).length === 0;
  const what = { ...(!matchesAll && { match: matches }) };
  if (redirect !== undefined) return { ...what, redirect: renderRedirect(redirect, 'Rule') };
  if (destinations.length === 0) return { ...what, directResponse: { status: 403 } };
  const isSplit = destinations.length > 1;
  return {
    ...what,
    ...renderOptions(options, calls, 'Rule'),
    route: destinations.map((destination) => routeDestination(destination, isSplit)),
  };
}

/** Of every list one entry: what stands in one match must hold together. */
function requestMatches({ calls }: Rule<Protocol>): istio.HTTPMatchRequest[] {
  const { paths = [undefined], methods = [undefined], headers, query } = calls;
  const render = (conditions: Readonly<Record<string, StringMatch>>) =>
    Object.fromEntries(Object.entries(conditions).map(([name, value]) => [name, value.render()]));
  return paths.flatMap((path) =>
    methods.map((method) => ({
      ...(path && { uri: path.render() }),
      ...(method !== undefined && { method: { exact: method } }),
      ...(headers && { headers: render(headers) }),
      ...(query && { queryParams: render(query) }),
    })),
  );
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

/** A route of bytes, or of an application's TLS, by what its matches say beside the callers. */
function streamRoute<M extends object>(rule: Rule<Protocol>, matches: readonly M[]) {
  const { destinations } = rule;
  const sources: SourceMatch[] = sourceMatches(callersOf(rule));
  return {
    match: matches.flatMap((match) => sources.map((source) => ({ ...match, ...source }))),
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

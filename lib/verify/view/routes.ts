import { type Labels, selects } from '../../facts/labels';
import type { Service } from '../registry/service';
import type { VirtualService, WrittenRoute } from '../scope/virtual-service';
import type { Destination, HeaderOperations, HttpMatch, HttpRoute, StringMatch } from '../world/istio-types';
import { refTo } from '../world/resource';
import type { PathMatch, Route, Weighted } from './types';

/** Who the routes are for. */
export interface RouteClient {
  readonly namespace: string;
  readonly labels: Labels;
}

export const clusterName = (host: string, port: number, subset = ''): string => `outbound|${port}|${subset}|${host}`;

/** The cluster of a destination (`route.GetDestinationCluster`). */
export function destinationCluster(
  to: Destination | undefined,
  service: Service | undefined,
  listenerPort: number,
): string {
  if (!to?.host) return 'UnknownService';
  const host = service?.externalName ?? to.host;
  const only = service?.ports.length === 1 ? service.ports[0].port : listenerPort;
  return clusterName(host, to.port ? (to.port.number ?? 0) : only, to.subset);
}

/** Routes of a VirtualService for one proxy, port and gateway (`route.BuildHTTPRoutesForVirtualService`). */
export function virtualServiceRoutes(
  service: VirtualService,
  client: RouteClient,
  port: number,
  gateways: readonly string[],
  lookup: (host: string) => Service | undefined,
): Route[] {
  const routes: Route[] = [];
  for (const written of service.http) {
    const { match: matches = [] } = written.route;
    if (matches.length === 0) return [...routes, translate(written, undefined, -1, port, lookup)];
    for (const [index, match] of matches.entries()) {
      if (!applies(match, client, port, gateways)) continue;
      const route = translate(written, match, index, port, lookup);
      routes.push(route);
      if (route.isCatchAll) return routes;
    }
  }
  return routes;
}

/** `route.sourceMatchHTTP`: a match that names gateways is not asked for labels and namespace. */
function applies(match: HttpMatch, client: RouteClient, port: number, gateways: readonly string[]): boolean {
  if (match.port && match.port !== port) return false;
  if (match.gateways?.length) return match.gateways.some((one) => gateways.includes(one));
  if (match.sourceNamespace && match.sourceNamespace !== client.namespace) return false;
  return selects(match.sourceLabels, client.labels);
}

function translate(
  { route: rule, from, field }: WrittenRoute,
  match: HttpMatch | undefined,
  index: number,
  port: number,
  lookup: (host: string) => Service | undefined,
): Route {
  const path = pathOf(match?.uri);
  const common = {
    path,
    rule,
    ...(match ? { match } : {}),
    isCatchAll: isCatchAll(match, path),
    refs: [refTo(from, index < 0 ? field : `${field}.match[${index}]`)],
  };
  const abort = rule.fault?.abort;
  const fault = abort?.httpStatus && (abort.percentage?.value ?? 100) >= 100 ? { abortStatus: abort.httpStatus } : {};
  if (rule.redirect) return { redirectStatus: rule.redirect.redirectCode ?? 301, ...common, ...fault };
  if (rule.directResponse) return { directStatus: rule.directResponse.status, ...common, ...fault };
  const authority = authorityOf(rule);
  return { clusters: clustersOf(rule, port, lookup), ...common, ...fault, ...(authority ? { authority } : {}) };
}

function clustersOf(
  { route = [] }: HttpRoute,
  port: number,
  lookup: (host: string) => Service | undefined,
): Weighted[] {
  const all = route.map(({ destination, weight = 0, headers }) => ({
    cluster: destinationCluster(destination, lookup(destination?.host), port),
    weight: route.length === 1 ? 1 : weight,
    ...(headers?.request ? { headers: headers.request } : {}),
  }));
  return all.filter(({ weight }) => weight > 0);
}

function pathOf(uri: StringMatch | undefined): PathMatch {
  if (uri?.exact !== undefined) return { kind: 'exact', value: uri.exact };
  if (uri?.prefix !== undefined) return { kind: 'prefix', value: uri.prefix };
  if (uri?.regex !== undefined) return { kind: 'regex', value: uri.regex };
  return { kind: 'prefix', value: '/' };
}

/** Whether nothing after the route can be reached (`route.IsCatchAllRoute`). */
function isCatchAll(match: HttpMatch | undefined, { kind, value }: PathMatch): boolean {
  const all = (kind === 'prefix' && value === '/') || (kind === 'regex' && value === '.*');
  if (!match) return all;
  const { headers, withoutHeaders, queryParams, method, authority, scheme } = match;
  const maps = [headers, withoutHeaders, queryParams].some((map) => Object.keys(map ?? {}).length > 0);
  return all && !maps && !method && !authority && !scheme;
}

/** The host that a rule sends on: `rewrite.authority`, else a header operation. */
function authorityOf(rule: HttpRoute): string | undefined {
  const only = rule.route?.length === 1 ? rule.route[0].headers?.request : undefined;
  return rule.rewrite?.authority || hostIn(rule.headers?.request) || hostIn(only);
}

/** Value that header operations give the host. */
export function hostIn(operations: HeaderOperations | undefined): string | undefined {
  for (const map of [operations?.set, operations?.add]) {
    if (map === undefined) continue;
    for (const [name, value] of Object.entries(map)) if (/^(:authority|host)$/i.test(name)) return value;
  }
  return undefined;
}

import { fullName, gatewayName } from '../registry/hosts';
import type { Destination, HttpRoute, L4Route, RouteDestination, VirtualServiceSpec } from '../world/istio-types';
import type { Resource } from '../world/resource';

/** An HTTP route with the object and field it was written in: a delegate's are its own. */
export interface WrittenRoute {
  readonly route: HttpRoute;
  readonly from: Resource;
  readonly field: string;
}

/** A VirtualService with full names (`model.ResolveVirtualServiceShortnames`). */
export interface VirtualService {
  readonly from: Resource<VirtualServiceSpec>;
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  /** `mesh`, or `namespace/name`. */
  readonly gateways: readonly string[];
  /** Namespaces by name; `*` is everywhere. */
  readonly exportTo: readonly string[];
  readonly http: readonly WrittenRoute[];
  readonly tcp: readonly L4Route[];
  readonly tls: readonly L4Route[];
}

/** Resolves short names and defaults. */
export function resolveVirtualService(
  from: Resource<VirtualServiceSpec>,
  defaultExportTo: readonly string[],
  dnsDomain: string,
): VirtualService {
  const { name, namespace, spec } = from;
  const exportTo = spec.exportTo?.length ? spec.exportTo : defaultExportTo;
  const destination = (to: Destination): Destination => {
    const host = fullName(to.host, namespace, dnsDomain);
    return host === to.host ? to : { ...to, host };
  };
  const gateways = (names: readonly string[]) => names.map((one) => gatewayName(one, namespace));
  const resolved = <Route extends HttpRoute | L4Route>(route: Route): Route => {
    const match = route.match?.some((one) => one.gateways)
      ? route.match.map((one) => (one.gateways ? { ...one, gateways: gateways(one.gateways) } : one))
      : route.match;
    const to = route.route?.map((one) => withDestination(one, destination));
    const isSame = match === route.match && (to ?? []).every((one, index) => one === route.route?.[index]);
    return isSame ? route : { ...route, ...(match && { match }), ...(to && { route: to }) };
  };
  return {
    from,
    name,
    namespace,
    hosts: (spec.hosts ?? []).map((host) => fullName(host, namespace, dnsDomain)),
    gateways: spec.gateways?.length ? gateways(spec.gateways) : ['mesh'],
    exportTo: exportTo.map((one) => (one === '.' ? namespace : one)),
    http: (spec.http ?? []).map((one, index) => {
      const { mirror, mirrors } = one;
      const mirrored = {
        ...(mirror ? { mirror: destination(mirror) } : {}),
        ...(mirrors ? { mirrors: mirrors.map((to) => ({ ...to, destination: destination(to.destination) })) } : {}),
      };
      const route = mirror || mirrors ? { ...resolved(one), ...mirrored } : resolved(one);
      return { route, from, field: `spec.http[${index}]` };
    }),
    tcp: (spec.tcp ?? []).map(resolved),
    tls: (spec.tls ?? []).map(resolved),
  };
}

function withDestination(to: RouteDestination, resolve: (to: Destination) => Destination): RouteDestination {
  const destination = to.destination && resolve(to.destination);
  return destination === to.destination ? to : { ...to, ...(destination && { destination }) };
}

/**
 * Hosts that a VirtualService sends to, with the ports it names (0: none named), as far as routes apply to callers of a
 * namespace (`sidecar.go: virtualServiceDestinationsFilteredBySourceNamespace`).
 */
export function destinationsOf(service: VirtualService, callers: string): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  const add = (to: Destination | undefined) => {
    if (!to) return;
    const ports = found.get(to.host) ?? new Set<number>();
    found.set(to.host, ports.add(to.port?.number ?? 0));
  };
  for (const { route } of service.http) {
    if (!appliesTo(route, callers)) continue;
    for (const one of route.route ?? []) add(one.destination);
    add(route.mirror);
    for (const one of route.mirrors ?? []) add(one.destination);
  }
  for (const route of [...service.tcp, ...service.tls]) for (const one of route.route ?? []) add(one.destination);
  return found;
}

/** Whether some match lets callers of the namespace in; a route whose matches name no namespace does. */
function appliesTo({ match = [] }: HttpRoute, callers: string): boolean {
  const named = match.filter(({ sourceNamespace }) => sourceNamespace);
  return named.length === 0 || named.some(({ sourceNamespace }) => sourceNamespace === callers);
}

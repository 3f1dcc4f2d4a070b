import { hostsMatch, isWildcard } from '../registry/hosts';
import { isHttp } from '../registry/protocol';
import { addressFor, portOf, type Service } from '../registry/service';
import type { Scope } from '../scope/scope';
import type { VirtualService } from '../scope/virtual-service';
import { isIp } from '../world/addresses';
import { type Ref, refTo } from '../world/resource';
import { matchesText, type TextMatch } from './condition';
import { dynamicHost } from './dynamic-dns';
import { clusterName, destinationCluster, type RouteClient, virtualServiceRoutes } from './routes';
import type { Route, VirtualHost } from './types';

/** A client that asks for the virtual hosts of an outbound port. */
export interface VHostClient extends RouteClient {
  readonly dnsCapture: boolean;
  readonly dnsDomain: string;
}

/** What a port's virtual hosts are made of. */
export interface VHostSources {
  readonly services: readonly Service[];
  readonly virtualServices: readonly VirtualService[];
  readonly mostSpecific: ReadonlyMap<string, VirtualService>;
}

/** Routes that several services and hosts share, on one port (`route.VirtualHostWrapper`). */
interface Group {
  readonly services: readonly Service[];
  /** Hosts of a VirtualService that are no service. */
  readonly hosts: readonly string[];
  readonly routes: readonly Route[];
  readonly refs: readonly Ref[];
}

/** Virtual hosts of an outbound port (`httproute.go: BuildSidecarOutboundVirtualHosts`), without the one for unknown hosts. */
export function outboundVirtualHosts(sources: VHostSources, client: VHostClient, port: number): VirtualHost[] {
  const known = new Map<string, Service>();
  for (const service of sources.services) {
    const one = portOf(service, port);
    const hostname = service.hostname.toLowerCase();
    if (one) known.set(hostname, { ...service, hostname, ports: [one] });
  }
  const chosen = port === 80 ? sources.virtualServices : sources.virtualServices.filter((one) => concerns(one, known));
  const ruled = chosen.flatMap((one) => groupsOf(one, known, client, port, sources.mostSpecific));
  for (const { services } of ruled) for (const { hostname } of services) known.delete(hostname);
  return virtualHosts([...ruled, ...[...known.values()].flatMap(groupWithoutRules)], client, port);
}

/** Whether a VirtualService names a service of the port (`httproute.go: selectVirtualServices`). */
function concerns({ hosts }: VirtualService, known: ReadonlyMap<string, Service>): boolean {
  const wildcards = [...known.keys()].filter(isWildcard);
  return hosts.some((given) => {
    const host = given.toLowerCase();
    if (known.has(host)) return true;
    return (isWildcard(host) ? [...known.keys()] : wildcards).some((one) => hostsMatch(host, one));
  });
}

/** `route.buildSidecarVirtualHostsForVirtualService`. */
function groupsOf(
  one: VirtualService,
  known: ReadonlyMap<string, Service>,
  client: VHostClient,
  port: number,
  mostSpecific: ReadonlyMap<string, VirtualService>,
): Group[] {
  const routes = virtualServiceRoutes(one, client, port, ['mesh'], (host) => known.get(host));
  if (routes.length === 0) return [];
  const hosts: string[] = [];
  const services: Service[] = [];
  const exact = one.hosts.filter((host) => !isWildcard(host));
  for (const host of exact) {
    const service = known.get(host.toLowerCase());
    if (service) services.push(service);
    else hosts.push(host);
  }
  for (const host of one.hosts.filter(isWildcard).map((given) => given.toLowerCase())) {
    const covered = [...known.values()].filter(({ hostname }) => hostsMatch(hostname, host));
    if (covered.length === 0) hosts.push(host);
    // a service goes to the VirtualService whose host fits it best
    services.push(...covered.filter(({ hostname }) => mostSpecific.get(hostname)?.from === one.from));
  }
  const refs = [refTo(one.from, 'spec.hosts')];
  const withHttp = services.filter(({ ports }) => speaksHttp(ports[0].protocol));
  // hosts that are no services are only known on port 80
  if (withHttp.length === 0 && port !== 80) return [];
  return [{ services: withHttp, hosts, routes, refs }];
}

/** Whether a proxy reads requests on a port. */
export const speaksHttp = (protocol: Service['ports'][number]['protocol']): boolean =>
  isHttp(protocol) || protocol === 'Unsupported';

function groupWithoutRules(service: Service): Group[] {
  const [{ port, protocol }] = service.ports;
  if (service.resolution === 'alias' || !speaksHttp(protocol)) return [];
  const route: Route = {
    path: { kind: 'prefix', value: '/' },
    clusters: [{ cluster: clusterName(service.hostname, port), weight: 1 }],
    isCatchAll: true,
    refs: [refTo(service.from, 'spec.ports')],
  };
  return [{ services: [service], hosts: [], routes: [route], refs: [refTo(service.from)] }];
}

/** Names the virtual hosts; of two that claim a domain, the first gets it. */
function virtualHosts(groups: readonly Group[], client: VHostClient, port: number): VirtualHost[] {
  const names = new Set<string>();
  const claimed = new Set<string>();
  const fullNames = new Set(groups.flatMap(({ services }) => services.map(({ hostname }) => hostname)));
  const found: VirtualHost[] = [];
  const add = (host: string, group: Group, service?: Service) => {
    const name = `${host}:${port}`;
    if (names.has(name)) return;
    names.add(name);
    const { all, expanded } = service ? domainsOf(service, client) : { all: [host], expanded: [] };
    const domains = all.filter((domain) => {
      if (claimed.has(domain.toLowerCase())) return false;
      // a short form of one service loses to another service's full name (httproute.go: dedupeDomains)
      if (expanded.includes(domain) && fullNames.has(domain)) return false;
      claimed.add(domain.toLowerCase());
      return true;
    });
    if (domains.length > 0) found.push({ name, domains, routes: group.routes, refs: group.refs });
  };
  for (const group of groups) {
    for (const host of group.hosts) add(host.toLowerCase(), group);
    for (const service of group.services) add(service.hostname, group, service);
  }
  return found;
}

/** `httproute.go: generateVirtualHostDomains`. */
function domainsOf(
  service: Service,
  { namespace, dnsCapture, dnsDomain }: VHostClient,
): { all: string[]; expanded: string[] } {
  const names = [service.hostname, ...service.aliases];
  const expanded = names.flatMap((name) => shortForms(name, namespace, dnsDomain));
  const domains = names.flatMap((name) => [name, ...shortForms(name, namespace, dnsDomain)]);
  const isHeadless = service.resolution === 'passthrough' && service.registry === 'Kubernetes';
  const address = addressFor(service, dnsCapture);
  return {
    all: [
      ...domains,
      ...(isHeadless ? domains.map((domain) => `*.${domain}`) : []),
      ...(address === '0.0.0.0' ? [] : [address]),
    ],
    expanded,
  };
}

/** Other names under which clients of a namespace call a host (`httproute.go: GenerateAltVirtualHosts`). */
export function shortForms(host: string, namespace: string, dnsDomain: string): string[] {
  const withDot = isIp(host) ? [] : [`${host}.`];
  const suffix = `.svc.${dnsDomain}`;
  if (!host.endsWith(suffix)) return withDot;
  const [, name, itsNamespace] = /^([^.]+)\.(.+)$/.exec(host.slice(0, -suffix.length)) ?? [];
  if (name === undefined) return withDot;
  const qualified = [`${name}.${itsNamespace}`, `${name}.${itsNamespace}.svc`];
  return itsNamespace === namespace ? [...withDot, name, ...qualified] : [...withDot, ...qualified];
}

/** What takes the hosts that nobody knows (`httproute.go: buildCatchAllVirtualHost`). */
export function unknownHost({ unknownHosts: { mode, egressProxy, ref } }: Scope): VirtualHost {
  const route: Route = { path: { kind: 'prefix', value: '/' }, isCatchAll: true, refs: [ref] };
  if (mode === 'ALLOW_ANY_DYNAMIC_DNS') return dynamicHost(ref);
  if (mode === 'REGISTRY_ONLY') {
    return { name: 'block_all', domains: ['*'], refs: [ref], routes: [{ directStatus: 502, ...route }] };
  }
  const cluster = egressProxy ? destinationCluster(egressProxy, undefined, 0) : 'PassthroughCluster';
  return { name: 'allow_any', domains: ['*'], refs: [ref], routes: [{ ...route, clusters: [{ cluster, weight: 1 }] }] };
}

/** The virtual hosts of a sniffed port: those of its service alone (`httproute.go: getVirtualHostsForSniffedServicePort`). */
export function sniffed(virtualHostsOfPort: readonly VirtualHost[], routeName: string): VirtualHost[] {
  const host = routeName.slice(0, routeName.lastIndexOf(':'));
  const found = virtualHostsOfPort.filter(({ domains }) => domains.includes(routeName) || domains.includes(host));
  return found.length === 1 ? [{ ...found[0], domains: ['*'] }] : found;
}

/** What Envoy's choice of a virtual host asks: full names, then suffixes from the longest on, until one fits. */
export function questionsOfHost(
  all: readonly VirtualHost[],
  authority: string,
): { readonly match: TextMatch; readonly answer: boolean }[] {
  const host = authority.replace(/:\d+$/, '').toLowerCase();
  const domains = all.flatMap((one) => one.domains.map((domain) => domain.toLowerCase()));
  const suffixes = domains.filter((domain) => domain !== '*' && isWildcard(domain)).sort((a, b) => b.length - a.length);
  const questions = [
    ...domains.filter((domain) => !isWildcard(domain)).map((value) => ({ kind: 'exact' as const, value })),
    ...suffixes.map((domain) => ({ kind: 'suffix' as const, value: domain.slice(1) })),
  ].map((match) => ({ match, answer: matchesText(match, host) }));
  const first = questions.findIndex(({ answer }) => answer);
  return first < 0 ? questions : questions.slice(0, first + 1);
}

/** Envoy's choice: exact, longest `*suffix`, `*`. */
export function pickVirtualHost(all: readonly VirtualHost[], authority: string): VirtualHost | undefined {
  const host = authority.replace(/:\d+$/, '').toLowerCase();
  let best: VirtualHost | undefined;
  let length = 0;
  for (const one of all) {
    for (const domain of one.domains) {
      if (domain.toLowerCase() === host) return one;
      const isLonger = domain.length > length && host.length >= domain.length;
      if (domain !== '*' && isWildcard(domain) && isLonger && host.endsWith(domain.slice(1).toLowerCase())) {
        best = one;
        length = domain.length;
      }
    }
  }
  return best ?? all.find(({ domains }) => domains.includes('*'));
}

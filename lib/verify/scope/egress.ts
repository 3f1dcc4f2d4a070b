import { hostsMatch, isSubsetOf, isWildcard, mostSpecific } from '../registry/hosts';
import { parseProtocol } from '../registry/protocol';
import { portOf, type Service } from '../registry/service';
import type { EgressListenerSpec } from '../world/istio-types';
import type { VirtualService } from './virtual-service';
import type { VirtualServices } from './virtual-services';
import type { Visibility } from './visibility';

/** One egress listener of a Sidecar, or the only one where there is no Sidecar: what clients see through it. */
export interface Egress {
  readonly index: number;
  readonly spec: EgressListenerSpec;
  readonly services: readonly Service[];
  readonly virtualServices: readonly VirtualService[];
  /** The VirtualService with the most specific host, by hostname of a service (`computeWildcardHostVirtualServiceIndex`). */
  readonly mostSpecific: ReadonlyMap<string, VirtualService>;
}

/** Hosts that an egress listener names for one namespace. */
interface Hosts {
  readonly exact: Set<string>;
  readonly all: string[];
  readonly excluded: string[];
}

/** Number of the port that the listener narrows services to (`sidecar.go: needsPortMatch`). */
export function portFilter({ port }: EgressListenerSpec): number | undefined {
  return port?.number && parseProtocol(port.protocol) !== 'HTTP_PROXY' ? port.number : undefined;
}

/** `sidecar.go: convertIstioListenerToWrapper`. */
export function egressOf(
  spec: EgressListenerSpec,
  index: number,
  namespace: string,
  visibility: Visibility,
  all: VirtualServices,
): Egress {
  const hosts = hostsByNamespace(spec.hosts ?? [], namespace);
  const everywhere = hosts.get('*');
  const isExcluded = (host: string, from: string) =>
    [hosts.get(from), everywhere].some((one) => one?.excluded.some((excluded) => isSubsetOf(host, excluded)));

  const number = portFilter(spec);
  const visible = visibility.exportedTo(namespace, everywhere ? undefined : [...hosts.keys()]);
  const picked = visible.flatMap((service) => {
    const from = hosts.get(service.namespace);
    if (isExcluded(service.hostname, service.namespace)) return [];
    for (const named of [from, everywhere]) {
      const trimmed = named && trimmedTo(named, service, number);
      if (trimmed) return [trimmed];
    }
    return [];
  });
  const services = withoutRivals(picked, namespace);

  const virtualServices = all
    .forGateway(namespace, 'mesh')
    .filter((one) =>
      [hosts.get(one.namespace), everywhere].some(
        (named) => named && one.hosts.some((host) => namesHost(named, host) && !isExcluded(host, one.namespace)),
      ),
    );
  return { index, spec, services, virtualServices, mostSpecific: mostSpecificOf(virtualServices, services) };
}

function hostsByNamespace(names: readonly string[], namespace: string): Map<string, Hosts> {
  const hosts = new Map<string, Hosts>();
  for (const name of names) {
    const parts = name.split('/');
    if (parts.length !== 2) continue;
    const isExcluded = parts[0].startsWith('~') && parts[0] !== '~';
    const isExcludedEverywhere = parts[0] === '~';
    const named = isExcludedEverywhere ? '*' : isExcluded ? parts[0].slice(1) : parts[0];
    const key = named === '.' ? namespace : named;
    const entry = hosts.get(key) ?? { exact: new Set<string>(), all: [], excluded: [] };
    hosts.set(key, entry);
    if (isExcluded || isExcludedEverywhere) {
      entry.excluded.push(parts[1]);
      continue;
    }
    if (!isWildcard(parts[1])) entry.exact.add(parts[1]);
    entry.all.push(parts[1]);
  }
  return hosts;
}

/** The service with the aliases that are named, too, and the port that is asked for (`sidecar.go: matchingService`). */
function trimmedTo(named: Hosts, service: Service, port: number | undefined): Service | undefined {
  if (!namesService(named, service.hostname)) return undefined;
  const trimmed = port === undefined ? service : withPort(service, port);
  if (!trimmed || trimmed.aliases.length === 0) return trimmed;
  return { ...trimmed, aliases: trimmed.aliases.filter((alias) => namesService(named, alias)) };
}

/** `hostClassification.Matches`. */
const namesService = ({ exact, all }: Hosts, host: string): boolean =>
  exact.has(host) || all.some((one) => (isWildcard(host) || isWildcard(one)) && isSubsetOf(host, one));

/** `hostClassification.VSMatches`: either may cover the other. */
const namesHost = ({ exact, all }: Hosts, host: string): boolean =>
  exact.has(host) || all.some((one) => (isWildcard(host) || isWildcard(one)) && hostsMatch(host, one));

/** A service with one of its ports only. */
export function withPort(service: Service, number: number): Service | undefined {
  const port = portOf(service, number);
  if (!port) return undefined;
  return service.ports.length === 1 ? service : { ...service, ports: [port] };
}

/** Of services of one host in several namespaces one stays: own namespace, Kubernetes, the older (`sidecar.go: selectServices`). */
function withoutRivals(services: readonly Service[], namespace: string): Service[] {
  const valid = new Map<string, Service>();
  for (const service of services) {
    const held = valid.get(service.hostname);
    const isKubernetes = service.registry === 'Kubernetes';
    const wins =
      !held ||
      service.namespace === namespace ||
      (held.registry !== 'Kubernetes' && isKubernetes && held.namespace !== namespace);
    if (wins) valid.set(service.hostname, service);
  }
  return services.filter((service) => valid.get(service.hostname)?.namespace === service.namespace);
}

function mostSpecificOf(
  virtualServices: readonly VirtualService[],
  services: readonly Service[],
): Map<string, VirtualService> {
  const byHost = new Map<string, VirtualService>();
  for (const one of virtualServices) for (const host of one.hosts) if (!byHost.has(host)) byHost.set(host, one);
  const found = new Map<string, VirtualService>();
  const wildcards = new Map([...byHost].filter(([host]) => isWildcard(host)));
  for (const { hostname } of services) {
    const one = byHost.get(hostname) ?? (wildcards.size > 0 ? mostSpecific(hostname, wildcards) : undefined);
    if (one) found.set(hostname, one);
  }
  return found;
}

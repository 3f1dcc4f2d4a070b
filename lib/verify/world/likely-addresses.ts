import { push } from '../../facts/memo';
import { isIp } from './addresses';
import type { WorldFacts } from './facts';
import type { ServiceEntrySpec } from './istio-types';
import type { NodeManifest, ServiceSpec } from './kube-types';
import type { Resource } from './resource';

/** An address outside of a cluster that endpoints of ServiceEntries state, and the Service that most likely has it. */
export interface LikelyAddress {
  readonly cluster: string;
  readonly ip: string;
  readonly door: Resource<ServiceSpec>;
  readonly hosts: readonly string[];
}

type Doors = ReadonlyMap<string, readonly Resource<ServiceSpec>[]>;

/** Addresses of endpoints for hosts that Gateways of one Service of another cluster serve, and of no other. */
export function dialledAddresses(
  resources: readonly Resource[],
  doors: Doors,
  facts: Partial<WorldFacts>,
): LikelyAddress[] {
  const known = knownAddresses(resources, facts);
  const byAddress = new Map<string, { readonly host: string; readonly cluster: string }[]>();
  for (const { cluster, hosts, endpoints } of entriesIn(resources)) {
    for (const ip of new Set(endpoints.filter(isIp))) {
      if (!known.has(ip)) for (const host of hosts) push(byAddress, ip, { host, cluster });
    }
  }
  return [...byAddress].flatMap(([ip, callers]) => {
    const serving = callers.flatMap(({ host, cluster }) =>
      (doors.get(host) ?? []).filter((one) => one.cluster !== cluster),
    );
    const [door, ...others] = new Set(serving);
    const hosts = callers.flatMap(({ host }) => (doors.get(host)?.includes(door) ? [host] : []));
    return door === undefined || others.length > 0 ? [] : [{ cluster: callers[0].cluster, ip, door, hosts }];
  });
}

/**
 * Hosts by the address that a ServiceEntry states for them, by cluster: callers come to the host by it, whether proxies answer
 * their DNS or a server of DNS has it. Proxies that resolve the host themselves come to the server.
 */
export function virtualNames(resources: readonly Resource[]): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  const services = new Set(
    resources.flatMap(({ kind, cluster, name, namespace }) =>
      kind === 'Service' ? [`${cluster} ${name}.${namespace}.svc`] : [],
    ),
  );
  for (const { cluster, hosts, addresses, isResolved } of entriesIn(resources)) {
    const address = addresses.find(isIp);
    if (address === undefined || isResolved) continue;
    const own = found.get(cluster) ?? new Map<string, string>();
    found.set(cluster, own);
    for (const host of hosts) {
      const isService = services.has(`${cluster} ${host.split('.').slice(0, 3).join('.')}`);
      if (!host.startsWith('*') && !isService && !own.has(host)) own.set(host, address);
    }
  }
  return found;
}

function* entriesIn(resources: readonly Resource[]) {
  for (const { kind, cluster, spec, apiVersion } of resources) {
    if (kind !== 'ServiceEntry' || !apiVersion.startsWith('networking.istio.io/')) continue;
    const { hosts, addresses, endpoints, resolution = '' } = spec as ServiceEntrySpec;
    const stated = texts(Array.isArray(endpoints) ? endpoints.map((one) => one?.address) : []);
    const isResolved = stated.length === 0 && String(resolution).startsWith('DNS');
    yield { cluster, hosts: texts(hosts), addresses: texts(addresses), endpoints: stated, isResolved };
  }
}

/** Addresses of which manifests or facts say whose they are. */
function knownAddresses(resources: readonly Resource[], facts: Partial<WorldFacts>): Set<string> {
  const { addresses = [], loadBalancers = {}, routers = {} } = facts;
  const stated = resources.flatMap(({ kind, spec, manifest }) => {
    const status = (manifest.status ?? {}) as Status;
    if (kind === 'Node') return (status as NodeManifest['status'])?.addresses?.map(({ address }) => address) ?? [];
    if (kind === 'Pod') return [status.podIP];
    const { clusterIP, loadBalancerIP } = spec as ServiceSpec;
    return kind === 'Service'
      ? [clusterIP, loadBalancerIP, ...(status.loadBalancer?.ingress ?? []).map(({ ip }) => ip)]
      : [];
  });
  const routing = Object.values(routers).flatMap(({ address, moreAddresses = [] }) => [address, ...moreAddresses]);
  const all = [...stated, ...addresses.map(({ ip }) => ip), ...Object.values(loadBalancers).flat(), ...routing];
  return new Set(all.filter((one) => one !== undefined));
}

interface Status {
  readonly podIP?: string;
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
}

/** Nobody has judged yet whether an API server takes the objects: what is of another type is not there. */
export const texts = (list: readonly unknown[] | undefined): readonly string[] =>
  Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];

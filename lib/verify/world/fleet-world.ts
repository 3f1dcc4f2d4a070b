import type { FleetDocument } from '../../facts/fleet';
import { isIp } from './addresses';
import type { CertificateFact, WorldFacts } from './facts';
import { fleetFacts } from './fleet-facts';
import type { ServiceEntrySpec } from './istio-types';
import { OUTSIDE, type Outside, oneName, outsideServer, outsideServers } from './outside';
import type { Resource } from './resource';
import { RootNames } from './root-names';
import { standIns } from './stand-ins';
import { World } from './world';

/** What a judge adds to a fleet. */
export interface Added {
  /** Pods that call, rules that lead somewhere. */
  readonly resources: readonly Resource[];
  /** Of clients outside. */
  readonly certificates: readonly CertificateFact[];
  /** Status that workloads answer whatever they are asked, by id; it may change between calls. */
  readonly failing: Readonly<Record<string, number>>;
}

/** What a world is made of. */
export interface WorldParts {
  readonly facts: WorldFacts;
  readonly resources: readonly Resource[];
}

/** A fleet as engines judge it: {@link fleetParts} as a world. */
export function fleetWorld(document: FleetDocument, resources: readonly Resource[], added?: Added): World {
  const parts = fleetParts(document, resources, added);
  return new World(parts.facts, parts.resources);
}

/** The objects of a fleet, its facts, and stand-ins for what the facts speak of and somebody else applies. */
export function fleetParts(
  document: FleetDocument,
  resources: readonly Resource[],
  added: Added = { resources: [], certificates: [], failing: {} },
): WorldParts {
  const facts = fleetFacts(document);
  const outside = outsideServers(document, new RootNames(document), resources);
  const names = facts.dns?.[document.clusters[0]?.name] ?? {};
  const all = [...resources, ...standIns(document, resources), ...outside.resources, ...added.resources];
  const world: WorldFacts = {
    ...facts,
    meshes: { ...facts.meshes, [OUTSIDE]: {} },
    names,
    dns: dnsOf(document, all, names, outside.names),
    addresses: [...(facts.addresses ?? []), ...outside.addresses],
    certificates: [...(facts.certificates ?? []), ...outside.certificates, ...added.certificates],
    secrets: [...(facts.secrets ?? []), ...outside.secrets],
    images: outside.images,
    failing: added.failing,
  };
  return { facts: world, resources: all };
}

/**
 * What names resolve to in one cluster alone. A host that callers dial does: of a provider with an address of its own, to
 * the address that the host's ServiceEntry states, if it states one; else to what the provider is reached by.
 */
function dnsOf(
  { clusters, peerings, meshes }: FleetDocument,
  resources: readonly Resource[],
  names: Readonly<Record<string, string>>,
  outside: Outside['names'],
): Record<string, Record<string, string>> {
  const clusterOf = new Map(meshes.map(({ name, cluster }) => [name, cluster]));
  const dns: Record<string, Record<string, string>> = Object.fromEntries(
    [...clusters.map(({ name }) => name), OUTSIDE].map((name) => [name, {}]),
  );
  const add = (own: Record<string, string>, name: string, ip: string) => {
    if (names[name] === undefined) own[name] ??= ip;
  };
  const stated = statedAddresses(resources);
  for (const { consumer, provider, exposures, through } of peerings) {
    const cluster = clusterOf.get(consumer) ?? OUTSIDE;
    const own = dns[cluster];
    for (const host of through?.hosts ?? []) {
      const ip = outside[cluster]?.[host];
      if (ip !== undefined) own[host] ??= ip;
    }
    for (const { host, dialled, endpoint } of exposures) {
      const [reached = host] = endpoint?.addresses ?? [];
      if (reached === undefined) continue;
      const address = oneName(reached);
      const name = oneName(dialled?.host ?? host ?? address);
      // a server outside is what its consumer knows by the name, also where a gateway of the fleet has it, too
      const virtual = address === name ? undefined : stated.get(cluster)?.get(name);
      if (virtual !== undefined) add(own, name, virtual);
      const ip = (clusterOf.has(provider) ? undefined : outside[cluster]?.[address]) ?? names[address];
      if (isIp(address)) add(own, name, address);
      else if (ip !== undefined) Object.assign(own, { [address]: ip, ...(virtual === undefined && { [name]: ip }) });
    }
    const behind = clusterOf.get(provider);
    for (const { onward } of behind === undefined ? [] : exposures) {
      const server = onward && outsideServer(onward);
      const ip = server && outside[behind ?? '']?.[server.host];
      if (onward && server && ip !== undefined)
        Object.assign(dns[behind ?? ''], { [server.host]: ip, [onward.host]: ip });
    }
  }
  for (const [cluster, hosts] of stated) {
    for (const [host, address] of dns[cluster] ? hosts : []) add(dns[cluster], host, address);
  }
  return dns;
}

/** Addresses that ServiceEntries state for their hosts, by cluster and host. */
function statedAddresses(resources: readonly Resource[]): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const { cluster, kind, spec } of resources) {
    if (kind !== 'ServiceEntry') continue;
    const { hosts = [], addresses = [] } = spec as ServiceEntrySpec;
    const address = addresses.find(isIp);
    if (address === undefined) continue;
    const own = found.get(cluster) ?? new Map<string, string>();
    found.set(cluster, own);
    for (const host of hosts) if (!own.has(host)) own.set(host, address);
  }
  return found;
}

import { byText } from '../../facts/by-text';
import { selects } from '../../facts/labels';
import { push } from '../../facts/memo';
import { splitHost } from '../registry/hosts';
import { isIp, madeUpAddress } from './addresses';
import type { AddressFact, WorldFacts } from './facts';
import type { GatewaySpec, ServiceEntrySpec } from './istio-types';
import type { ServiceSpec } from './kube-types';
import { dialledAddresses, texts, virtualNames } from './likely-addresses';
import { describe, type Resource } from './resource';

/** What names most likely resolve to, where nothing says it, and how that was assumed. */
export interface LikelyNames {
  readonly facts: Pick<WorldFacts, 'dns' | 'addresses'>;
  /** Those names, and the addresses that stand for load balancers. */
  readonly places: readonly string[];
  readonly assumptions: readonly string[];
}

/** Names that an assumption tells, of all that lead to one Service. */
const SHOWN = 3;

/**
 * Names that ServiceEntries of one cluster dial and that a Gateway of another one serves: they are taken to lead to the one
 * Service before the pods of that Gateway, and so are addresses of endpoints of hosts that it serves. A host for which a
 * ServiceEntry states an address is taken to resolve to it. What facts say of a name or an address is left alone, and so is
 * one that several Services could have.
 */
export function likelyNames(resources: readonly Resource[], facts: Partial<WorldFacts>): LikelyNames {
  const { dns = {} } = facts;
  const doors = doorsByHost(resources);
  // where no call can end at a Gateway, nothing is gained
  if (doors.size === 0) return { facts: {}, places: [], assumptions: [] };
  const names: Record<string, Record<string, string>> = {};
  const addresses = new Map<string, AddressFact>();
  const told = new Map<string, Set<string>>();
  const tell = (what: string, all: Iterable<string>) => {
    told.set(what, new Set([...(told.get(what) ?? []), ...all]));
  };
  for (const { cluster, name } of dialledNames(resources)) {
    if (dns[cluster]?.[name] !== undefined || names[cluster]?.[name] !== undefined) continue;
    const others = (doors.get(name) ?? []).filter((one) => one.cluster !== cluster);
    if (others.length !== 1) continue;
    const [door] = others;
    const place = `${door.cluster}/${door.namespace}/${door.name}`;
    const address = addresses.get(place) ?? { ip: madeUpAddress(addresses.size), ports: portsOf(door) };
    addresses.set(place, address);
    names[cluster] = { ...names[cluster], [name]: address.ip };
    const what = `in ${cluster} {names} to ${describe(door)}, before a Gateway that serves it`;
    tell(what, [name]);
  }
  for (const { cluster, ip, door, hosts } of dialledAddresses(resources, doors, facts)) {
    addresses.set(ip, { ip, ports: portsOf(door) });
    tell(`in ${cluster} {names} by ${ip} to ${describe(door)}, before a Gateway that serves it`, hosts);
  }
  for (const [cluster, hosts] of virtualNames(resources)) {
    for (const [host, ip] of hosts) {
      if (dns[cluster]?.[host] !== undefined || names[cluster]?.[host] !== undefined) continue;
      names[cluster] = { ...names[cluster], [host]: ip };
      tell(`in ${cluster} {names} to the address that its ServiceEntry states`, [host]);
    }
  }
  return {
    facts: { dns: names, addresses: [...addresses.values()] },
    places: [
      ...Object.values(names).flatMap((own) => Object.keys(own)),
      ...[...addresses.values()].map(({ ip }) => ip),
    ],
    assumptions: [...told].map(([what, all]) => what.replace('{names}', leading([...all].sort()))),
  };
}

function leading(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${names.slice(0, SHOWN).join(', ')}${more} ${names.length > 1 ? 'lead' : 'leads'}`;
}

/** Services before pods of Gateways, by the hosts that those serve; wildcards lead to nobody in particular. */
function doorsByHost(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource<ServiceSpec>[]> {
  const services = new Map<string, Resource<ServiceSpec>[]>();
  for (const one of resources) {
    const { type, selector } = one.spec as ServiceSpec;
    const isDoor = one.kind === 'Service' && (type === 'LoadBalancer' || type === 'NodePort') && selector !== undefined;
    if (isDoor) push(services, one.cluster, one as Resource<ServiceSpec>);
  }
  const found = new Map<string, Resource<ServiceSpec>[]>();
  if (services.size === 0) return found;
  for (const gateway of resources) {
    if (gateway.kind !== 'Gateway' || !gateway.apiVersion.startsWith('networking.istio.io/')) continue;
    const { selector, servers } = gateway.spec as GatewaySpec;
    if (!selector || Object.keys(selector).length === 0) continue;
    const before = (services.get(gateway.cluster) ?? []).filter(({ spec }) => selects(selector, spec.selector ?? {}));
    const hosts = new Set(
      objects(servers).flatMap((server) => texts(server.hosts).map((host) => splitHost(host).host)),
    );
    for (const host of hosts) {
      for (const service of before) if (!found.get(host)?.includes(service)) push(found, host, service);
    }
  }
  return found;
}

/** Names that proxies of a cluster resolve for hosts outside of it. */
function* dialledNames(resources: readonly Resource[]) {
  for (const { kind, cluster, spec, apiVersion } of resources) {
    if (kind !== 'ServiceEntry' || !apiVersion.startsWith('networking.istio.io/')) continue;
    const { hosts, endpoints } = spec as ServiceEntrySpec;
    const stated = texts(objects(endpoints).map(({ address }) => address));
    for (const name of stated.length > 0 ? stated : texts(hosts)) {
      if (name !== '' && !isIp(name) && !name.startsWith('*')) yield { cluster, name };
    }
  }
}

const portsOf = ({ cluster, namespace, name, spec }: Resource<ServiceSpec>): AddressFact['ports'] =>
  Object.fromEntries(
    [...objects(spec.ports)]
      .sort(byText(({ port }) => String(port)))
      .map(({ port }) => [port, { cluster, namespace, service: name, port }]),
  );

/** Nobody has judged yet whether an API server takes the objects: what is of another type is not there. */
const objects = <T>(list: readonly T[] | undefined): readonly T[] =>
  Array.isArray(list) ? list.filter((one) => typeof one === 'object' && one !== null) : [];

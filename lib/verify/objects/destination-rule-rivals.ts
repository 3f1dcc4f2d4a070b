import { push } from '../../facts/memo';
import { HostIndex } from '../registry/host-index';
import { fullName, isSubsetOf, isWildcard } from '../registry/hosts';
import type { DestinationRuleSpec, ServiceEntrySpec, Subset } from '../world/istio-types';
import { commonViewer, isSeenIn, type Viewers, viewersOf } from './exports';
import { type ClusterInput, type Found, objectsOf } from './objects';
import { type Planes, planesOf } from './planes';

type DestinationRule = Found<DestinationRuleSpec>;

/** Two DestinationRules of one host, of which a caller takes one whole and nothing of the other. */
export interface Rivals {
  readonly host: string;
  /** Namespace of callers that see both; `*` is every one. */
  readonly viewer: string;
  readonly ignored: DestinationRule;
  readonly taken: DestinationRule;
  /** Whether it is the age of the two that decides which one is taken, so that it may be the other way round. */
  readonly byAge: boolean;
  /** What the one that is taken does not state. */
  readonly lost: { readonly tls: boolean; readonly subsets: readonly string[] };
}

/** Whose calls are meant, for messages. */
export function callersOf({ viewer, taken }: Rivals): string {
  if (taken.spec.workloadSelector) return `pods of namespace '${viewer}' that it selects`;
  return viewer === '*' ? 'callers' : `callers of namespace '${viewer}'`;
}

/** DestinationRules of one namespace and host that istiod takes as one, because the same callers see them. */
interface Merged {
  readonly plane: string;
  readonly namespace: string;
  readonly host: string;
  readonly viewers: Viewers;
  readonly selector: string;
  readonly rules: DestinationRule[];
  readonly subsets: Map<string, { readonly subset: Subset; readonly rule: DestinationRule }>;
  /** The first with settings for the host as a whole; those of others are dropped. */
  policy?: DestinationRule;
}

/**
 * Where DestinationRules of one host exclude each other (`PushContext.mergeDestinationRule`, `destinationRule`): two in one
 * namespace that state settings for the whole host, or that different callers see; one for some pods beside one for all;
 * one in the namespace of the callers beside one in that of the service.
 */
export const destinationRuleRivals = (input: ClusterInput): readonly Rivals[] =>
  input.kinds.once('destinationRuleRivals', () => findRivals(input));

function findRivals(input: ClusterInput): Rivals[] {
  const planes = planesOf(input);
  const found: Rivals[] = [];
  const merged = new Map<string, Merged>();
  for (const rule of objectsOf<DestinationRuleSpec>(input, 'DestinationRule', 'networking.istio.io')) {
    const one = mergedOf(rule, merged, planes);
    const rival = addTo(one, rule);
    if (rival) found.push(rival);
  }
  const index = new Map<string, HostIndex<Merged>>();
  for (const one of merged.values()) {
    const hosts = index.get(one.plane) ?? new HostIndex<Merged>();
    index.set(one.plane, hosts);
    hosts.add(one.host, one);
  }
  const services = serviceNamespaces(input, planes);
  for (const [plane, hosts] of index) {
    for (const group of hosts.all()) {
      found.push(
        ...rivalsInNamespaces(group),
        ...rivalsOfPods(group),
        ...rivalsOfService(group, hosts, services, plane),
      );
    }
  }
  return found;
}

function mergedOf(rule: DestinationRule, merged: Map<string, Merged>, planes: Planes): Merged {
  const { namespace, cluster, spec } = rule;
  const plane = planes.of(rule);
  const host = fullName(spec.host ?? '', namespace, planes.domainOf(cluster));
  // a rule for some pods is its own namespace's
  const viewers = viewersOf(spec.workloadSelector ? ['.'] : spec.exportTo, namespace);
  const selector = JSON.stringify(Object.entries(spec.workloadSelector?.matchLabels ?? {}).sort());
  // istiod does not merge one that states no exportTo with one that states '*' (`PushContext.mergeDestinationRule`)
  const isStated = (spec.exportTo ?? []).length > 0;
  const key = [plane, namespace, host, [...viewers].sort(), selector, selector === '[]' && isStated].join(' ');
  const one = merged.get(key) ?? { plane, namespace, host, viewers, selector, rules: [], subsets: new Map() };
  merged.set(key, one);
  return one;
}

/** Adds a rule to those that it is merged with; the rival whose settings hide its own, if any. */
function addTo(one: Merged, rule: DestinationRule): Rivals | undefined {
  const { host, namespace, policy } = one;
  one.rules.push(rule);
  for (const subset of rule.spec.subsets ?? []) {
    if (!one.subsets.has(subset.name)) one.subsets.set(subset.name, { subset, rule });
  }
  if (rule.spec.trafficPolicy === undefined) return undefined;
  one.policy ??= rule;
  if (policy === undefined) return undefined;
  const lost = { tls: statesTls(rule) !== statesTls(policy), subsets: [] };
  return { host, viewer: namespace, ...pair(policy, rule), byAge: true, lost };
}

/** The one that has what the other lacks is the one that would be missed. */
function pair(a: DestinationRule, b: DestinationRule): { taken: DestinationRule; ignored: DestinationRule } {
  return statesTls(a) && !statesTls(b) ? { taken: b, ignored: a } : { taken: a, ignored: b };
}

/** Within a namespace: those that the same callers see, though not all of their callers are the same. */
function rivalsInNamespaces(group: readonly Merged[]): Rivals[] {
  const byNamespace = new Map<string, Merged[]>();
  for (const one of group) if (one.selector === '[]') push(byNamespace, one.namespace, one);
  return [...byNamespace.values()].flatMap((here) =>
    here.slice(1).flatMap((other, index) => {
      const one = here[index];
      const viewer = commonViewer(one.viewers, other.viewers);
      if (viewer === undefined) return [];
      const { taken, ignored } = pair(one.policy ?? one.rules[0], other.policy ?? other.rules[0]);
      const [winner, loser] = taken === (one.policy ?? one.rules[0]) ? [one, other] : [other, one];
      return [{ host: one.host, viewer, taken, ignored, byAge: true, lost: lostOf(winner, loser) }];
    }),
  );
}

/** Within a namespace: pods that a rule selects take it, and nothing of one for all pods. */
function rivalsOfPods(group: readonly Merged[]): Rivals[] {
  const forAll = new Map<string, Merged>();
  for (const one of group) {
    if (one.selector === '[]' && isSeenIn(one.viewers, one.namespace)) forAll.set(one.namespace, one);
  }
  return group.flatMap((selecting) => {
    const other = selecting.selector === '[]' ? undefined : forAll.get(selecting.namespace);
    if (other === undefined) return [];
    const [taken, ignored] = [selecting, other].map(({ policy, rules }) => policy ?? rules[0]);
    const { host, namespace } = selecting;
    return [{ host, viewer: namespace, taken, ignored, byAge: false, lost: lostOf(selecting, other) }];
  });
}

/** A rule in the namespace of callers hides the one in that of the service. */
function rivalsOfService(
  group: readonly Merged[],
  hosts: HostIndex<Merged>,
  services: ReadonlyMap<string, ReadonlySet<string>>,
  plane: string,
): Rivals[] {
  const [{ host }] = group;
  const others = hosts.covering(host);
  const exported = (one: Merged) => one.viewers.has('*') || one.viewers.size > 1 || !one.viewers.has(one.namespace);
  return others.flatMap((other) => {
    const isWider = other.host !== host;
    // each pair once: from the narrower host, and of two with one host from the callers' side
    return group.flatMap((one) => {
      const sides = isWider
        ? [
            [one, other],
            [other, one],
          ]
        : [[one, other]];
      return sides.flatMap(([client, service]) => {
        if (client.namespace === service.namespace || !exported(service)) return [];
        const isOwn = isSeenIn(client.viewers, client.namespace);
        if (!isOwn || !isSeenIn(service.viewers, client.namespace) || isWildcard(host)) return [];
        if (!services.get(`${plane} ${host}`)?.has(service.namespace)) return [];
        const [taken, ignored] = [client, service].map(({ policy, rules }) => policy ?? rules[0]);
        return [{ host, viewer: client.namespace, taken, ignored, byAge: false, lost: lostOf(client, service) }];
      });
    });
  });
}

function lostOf(winner: Merged, loser: Merged): Rivals['lost'] {
  const subsets = [...loser.subsets.keys()].filter((name) => !winner.subsets.has(name));
  const tls = loser.rules.some(statesTls) && !winner.rules.some(statesTls);
  return { tls, subsets };
}

/** Path of the TLS that a rule states for the host, else for the first port of it. */
export function statedTlsField({ spec: { trafficPolicy } }: DestinationRule): string {
  const ports = trafficPolicy?.portLevelSettings ?? [];
  const index = trafficPolicy?.tls ? -1 : ports.findIndex(({ tls }) => tls);
  return index < 0 ? 'spec.trafficPolicy.tls' : `spec.trafficPolicy.portLevelSettings[${index}].tls`;
}

/** Whether a rule begins TLS for the host or a port of it. */
export function statesTls({ spec: { trafficPolicy } }: DestinationRule): boolean {
  const all = [trafficPolicy, ...(trafficPolicy?.portLevelSettings ?? [])];
  return all.some((one) => one?.tls !== undefined && one.tls.mode !== 'DISABLE');
}

/** Namespaces of the services of a host, by `<plane> <host>`. */
function serviceNamespaces(input: ClusterInput, planes: Planes): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const add = (key: string, namespace: string) => found.set(key, (found.get(key) ?? new Set()).add(namespace));
  for (const entry of objectsOf<ServiceEntrySpec>(input, 'ServiceEntry', 'networking.istio.io')) {
    for (const host of entry.spec.hosts ?? []) add(`${planes.of(entry)} ${host}`, entry.namespace);
  }
  for (const rule of objectsOf<DestinationRuleSpec>(input, 'DestinationRule', 'networking.istio.io')) {
    const host = fullName(rule.spec.host ?? '', rule.namespace, planes.domainOf(rule.cluster));
    const domain = `*.svc.${planes.domainOf(rule.cluster)}`;
    if (!isWildcard(host) && isSubsetOf(host, domain)) add(`${planes.of(rule)} ${host}`, host.split('.')[1]);
  }
  return found;
}

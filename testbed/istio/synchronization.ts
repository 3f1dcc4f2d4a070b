import { run, until } from '../bed/process';
import type { Kube } from '../kubernetes/kube';
import type { RunningPod } from '../kubernetes/running-pod';
import type { EndpointSlice, KubeObject } from '../kubernetes/types';

/** What istiod shows of itself on its own loopback, and how it is asked to act. */
export interface IstiodDebug {
  /** Answer of a page of its debug interface. */
  page(name: string): Promise<string>;
}

/** Object whose arrival in the push context shows that all events before it have arrived there. */
const MARK = 'testbed-mark';

/** What the API groups of Istio end with. */
const ISTIO_GROUPS = '.istio.io';

/**
 * Waits until every proxy runs what the API server holds now. Each step is a proof, not a pause, so that it holds however
 * busy the machine is:
 *
 * 1. istiod has seen the latest version of every object of Istio, and the endpoints of every Service;
 * 2. its push context has a mark that was made after that: events reach it in order, so all before are in it;
 * 3. it is told to push that context, and every proxy has acknowledged what was sent since then.
 */
export class Synchronization {
  private marks = 0;

  constructor(
    private readonly kube: Kube,
    private readonly istiod: IstiodDebug,
    private readonly namespace: string,
  ) {}

  /**
   * @param proxies the pods that have a proxy
   * @param resolves addresses of a name, in the cluster's DNS
   */
  async complete(proxies: readonly RunningPod[], resolves: Resolve, seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    const step = (what: string, lacking: () => Promise<string[]>) =>
      nothingLacks(what, Math.max(1, (deadline - Date.now()) / 1000), lacking);
    await step('istiod to know all objects', () => this.unknown());
    await this.mark(step);
    const before = await this.status();
    await this.istiod.page('adsz?push=true');
    await step('acknowledgements', async () => unacknowledged(proxies.map(idOf), before, await this.status()));
    await Promise.all(proxies.map((pod) => step(`proxy ${idOf(pod)}`, () => unsettled(pod, resolves))));
  }

  /** Objects of Istio and endpoints that istiod has not seen as they are. */
  private async unknown(): Promise<string[]> {
    const [objects, slices, services, configs, shards] = [
      await istioObjects(this.kube),
      await this.kube.get<{ items: EndpointSlice[] }>('/apis/discovery.k8s.io/v1/endpointslices'),
      await this.kube.get<{ items: KubeObject[] }>('/api/v1/services'),
      JSON.parse(await this.istiod.page('configz')) as KubeObject[],
      JSON.parse(await this.istiod.page('endpointShardz')) as Shards,
    ];
    return [...unseenObjects(objects, configs), ...unseenEndpoints(ofServices(slices.items, services.items), shards)];
  }

  private async mark(step: (what: string, lacking: () => Promise<string[]>) => Promise<void>): Promise<void> {
    this.marks += 1;
    const mark = `mark-${this.marks}`;
    await this.kube.apply({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: MARK, namespace: this.namespace },
      // selects nothing: no workload has this label
      spec: { selector: { matchLabels: { [MARK]: mark } } },
    });
    await step('the push context of istiod', async () => {
      const context = JSON.parse(await this.istiod.page('authorizationz')) as PushContext;
      const policies = context.authorization_policies.namespace_to_policies[this.namespace] ?? [];
      const found = policies.find(({ name }) => name === MARK)?.spec;
      return JSON.stringify(found ?? null).includes(`"${mark}"`) ? [] : [`${mark}, has ${JSON.stringify(found)}`];
    });
  }

  private async status(): Promise<SyncStatus[]> {
    return JSON.parse(await this.istiod.page('syncz'));
  }
}

/** Addresses of a name; undefined when it has none. */
export type Resolve = (name: string) => readonly string[] | undefined;

/** Where each proxy of istiod is, by type of resource. */
export interface SyncStatus {
  proxy: string;
  resources?: Record<string, { sent?: string; acked?: string }>;
}

interface PushContext {
  authorization_policies: {
    namespace_to_policies: Record<string, { name: string; spec: object }[]>;
  };
}

/** Endpoints that istiod knows, by host and namespace. */
export type Shards = Record<string, Record<string, { Shards: Record<string, { Addresses: string[] }[] | null> }>>;

const idOf = ({ namespace, name }: RunningPod) => `${name}.${namespace}`;

async function nothingLacks(what: string, seconds: number, lacking: () => Promise<string[]>): Promise<void> {
  let missing: string[] = [];
  const done = async () => {
    missing = await lacking();
    return missing.length === 0 ? true : undefined;
  };
  await until(what, seconds, done, () => `still lacks ${missing.join(', ')}`);
}

/** All objects of Istio's kinds, in the version that each is stored in. */
async function istioObjects(kube: Kube): Promise<KubeObject[]> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const { items } = await kube.get<{ items: Crd[] }>(path);
  const lists = items
    .filter(({ spec }) => spec.group.endsWith(ISTIO_GROUPS))
    .map(async ({ spec: { group, names, versions } }) => {
      const version = versions.find(({ storage }) => storage)?.name;
      const list = await kube.get<{ items: KubeObject[] }>(`/apis/${group}/${version}/${names.plural}`);
      return list.items.map((item) => ({ ...item, apiVersion: `${group}/${version}`, kind: names.kind }));
    });
  return (await Promise.all(lists)).flat();
}

interface Crd {
  spec: { group: string; names: { kind: string; plural: string }; versions: { name: string; storage: boolean }[] };
}

/** Slices of Services that are there: those of a Service that was deleted stay a while, and istiod has forgotten it. */
export function ofServices(slices: readonly EndpointSlice[], services: readonly KubeObject[]): EndpointSlice[] {
  const there = new Set(services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  return slices.filter(({ metadata }) =>
    there.has(`${metadata.namespace}/${metadata.labels?.['kubernetes.io/service-name']}`),
  );
}

/** Objects of which istiod has another version, or none, and those that it has although they are gone. */
export function unseenObjects(objects: readonly KubeObject[], configs: readonly KubeObject[]): string[] {
  const kindOf = ({ apiVersion, kind }: KubeObject) => `${kind}.${apiVersion.split('/')[0]}`;
  const key = (object: KubeObject) => `${kindOf(object)} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;
  const seen = new Map(configs.map((config) => [key(config), config.metadata.resourceVersion]));
  const there = new Set(objects.map(key));
  const ours = ({ apiVersion }: KubeObject) => apiVersion.split('/')[0].endsWith(ISTIO_GROUPS);
  const late = objects.filter((object) => seen.get(key(object)) !== object.metadata.resourceVersion).map(key);
  // what istiod makes itself, of the Gateway API, is in no API server
  const gone = configs.filter((config) => config.metadata.resourceVersion && ours(config) && !there.has(key(config)));
  return [...late, ...gone.map((config) => `the end of ${key(config)}`)];
}

/** Services whose ready endpoints are not those that istiod knows. */
export function unseenEndpoints(slices: readonly EndpointSlice[], shards: Shards): string[] {
  const wanted = new Map<string, Set<string>>();
  for (const { metadata, endpoints } of slices) {
    const service = metadata.labels?.['kubernetes.io/service-name'];
    if (service === undefined) continue;
    const key = `${metadata.namespace}/${service}`;
    const addresses = wanted.get(key) ?? new Set();
    for (const { addresses: each, conditions } of endpoints ?? []) {
      if (conditions?.ready !== false) for (const address of each) addresses.add(address);
    }
    wanted.set(key, addresses);
  }
  return [...wanted].flatMap(([key, addresses]) => {
    const [namespace, name] = key.split('/');
    const known = Object.values(shards[`${name}.${namespace}.svc.cluster.local`]?.[namespace]?.Shards ?? {}).flat();
    const found = new Set(known.flatMap((endpoint) => endpoint?.Addresses ?? []));
    return [...addresses].every((address) => found.has(address)) ? [] : [`endpoints of Service ${key}`];
  });
}

/** Proxies that have not acknowledged all that was sent to them after `before`. */
export function unacknowledged(
  proxies: readonly string[],
  before: readonly SyncStatus[],
  now: readonly SyncStatus[],
): string[] {
  return proxies.filter((id) => {
    const earlier = before.find(({ proxy }) => proxy === id)?.resources;
    const current = now.find(({ proxy }) => proxy === id)?.resources;
    if (current === undefined) return true;
    const pushed = PUSHED.every((type) => current[type]?.sent && current[type]?.sent !== earlier?.[type]?.sent);
    return !pushed || Object.values(current).some(({ sent = '', acked = '' }) => sent !== acked);
  });
}

/** Types that every push sends anew. */
const PUSHED = ['cluster.v3.Cluster', 'listener.v3.Listener'].map((type) => `type.googleapis.com/envoy.config.${type}`);

/** What an Envoy has accepted and does not use yet: listeners and clusters that wait, names that it has not looked up. */
async function unsettled(pod: RunningPod, resolves: Resolve): Promise<string[]> {
  const admin = async (path: string) =>
    (await run(pod.sandbox.enter(['curl', '-s', '-m', '5', `http://127.0.0.1:15000/${path}`]))).stdout;
  const stats = await admin('stats?filter=warming');
  const warming = [...stats.matchAll(/^(\S*warming): (?!0$)\d+$/gm)].map(([, name]) => name);
  if (!stats.includes('warming')) return ['statistics'];
  if (warming.length > 0) return warming;
  const dump = JSON.parse(await admin('config_dump?resource=dynamic_active_clusters'));
  const { cluster_statuses: statuses = [] } = JSON.parse(await admin('clusters?format=json'));
  return unresolved(dump.configs ?? [], statuses, resolves);
}

/** A part of Envoy's configuration dump. */
export interface ClusterDump {
  cluster: {
    name: string;
    type?: string;
    load_assignment?: {
      endpoints?: { lb_endpoints?: { endpoint?: { address?: { socket_address?: { address: string } } } }[] }[];
    };
  };
}

/** A part of Envoy's list of clusters. */
export interface ClusterStatus {
  name: string;
  host_statuses?: { address?: { socket_address?: { address: string } } }[];
}

/** Names that DNS knows by now, and of which an Envoy does not have the addresses. */
export function unresolved(
  dumps: readonly ClusterDump[],
  statuses: readonly ClusterStatus[],
  resolves: Resolve,
): string[] {
  return dumps.flatMap(({ cluster }) => {
    if (cluster.type !== 'STRICT_DNS' && cluster.type !== 'LOGICAL_DNS') return [];
    const hosts = statuses.find(({ name }) => name === cluster.name)?.host_statuses ?? [];
    const known = new Set(hosts.map(({ address }) => address?.socket_address?.address));
    const names = (cluster.load_assignment?.endpoints ?? [])
      .flatMap(({ lb_endpoints = [] }) => lb_endpoints)
      .flatMap(({ endpoint }) => endpoint?.address?.socket_address?.address ?? []);
    return names
      .filter((name) => (resolves(name) ?? []).some((address) => !known.has(address)))
      .map((name) => `addresses of ${name}`);
  });
}

import { destinationsOf } from './destinations';
import { callerGroups } from './explore/callers';
import { Survey } from './explore/survey';
import { targetsOf } from './explore/targets';
import type { LocatedFinding } from './located';
import { push } from './memo';
import { decisionAt } from './proof/findings';
import { fullName, isWildcard } from './registry/hosts';
import type { Way } from './run/client';
import { TRACE_CODES, type TraceCode } from './run/codes';
import { Engine } from './run/engine';
import type { Hop } from './run/hop';
import { describeOutcome } from './run/outcome';
import { statedPortOf } from './stated-port';
import { suspectsOf } from './suspects';
import { type Trace, Tracer } from './trace';
import type { ServiceEntrySpec, VirtualServiceSpec } from './world/istio-types';
import type { Mesh } from './world/mesh';
import type { Resource } from './world/resource';
import { standInPod } from './world/stand-ins';
import { World } from './world/world';

/** Code of a host that nobody gets an answer of. */
export const UNANSWERED_HOST = 'MESH3080';

/** Hosts of which calls are made, at most: each costs less than a millisecond. */
const MOST_HOSTS = 1000;

/** What is found, and of which hosts nothing is said. */
export interface Unanswered {
  readonly findings: readonly LocatedFinding[];
  readonly assumptions: readonly string[];
}

interface Failed {
  readonly url: string;
  readonly trace: Trace;
  readonly way: Way;
  readonly hop: Hop;
}

/**
 * Hosts of ServiceEntries and VirtualServices of which nobody gets an answer, whatever is called, though everything that
 * decides it is among the manifests. What may be elsewhere says nothing: a name that no fact resolves, pods that nobody
 * wrote down, Secrets.
 *
 * @param likely names and addresses of which it is assumed where they lead: what is found beyond them is a warning.
 */
export function unansweredHosts(given: World, likely: readonly string[] = []): Unanswered {
  const hosts = dialledHosts(given);
  if ([...hosts.values()].every((here) => here.size === 0)) return { findings: [], assumptions: [] };
  const world = withCallers(given, hosts);
  const engine = new Engine(world);
  const { failed, left } = failedCalls(engine, world, hosts);
  const answered = answeredOf(engine, failed);
  const groups = new Map<string, Failed[]>();
  const tracer = new Tracer(world);
  for (const one of failed.filter(({ url, trace }) => !answered.has(`${clusterOf(trace)} ${url}`))) {
    if (!isDecided(one, given) || tracer.trace(one.trace.call).ambiguous) continue;
    const { refs } = decisionAt(one.way);
    const why = [
      clusterOf(one.trace),
      one.hop.at,
      one.hop.failure?.code,
      ...refs.map((ref) => `${ref.object} ${ref.field}`),
    ];
    push(groups, why.join('\n'), one);
  }
  const assumptions = left === 0 ? [] : [`of ${left} more hosts whether anybody gets an answer is not looked at`];
  return { findings: [...groups.values()].map((all) => findingOf(all, world, likely)), assumptions };
}

/**
 * Hosts that callers of each cluster dial to leave it, or to go through a gateway. What only routes of gateways lead to is
 * dialled by nobody, and a route from Service to Service stays inside.
 */
function dialledHosts({ meshes }: World): Map<string, ReadonlySet<string>> {
  return new Map(
    [...meshes].map(([cluster, mesh]) => {
      const leadsAway = waysOutOf(mesh);
      const routes = mesh.kind<VirtualServiceSpec>('VirtualService');
      const isOfMesh = ({ spec: { gateways = [] } }: Resource<VirtualServiceSpec>) =>
        gateways.length === 0 || gateways.includes('mesh');
      const routed = routes
        .filter((one) => isOfMesh(one) && leadsAway(one))
        .flatMap(({ spec: { hosts = [] }, namespace }) => hosts.map((host) => fullName(host, namespace)));
      const behind = new Set(
        routes
          .filter((one) => !isOfMesh(one))
          .flatMap(({ spec, namespace }) =>
            destinationsOf(spec).map(({ destination }) => fullName(destination.host ?? '', namespace)),
          ),
      );
      const stated = mesh.kind<ServiceEntrySpec>('ServiceEntry').flatMap(({ spec: { hosts = [] } }) => [...hosts]);
      const all = [...routed, ...stated.filter((host) => !behind.has(host))];
      return [cluster, new Set(all.filter((host) => !isWildcard(host)))] as const;
    }),
  );
}

/** Whether a VirtualService leads to a gateway, or to what is no Service of the cluster. */
function waysOutOf(mesh: Mesh): (route: Resource<VirtualServiceSpec>) => boolean {
  const gateways = new Set(mesh.workloads.filter(({ proxy }) => proxy === 'gateway').map(({ namespace }) => namespace));
  return ({ spec, namespace: own }) =>
    destinationsOf(spec).some(({ destination }) => {
      const [name, namespace = ''] = fullName(destination.host ?? '', own).split('.');
      return gateways.has(namespace) || mesh.find('Service', namespace, name) === undefined;
    });
}

/** The world with a pod that calls, in each namespace that states a host and has no pods of its own. */
function withCallers(world: World, hosts: ReadonlyMap<string, ReadonlySet<string>>): World {
  const pods = [...world.meshes.values()].flatMap((mesh) => {
    if (hosts.get(mesh.cluster)?.size === 0) return [];
    const stating = [...mesh.kind('ServiceEntry'), ...mesh.kind('VirtualService')].map(({ namespace }) => namespace);
    const gateways = new Set(mesh.kind('Gateway').map(({ namespace }) => namespace));
    const empty = [...new Set(stating)].filter(
      (namespace) =>
        !gateways.has(namespace) && namespace !== mesh.rootNamespace && mesh.workloadsIn(namespace).length === 0,
    );
    return empty
      .sort()
      .map((namespace) =>
        standInPod(mesh.cluster, { namespace, name: 'any-pod', labels: {}, serviceAccount: 'default' }),
      );
  });
  return pods.length === 0 ? world : new World(world.facts, [...world.resources, ...pods], world.order);
}

/** The first call of each host and port, of which no group of callers gets an answer. */
function failedCalls(engine: Engine, world: World, hosts: ReadonlyMap<string, ReadonlySet<string>>) {
  const tracer = new Tracer(world);
  const calls = new Map<string, Failed | undefined>();
  const left = new Set<string>();
  for (const group of callerGroups(engine)) {
    const [caller] = group.workloads;
    if (caller.proxy !== 'sidecar') continue;
    const here = hosts.get(group.cluster) ?? new Set<string>();
    for (const { url } of targetsOf(engine, group, (host) => here.has(host))) {
      const key = `${group.cluster} ${url}`;
      if (calls.has(key) && calls.get(key) === undefined) continue;
      if (!calls.has(key) && calls.size >= MOST_HOSTS) {
        left.add(key);
        continue;
      }
      const trace = tracer.traceOnce({ from: caller.id, url: url.startsWith('http') ? `${url}/` : url });
      const [way] = trace.ways;
      const hop = trace.ways.some(({ outcome }) => outcome.served) ? undefined : decisionAt(way).hop;
      const isFirst = !calls.has(key);
      if (hop === undefined) calls.set(key, undefined);
      else if (isFirst) calls.set(key, { url, trace, way, hop });
    }
  }
  return { failed: [...calls.values()].filter((one) => one !== undefined), left: left.size };
}

/** Of calls that fail, those of which another request, or another caller, gets an answer: `<cluster> <url>`. */
function answeredOf(engine: Engine, failed: readonly Failed[]): ReadonlySet<string> {
  const urls = new Set(failed.map(({ url }) => url));
  const answered = new Set<string>();
  if (urls.size === 0) return answered;
  for (const { cluster, url, cells } of new Survey([engine]).all({
    kinds: ['workloads'],
    isDialled: (one) => urls.has(one),
  })) {
    if (cells.some(({ result }) => result.some((reach) => (reach?.reached.length ?? 0) > 0)))
      answered.add(`${cluster} ${url}`);
  }
  return answered;
}

const clusterOf = ({ call }: Trace): string => call.from.split('/')[0];

/** Ends that manifests alone decide. */
const DECIDED: ReadonlySet<TraceCode> = new Set([
  ...([
    'MESH-T102',
    'MESH-T103',
    'MESH-T201',
    'MESH-T202',
    'MESH-T205',
    'MESH-T206',
    'MESH-T207',
    'MESH-T208',
    'MESH-T209',
  ] as const),
  ...(['MESH-T301', 'MESH-T401', 'MESH-T402', 'MESH-T404'] as const),
]);

/** Those of calls in TLS of the application's own, of whose certificates and authorities manifests know nothing. */
const DECIDED_IN_TLS: ReadonlySet<TraceCode> = new Set([
  'MESH-T102',
  'MESH-T103',
  'MESH-T201',
  'MESH-T202',
  'MESH-T208',
  'MESH-T404',
]);

/** Those that decide where nothing but the Secrets of the facts exists. */
const DECIDED_BY_SECRETS: ReadonlySet<TraceCode> = new Set(['MESH-T204', 'MESH-T406']);

/** Whether what ends a call is all there, so that nothing elsewhere makes it otherwise. */
function isDecided({ url, trace, hop, way }: Failed, world: World): boolean {
  const code = hop.failure?.code;
  if (code === undefined || trace.unmodelled.length > 0) return false;
  if (DECIDED_BY_SECRETS.has(code)) return world.facts.secretsAreComplete === true;
  if (!(/^(http|tcp):/.test(url) ? DECIDED : DECIDED_IN_TLS).has(code)) return false;
  const mesh = world.meshes.get(hop.at.split('/')[0]);
  if (code === 'MESH-T102') return isOfLoadBalancer(hop, world);
  if (code === 'MESH-T202') return (mesh?.kind('Gateway').length ?? 0) > 0;
  // names of a certificate that no fact states may be those that a policy asks for
  if (code === 'MESH-T301') return hop.received?.presented?.length !== 0;
  // whose authorities they are does not matter to whoever sends none
  if (code === 'MESH-T207' && hop.received?.presented === undefined) return true;
  if (code === 'MESH-T404') return mesh !== undefined && isKnown(hop, mesh);
  if (code !== 'MESH-T206' && code !== 'MESH-T207') return true;
  // an authority that nobody states may be the same
  const clusters = new Set(way.hops.filter(({ role }) => role !== 'network').map(({ at }) => at.split('/')[0]));
  return [...clusters].every((cluster) => world.facts.meshes[cluster]?.root !== undefined);
}

/** Whether a load balancer is known that has the address and does not take the port. */
function isOfLoadBalancer({ at }: Hop, world: World): boolean {
  const [, ip, port] = /^(.*):(\d+)$/.exec(at) ?? [];
  const owner = ip === undefined ? undefined : world.ownerOf(ip);
  return owner?.kind === 'outside' && owner.address.ports[Number(port)] === undefined;
}

/** Whether a Service or ServiceEntry of a cluster that a proxy lacks is among the manifests. */
function isKnown({ cluster = '' }: Hop, mesh: Mesh): boolean {
  const host = cluster.split('|')[3] ?? '';
  const [name, namespace] = host.split('.');
  const isStated = mesh.kind<ServiceEntrySpec>('ServiceEntry').some(({ spec }) => spec.hosts?.includes(host));
  return isStated || mesh.find('Service', namespace, name) !== undefined;
}

function findingOf([first, ...more]: readonly Failed[], world: World, likely: readonly string[]): LocatedFinding {
  const { url, trace, way, hop } = first;
  const suspects = suspectsOf(world, way);
  const refs = [...suspects, ...statedPortOf(world, way), ...decisionAt(way).refs];
  const { failure } = hop;
  const { title, fix } = TRACE_CODES[failure?.code ?? 'MESH-T407'];
  const outcome = describeOutcome(way.outcome);
  const isLikely = way.hops.some(({ endpoint = '' }) => likely.includes(endpoint.replace(/:\d+$/, '')));
  const others = more.length === 0 ? '' : `, nor from ${more.map((one) => one.url).join(', ')}`;
  const [, namespace, name] = trace.call.from.split('/');
  const caller = name === 'any-pod' ? `any pod of ${namespace}` : trace.call.from;
  return {
    code: UNANSWERED_HOST,
    // who may call may be a workload that nobody wrote down, and another load balancer may share the address
    severity: failure?.code === 'MESH-T301' || failure?.code === 'MESH-T102' || isLikely ? 'warning' : 'error',
    objects: [...new Set(refs.map(({ object }) => object))],
    message: `nobody in ${clusterOf(trace)} gets an answer from ${url}${others}: a call of ${caller} ends in ${outcome}, at ${hop.at}${hop.role === 'network' ? '' : ` (${hop.role})`}: ${failure?.why ?? 'nobody answers'}${suspects.map(({ object, note }) => `; ${object} ${note}`).join('')}`,
    atRuntime: `callers get ${outcome}: ${title}`,
    fix,
    refs,
    trace: { ...trace, ways: [way] },
  };
}

import { push } from '../../facts/memo';
import { suspectsOf } from '../explain/suspects';
import { callerGroups } from '../explore/callers';
import type { Sample } from '../explore/cells';
import { Survey } from '../explore/survey';
import { targetsOf } from '../explore/targets';
import type { LocatedFinding } from '../located';
import { decisionAt } from '../proof/findings';
import type { Way } from '../run/client';
import { TRACE_CODES, type TraceCode } from '../run/codes';
import { Engine } from '../run/engine';
import type { Hop } from '../run/hop';
import { describeOutcome } from '../run/outcome';
import { type Trace, Tracer } from '../trace';
import type { World } from '../world/world';
import { ANY_POD, withCallers } from './any-pod';
import { DECIDED_BY_SECRETS, type Failed, isDecided } from './decided';
import { dialledHosts } from './dialled-hosts';
import { failedParts } from './parts';
import { statedPortOf } from './stated-port';

/** Code of a host that nobody gets an answer of. */
export const UNANSWERED_HOST = 'MESH3080';
/** Hosts of which calls are made, at most: each costs less than a millisecond. */
const MOST_HOSTS = 1000;

/** What is found, and of which hosts nothing is said. */
export interface Unanswered {
  readonly findings: readonly LocatedFinding[];
  readonly assumptions: readonly string[];
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
  const all = endsOf(engine, failed);
  const groups = new Map<string, Failed[]>();
  const tracer = new Tracer(world);
  for (const first of failed) {
    const ends = all.get(`${clusterOf(first.trace)} ${first.url}`);
    if (ends === 'answered') continue;
    if (ends?.some((end) => lacksKeys(end) && !isDecided({ ...first, ...end }, given))) continue;
    const further = (ends ?? []).filter((end) => goesFurther(end, first));
    if (![first, ...further.map((end) => ({ ...first, ...end }))].every((one) => isDecided(one, given))) continue;
    const one = (further.length > 0 && tracedEnd(tracer, first, further[0])) || first;
    if (tracer.trace(one.trace.call).ambiguous) continue;
    const { refs } = decisionAt(one.way);
    const why = [
      clusterOf(one.trace),
      one.hop.at,
      one.hop.failure?.code,
      ...refs.map((ref) => `${ref.object} ${ref.field}`),
    ];
    push(groups, why.join('\n'), one);
  }
  for (const part of failedParts(engine, world, hosts, failed)) {
    if (isDecided(part, given)) push(groups, `${clusterOf(part.trace)} ${part.url}`, part);
  }
  const assumptions = left === 0 ? [] : [`of ${left} more hosts whether anybody gets an answer is not looked at`];
  return { findings: [...groups.values()].map((all) => findingOf(all, world, likely)), assumptions };
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

/** How one of the requests of a host ends that nobody answers. */
interface End {
  readonly sample: Sample;
  readonly way: Way;
  readonly hop: Hop;
}

/** Of calls that fail, by `<cluster> <url>`: how other requests and other callers end, or that one of them gets an answer. */
function endsOf(engine: Engine, failed: readonly Failed[]): ReadonlyMap<string, 'answered' | readonly End[]> {
  const urls = new Map(failed.map(({ url, way }) => [url, way.outcome]));
  const all = new Map<string, 'answered' | readonly End[]>();
  if (urls.size === 0) return all;
  const survey = new Survey([engine]).all({ kinds: ['workloads'], isDialled: (one) => urls.has(one) });
  for (const { cluster, url, cells } of survey) {
    const key = `${cluster} ${url}`;
    const known = all.get(key) ?? [];
    const isAnswered = cells.some(({ result }) => result.some((reach) => (reach?.reached.length ?? 0) > 0));
    const outcome = urls.get(url);
    if (known === 'answered' || isAnswered || outcome === undefined) {
      all.set(key, 'answered');
      continue;
    }
    const ends = cells.flatMap(({ sample, result }) =>
      (result[0]?.branches ?? []).map(({ probability, hops }): End => {
        const way = { probability, hops, outcome };
        return { sample, way, hop: decisionAt(way).hop };
      }),
    );
    all.set(key, [...known, ...ends]);
  }
  return all;
}

/** Ends that depend on what is asked: another request may get past them, in this order. */
const OF_REQUESTS: readonly TraceCode[] = ['MESH-T402', 'MESH-T301'];

/** A caller that is meant to have keys, which may be there all the same. */
const lacksKeys = ({ hop: { failure } }: End): boolean => failure !== undefined && DECIDED_BY_SECRETS.has(failure.code);

/** Ends of connections and their TLS. */
const IN_CONNECTION = /^MESH-T2/;

/**
 * Whether another call gets past the place where the first one ends: its end is why nobody gets an answer. Where that one has
 * no connection, as without the TLS of a rule for other pods, it does where its request is read.
 */
function goesFurther({ way, hop: { at, failure } }: End, first: Failed): boolean {
  if (failure === undefined) return false;
  // without a connection it is not read there at all
  if (at === first.hop.at && IN_CONNECTION.test(failure.code)) return false;
  const before = OF_REQUESTS.indexOf(first.hop.failure?.code ?? 'MESH-T407');
  const place = OF_REQUESTS.indexOf(failure.code);
  const isFurther = before < 0 ? place >= 0 : place < 0 || place > before;
  return isFurther && way.hops.some((one) => one.at === first.hop.at);
}

/** The call of that end, if method and path alone make it. */
function tracedEnd(tracer: Tracer, { url }: Failed, { sample, hop: { failure } }: End): Failed | undefined {
  if (sample.caller === undefined || !url.startsWith('http')) return undefined;
  const method = sample.text('method');
  const call = { from: sample.caller.id, url: `${url}${sample.text('path') ?? '/'}`, ...(method ? { method } : {}) };
  const trace = tracer.traceOnce(call);
  const [way] = trace.ways;
  const { hop } = decisionAt(way);
  return hop.failure?.code === failure?.code ? { url, trace, way, hop } : undefined;
}

/** Whom policies name may be a workload that nobody wrote down. */
const whoever = (code: TraceCode | undefined, trace: Trace): string =>
  code === 'MESH-T301' ? `nobody of whom ${clusterOf(trace)} has manifests` : `nobody in ${clusterOf(trace)}`;

const clusterOf = ({ call }: Trace): string => call.from.split('/')[0];

function findingOf([first, ...more]: readonly Failed[], world: World, likely: readonly string[]): LocatedFinding {
  const { url, trace, way, hop } = first;
  const suspects = suspectsOf(world, way);
  const refs = [...suspects, ...statedPortOf(world, way), ...decisionAt(way).refs];
  const { failure } = hop;
  const { title, fix } = TRACE_CODES[failure?.code ?? 'MESH-T407'];
  const outcome = describeOutcome(way.outcome);
  const [, dialled = ''] = /^[a-z]+:\/\/([^/:]+)/.exec(url) ?? [];
  const isLikely = [dialled, ...way.hops.map(({ endpoint = '' }) => endpoint.replace(/:\d+$/, ''))].some((one) =>
    likely.includes(one),
  );
  const others = more.length === 0 ? '' : `, nor from ${more.map((one) => one.url).join(', ')}`;
  const [, namespace, name] = trace.call.from.split('/');
  const caller = name.startsWith(ANY_POD) ? `any pod of ${namespace}` : trace.call.from;
  return {
    code: UNANSWERED_HOST,
    // who may call may be a workload that nobody wrote down, and another load balancer may share the address
    severity: failure?.code === 'MESH-T301' || failure?.code === 'MESH-T102' || isLikely ? 'warning' : 'error',
    objects: [...new Set(refs.map(({ object }) => object))],
    message: `${whoever(failure?.code, trace)} gets an answer from ${url}${others}${first.isShare ? ' for a share of its calls' : ''}: a call of ${caller} ends in ${outcome}, at ${hop.at}${hop.role === 'network' ? '' : ` (${hop.role})`}: ${failure?.why ?? 'nobody answers'}${suspects.map(({ object, note }) => `; ${object} ${note}`).join('')}`,
    atRuntime: `callers get ${outcome}: ${title}`,
    fix,
    refs,
    trace: { ...trace, ways: [way] },
  };
}

import type { Way } from '../../lib/verify/run/client';
import { describeOutcome } from '../../lib/verify/run/outcome';
import { classesOf } from '../../lib/verify/run/words';
import type { Trace } from '../../lib/verify/trace';
import type { World } from '../../lib/verify/world/world';
import type { CallResult } from '../bed/expectation';
import type { Call } from '../bed/scenario';
import type { Hop } from '../istio/hops';

/** In what a prediction and real proxies differ. */
export type Difference = 'answer' | 'error class' | 'flags' | 'server' | 'status' | 'ways' | 'word';

export type Agreement =
  | { kind: 'agrees' }
  | { kind: 'differs'; by: Difference; found: string; predicted: string }
  /** The model says of itself that it cannot judge the call. */
  | { kind: 'unmodelled'; why: string };

/** As people say it. */
export const describeDifference = ({ by, found, predicted }: Extract<Agreement, { kind: 'differs' }>): string =>
  `lib/verify foresees another ${by}: ${predicted}, found ${found}`;

/** A call that was made: its result, and what was predicted of it. */
export interface Judged {
  call: Pick<Call, 'url' | 'method' | 'repeat' | 'unforeseeable'>;
  result: Pick<CallResult, 'code' | 'error' | 'body' | 'hops' | 'spread'>;
  trace: Trace;
  world: World;
  /** Ids of the workloads that a pod may be of, by its name. */
  pods: ReadonlyMap<string, readonly string[]>;
}

/** A way that real traffic has to show in so many calls, unless one in a thousand runs is unlucky. */
const UNLUCKY = 0.001;

/** Flags that tell how a client or a retry went, or whether a kernel sent RST or FIN, not where a call ends. */
const INCIDENTAL = ['DC', 'UR', 'URX'];

/** Compares what real proxies did with what was predicted. */
export function agreementOf(judged: Judged): Agreement {
  const why = whyUnmodelled(judged);
  if (why !== undefined) return { kind: 'unmodelled', why };
  return judged.result.spread === undefined ? ofOne(judged) : ofMany(judged, judged.result.spread);
}

function whyUnmodelled({ call, trace }: Judged): string | undefined {
  const [first] = trace.unmodelled;
  if (first) return `${first.object} ${first.field}`;
  return call.unforeseeable;
}

function ofOne(judged: Judged): Agreement {
  const { result, trace } = judged;
  const found = result.error ?? String(result.code ?? 'nothing');
  const predicted = describeOutcome(trace.outcome);
  if (result.error !== undefined && classesOf(result.error) === undefined) {
    return { kind: 'differs', by: 'word', found, predicted: 'a word of lib/verify/run/words.ts' };
  }
  const complaints = trace.ways.map((way) => complaintOf(judged, way));
  if (complaints.includes(undefined)) return { kind: 'agrees' };
  // the way that comes closest says most
  const order: readonly Difference[] = ['flags', 'server', 'status', 'error class', 'answer'];
  const [closest] = complaints.flatMap((one) => one ?? []).sort((a, b) => order.indexOf(a.by) - order.indexOf(b.by));
  return { kind: 'differs', ...(closest ?? { by: 'answer', found, predicted }) };
}

type Complaint = { by: Difference; found: string; predicted: string };

function complaintOf(judged: Judged, { outcome, hops }: Way): Complaint | undefined {
  const { result, pods, call } = judged;
  const found = result.error ?? String(result.code ?? 'nothing');
  const predicted = describeOutcome(outcome);
  const isAnswer = result.code !== undefined;
  if (outcome.class === 'no answer' && hasNoAnswer(result)) return undefined;
  if (isAnswer !== (outcome.class === 'answer')) return { by: 'answer', found, predicted };
  if (isAnswer && outcome.code !== result.code) return { by: 'status', found, predicted };
  if (!isAnswer && !classesOf(result.error ?? '')?.includes(outcome.class)) {
    return { by: 'error class', found, predicted: `${predicted} (${outcome.class})` };
  }
  if (isAnswer && call.method !== 'HEAD') {
    const pod = podIn(result.body);
    const served = outcome.served?.workload;
    const isSame = pod === undefined ? served === undefined : pods.get(pod)?.includes(served ?? '');
    if (!isSame) return { by: 'server', found: `${found} of ${pod ?? 'a proxy'}`, predicted: served ?? 'of a proxy' };
  }
  const complaints = withEjections(hops).map((one) => flagComplaint(judged, one));
  return complaints.includes(undefined) ? undefined : complaints[0];
}

/** The hops of a call, and those of one that comes after outlier detection has ejected whatever fails. */
const withEjections = (hops: Way['hops']): Way['hops'][] => [
  [...hops],
  ...hops.flatMap(({ onceEjected, ...hop }, index) =>
    onceEjected ? [[...hops.slice(0, index), { ...hop, flag: onceEjected }]] : [],
  ),
];

/** A proxy tells of an address that does not answer by 503 UF, when the network is quicker than the client's patience. */
const hasNoAnswer = ({ code, hops }: Judged['result']): boolean =>
  code === 503 && hops.some(({ flags }) => flags.split(',').includes('UF'));

/** The pod that answered, by what the echo servers of the testbed answer. */
function podIn(body: string): string | undefined {
  return /"pod": ?"([^"]+)"/.exec(body)?.[1];
}

function flagComplaint({ result, world }: Judged, predicted: Way['hops']): Complaint | undefined {
  const nameOf = (id: string): string => {
    const [cluster, namespace, name] = id.split('/');
    const { app, istio } = world.workload(cluster, namespace, name)?.labels ?? {};
    return `${cluster}/${namespace}/${app ?? istio ?? name}`;
  };
  const wanted = predicted.flatMap(({ at, flag }) => (flag ? [`${nameOf(at)} ${flag}`] : []));
  const logged = result.hops.flatMap(({ at, flags }) =>
    flags.split(',').flatMap((flag) => (flag === '' || INCIDENTAL.includes(flag) ? [] : [`${at} ${flag}`])),
  );
  // whoever gives up leaves before the proxy has given up, and has logged why
  const hasGivenUp = result.error !== undefined && isTimeout(result.error);
  // a proxy of bytes leads a connection on before it reads the byte that it denies: which end is first is chance
  const denial = predicted.findIndex(({ failure }) => failure?.code === 'MESH-T301');
  const isLed = result.code === undefined && denial >= 0 && logged.includes(`${nameOf(predicted[denial].at)} UF`);
  const before = predicted.slice(0, denial).map(({ at }) => nameOf(at));
  const isBehind = (one: string) => isLed && !before.some((name) => one.startsWith(`${name} `));
  const isSame =
    (hasGivenUp || wanted.every((one) => logged.includes(one))) &&
    logged.every((one) => wanted.includes(one) || isBehind(one));
  if (isSame) return undefined;
  return { by: 'flags', found: logged.join(', ') || 'no flags', predicted: wanted.join(', ') || 'no flags' };
}

const isTimeout = (error: string): boolean => /^curl 28\b/.test(error);

/** Whether the proxies have logged what a prediction says that they log. */
export function isLogged(trace: Trace, hops: readonly Hop[]): boolean {
  const has = (flag: string) => hops.some(({ flags }) => flags.split(',').includes(flag));
  return withEjections(trace.ways[0].hops).some((all) => all.every(({ flag }) => !flag || has(flag)));
}

/** Repeated calls reach ways that were predicted alone, and all of them that are likely enough. */
function ofMany({ call, trace, result }: Judged, spread: Readonly<Record<string, number>>): Agreement {
  const probabilities = new Map<string, number>();
  for (const way of trace.ways) {
    const name = nameOfWay(way);
    probabilities.set(name, (probabilities.get(name) ?? 0) + way.probability);
  }
  const reached = Object.keys(spread).map((name) => (result.error === name ? name : wordOf(name)));
  const repeat = call.repeat ?? 1;
  const due = [...probabilities].filter(([, probability]) => (1 - probability) ** repeat < UNLUCKY);
  const isSame = reached.every((name) => probabilities.has(name)) && due.every(([name]) => reached.includes(name));
  if (isSame) return { kind: 'agrees' };
  const predicted = [...probabilities].map(([name, probability]) => `${name} ${Math.round(probability * 100)} %`);
  return { kind: 'differs', by: 'ways', found: JSON.stringify(spread), predicted: predicted.sort().join(', ') };
}

/** An error by its word, an answer as it is. */
const wordOf = (answer: string) => /^curl \d+(?=:)/.exec(answer)?.[0] ?? answer;

function nameOfWay({ outcome: { served, code, error } }: Way): string {
  if (code === 200 && served) return served.version ? `${served.app}-${served.version}` : served.app;
  return String(error ?? code);
}

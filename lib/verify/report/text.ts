import type { Way } from '../run/client';
import { TRACE_CODES } from '../run/codes';
import type { Hop, Leg } from '../run/hop';
import { describeOutcome, type Outcome } from '../run/outcome';
import { describeAmbiguity, type Trace } from '../trace';
import type { Ref } from '../world/resource';
import { SourceLines } from './source-line';

const WIDTH = 80;

/**
 * A trace for people: the outcome, then two lines per hop, what it does and which field says so. A failure ends with why,
 * its code and the fix.
 */
export function explain(trace: Trace, lines: SourceLines = new SourceLines()): string {
  const [way, ...others] = trace.ways;
  const text = [
    heading(trace),
    ...way.hops.flatMap((hop, index) => explainHop(hop, index + 1, lines)),
    ...failure(way),
    ...others.map((other) => ` or, ${percent(other)}: ${ending(other.outcome)}${via(other)}`),
    ...trace.assumptions.map((what) => ` assumes: ${what}`),
    ...trace.unmodelled.map(
      ({ object, field, note }) => ` not modelled: ${object}  ${field}${note ? ` (${note})` : ''}`,
    ),
    ...(trace.ambiguous ? [` ${describeAmbiguity(trace.ambiguous)}`] : []),
  ];
  return `${text.join('\n')}\n`;
}

function heading({ call, outcome, ways }: Trace): string {
  const method = call.method && call.method !== 'GET' ? `${call.method} ` : '';
  const left = `${call.from} → ${method}${call.url}`;
  const right = `${ending(outcome)}${ways.length > 1 ? ` (${percent(ways[0])})` : ''}`;
  return left.length + right.length + 2 > WIDTH ? `${left}\n  ${right}` : left.padEnd(WIDTH - right.length) + right;
}

function ending(outcome: Outcome): string {
  const { served } = outcome;
  const who = served ? `  ${served.workload}${served.version ? ` ${served.version}` : ''}` : '';
  return describeOutcome(outcome) + who;
}

const percent = ({ probability }: Way): string => `${Math.round(probability * 100)} %`;

const via = ({ hops }: Way): string => ` via ${hops.map(({ at }) => at).join(', ')}`;

function explainHop(hop: Hop, number: number, lines: SourceLines): string[] {
  const where = hop.role === 'network' ? hop.at : `${hop.at} ${hop.role}`;
  const head = `${String(number).padStart(2)} ${where}`;
  const what = hop.failure ? [...doing(hop), `✗ ${hop.failure.why}`] : doing(hop);
  const flag = hop.flag ? ` [${hop.flag}]` : '';
  return [`${head}${flag}`, ...what.map((one) => `      ${one}`), ...deciding(hop).map((ref) => refLine(ref, lines))];
}

/** What a proxy does with what it gets. */
function doing({ role, received, route, cluster, endpoint, sent, listener }: Hop): string[] {
  if (role === 'application' || role === 'network') return [];
  const arrives = received && role !== 'sidecar outbound' ? [`on ${listener}: ${arriving(received)}`] : [];
  if (cluster === undefined) return arrives;
  const chosen = route === undefined ? '' : `route ${route} `;
  const to = endpoint === undefined ? '' : ` at ${endpoint}`;
  return [...arrives, `${chosen}→ ${shortCluster(cluster)}${to}`, ...(sent ? leaving(sent) : [])];
}

function arriving({ tls, sni, presented }: Leg): string {
  const name = sni === undefined ? '' : `, SNI ${sni}`;
  const client = presented?.length ? `, client ${presented.join(', ')}` : '';
  if (tls === 'clear') return 'clear text';
  return tls === 'passed on' ? `TLS that it does not open${name}` : `opens TLS ${tls}${name}${client}`;
}

function leaving({ tls, sni, expects }: Leg): string[] {
  if (tls === 'clear') return ['in clear text'];
  if (tls === 'passed on') return ['with TLS as it came'];
  const names = expects?.length ? [`expects ${expects.join(' or ')}`] : [];
  return [`with TLS ${tls}${sni ? `, SNI ${sni}` : ''}`, ...names];
}

/** `outbound|80|v1|host` as people write it. */
function shortCluster(cluster: string): string {
  const [direction, port, subset, host] = cluster.split('|');
  if (direction === 'inbound') return `application on ${port}`;
  return host === undefined ? cluster : `${host}:${port}${subset ? ` subset ${subset}` : ''}`;
}

/** Fields that somebody wrote to decide this, the narrowest of each object; Services only where nothing else did. */
function deciding({ refs }: Hop): Ref[] {
  const isWithin = (inner: Ref, outer: Ref) =>
    inner.object === outer.object && inner.field !== outer.field && inner.field.startsWith(outer.field);
  const distinct = refs.filter((ref, index) => {
    const first = refs.findIndex(({ object, field }) => object === ref.object && field === ref.field);
    return first === index && !refs.some((other) => isWithin(other, ref));
  });
  const written = distinct.filter(({ object }) => !/^(Service|MeshConfig) /.test(object));
  return written.length > 0 ? written : distinct.slice(0, 1);
}

function refLine(ref: Ref, lines: SourceLines): string {
  const { object, field, note } = ref;
  const what = `         ${object}  ${field}${note ? ` (${note})` : ''}`;
  const where = lines.of(ref);
  return where === undefined ? what : `${what}  ${where}`;
}

function failure({ hops }: Way): string[] {
  const failed = [...hops].reverse().find((hop) => hop.failure)?.failure;
  if (!failed) return [];
  const { title, fix } = TRACE_CODES[failed.code];
  return [` ${failed.code} ${title}: ${failed.why}`, ` fix: ${fix}`];
}

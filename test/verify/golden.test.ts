import type { Call } from '../../lib/verify/run/call';
import type { Way } from '../../lib/verify/run/client';
import { describeOutcome, type Outcome } from '../../lib/verify/run/outcome';
import { type Trace, Tracer } from '../../lib/verify/trace';
import { type Resource, resource } from '../../lib/verify/world/resource';
import { World } from '../../lib/verify/world/world';
import { type Golden, type GoldenAction, type GoldenCall, goldens } from '../../tools/oracle/golden';

/** What is done before a call: a workload is scaled, or begins to fail. */
function after(golden: Golden, actions: readonly GoldenAction[]): Golden {
  let scenario = golden;
  for (const action of actions) scenario = afterOne(scenario, action);
  return scenario;
}

function afterOne(
  golden: Golden,
  { cluster = '', namespace = '', workload, kubectl = [], fail }: GoldenAction,
): Golden {
  if (kubectl[0] === 'scale') {
    const name = kubectl[1].split('/')[1];
    const replicas = Number(kubectl.find((one) => one.startsWith('--replicas'))?.split('=')[1]);
    const scaled = (one: Resource): Resource => {
      if (one.cluster !== cluster || one.kind !== 'Deployment' || one.name !== name) return one;
      return resource(cluster, { ...one.manifest, spec: { ...(one.spec as object), replicas } }, one.source);
    };
    return { ...golden, resources: golden.resources.map(scaled) };
  }
  const found = workload && new World(golden.facts, golden.resources).workload(cluster, namespace, workload);
  if (!found || !fail) return golden;
  return { ...golden, facts: { ...golden.facts, failing: { ...golden.facts.failing, [found.id]: fail } } };
}

const callOf = ({ expect: _, why: __, before: ___, alpn, ...call }: GoldenCall): Call => ({
  ...call,
  ...(alpn ? { alpn: [alpn] } : {}),
});

/** What the echo servers of the testbed answer. */
function bodyOf({ served }: Outcome): string {
  if (!served) return '';
  const { app, version, request } = served;
  const { method, path, host, headers } = request ?? {};
  const xfcc = headers?.['x-forwarded-client-cert'] ?? null;
  return JSON.stringify({ app, version, method, path, host, xfcc }).replaceAll('":', '": ').replaceAll(',"', ', "');
}

/** curl reports one refusal in different places, as packets happen to arrive. */
const ONE_CLASS = ['curl 16', 'curl 52', 'curl 55', 'curl 56'];

/** What is wrong with a prediction; undefined when it is what real proxies did. */
function disagreement({ expect: expected }: GoldenCall, { ways, outcome }: Trace): string | undefined {
  const { code, error, body, flags, spread } = expected;
  const found = describeOutcome(outcome);
  if (code !== undefined && outcome.code !== code) return `expected ${code}, predicted ${found}`;
  if (error !== undefined) {
    const isSame = ONE_CLASS.includes(error) ? ONE_CLASS.includes(found) : outcome.error?.startsWith(error);
    if (!isSame) return `expected the error '${error || 'any'}', predicted ${found}`;
  }
  if (body !== undefined && !new RegExp(body).test(bodyOf(outcome))) {
    return `expected a body with /${body}/, predicted ${bodyOf(outcome)}`;
  }
  if (spread !== undefined) {
    const reached = [...new Set(ways.map(nameOf))].sort();
    if (reached.join() !== [...spread].sort().join())
      return `expected ${spread.join(' and ')}, predicted ${reached.join()}`;
  }
  if (flags !== undefined && !ways[0].hops.some(({ flag }) => flag === flags)) {
    return `expected a proxy to log ${flags}, predicted ${ways[0].hops.map(({ flag = '' }) => flag).join()}`;
  }
  return undefined;
}

const nameOf = ({ outcome: { served, code, error } }: Way): string =>
  code === 200 && served ? `${served.app}-${served.version}` : String(error ?? code);

describe.each(goldens().map((golden): [string, Golden] => [golden.name, golden]))('golden %s', (_, golden) => {
  let scenario = golden;
  let tracer = new Tracer(new World(golden.facts, golden.resources));
  const cases = golden.calls.map((call, index): [string, GoldenCall] => [`${index} ${call.url}: ${call.why}`, call]);

  test.each(cases)('%s', (_, call) => {
    if (call.before) {
      scenario = after(scenario, call.before);
      tracer = new Tracer(new World(scenario.facts, scenario.resources));
    }
    const trace = tracer.trace(callOf(call));
    const found = disagreement(call, trace);
    expect(found === undefined ? [] : [found, ...trace.ways.flatMap(({ hops }) => hops.map(said))]).toEqual([]);
  });
});

const said = (hop: Way['hops'][number]): string =>
  [
    hop.at,
    hop.role,
    hop.listener,
    hop.route,
    hop.cluster,
    hop.endpoint,
    JSON.stringify(hop.sent),
    hop.flag,
    hop.failure?.why,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' | ');

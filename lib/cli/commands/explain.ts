import { MeshError } from '../../facts/error';
import { admit } from '../../verify/admission/findings';
import { blockersOf } from '../../verify/explain/blockers';
import { callerNamed } from '../../verify/explain/caller';
import { suspectsOf } from '../../verify/explain/suspects';
import { COLOURED, PLAIN } from '../../verify/report/colour';
import { SourceLines } from '../../verify/report/source-line';
import { blockersText } from '../../verify/report/trace/blockers';
import { traceDocument } from '../../verify/report/trace/json';
import { explain as explained } from '../../verify/report/trace/text';
import type { Call, TlsOffer } from '../../verify/run/call';
import { sameOutcome } from '../../verify/run/outcome';
import { type Trace, Tracer } from '../../verify/trace';
import { readSnapshot } from '../../verify/world/snapshot';
import type { World } from '../../verify/world/world';
import type { Arguments } from '../arguments';
import type { Command, Io } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { DIRECTORY, directoryOf, FACTS } from '../input';
import { standInsAt, worldOf, worldsOf } from '../world';

/** `multimesh explain`. */
export const explain: Command = {
  usage: '<caller> <url> [options]',
  positionals: { min: 2, max: 2 },
  options: {
    dir: DIRECTORY,
    facts: FACTS,
    before: { value: 'DIR', help: 'manifests before a change that the proxies run through; else all start now' },
    method: { value: 'METHOD', short: 'X', help: 'HTTP method; default: GET' },
    header: { value: 'NAME:VALUE', short: 'H', isList: true, help: 'HTTP header; may be repeated' },
    cert: { value: 'NAME', help: "the client's certificate, one of the facts" },
    ca: { value: 'NAME', help: "authority that the server's certificate must be of" },
    sni: { value: 'NAME', help: 'name that the client asks for, where it is not the host of the URL' },
    'tls-max': { value: 'VERSION', of: ['1.3', '1.2'], help: 'newest version of TLS that the client offers' },
    'all-blockers': { help: 'what would end the call next, once what ends it is lifted' },
    both: { help: 'both outcomes, where objects of unknown age compete' },
    verbose: { short: 'v', help: 'every field that had a part in it' },
    strict: { help: 'exit with 3 where the call passes what is not modelled' },
    format: { value: 'FORMAT', of: ['text', 'json'], help: 'what is printed' },
  },
  details: `<caller> is <cluster>/<namespace>/<workload>, or <cluster>/<workload> where there
is one of that name; of one cluster alone, its name may be left out. <url> is
http://, https://, tcp:// or tls:// and what one would dial from its pod. It
exits with 0 whatever the call ends in: 'multimesh test' compares calls with
what is expected of them.`,
  run(args: Arguments, io: Io): ExitCode {
    const snapshot = readSnapshot(directoryOf(args), args.list('facts'));
    const { findings, resources } = admit(snapshot);
    const before = args.value('before');
    // of the clusters before a change the same is known
    const [world, prior] =
      before === undefined
        ? [worldOf(snapshot, resources)]
        : worldsOf(readSnapshot(before, args.list('facts')), snapshot, resources).reverse();
    const call = callOf(world, args);
    const refused = findings
      .filter(({ severity }) => severity === 'error')
      .map(({ objects, message }) => `${objects[0]} is not there, its cluster would refuse it: ${message}`);
    const assumed = [...snapshot.assumptions, ...refused];
    const traced = new Tracer(world, prior).trace(call);
    const hops = traced.ways.flatMap((way) => way.hops);
    const standIns = standInsAt(hops, world, snapshot);
    const suspects = suspectsOf(world, traced.ways[0]);
    const trace = world.places.told({ ...withAssumptions(traced, [...assumed, ...standIns]), suspects });
    // what becomes of the call once a proxy starts anew, where that is something else
    const anew = prior && world.places.told(new Tracer(world).trace(call));
    const fresh = anew && !sameOutcome(anew.outcome, trace.outcome) ? anew : undefined;
    if (args.value('format') === 'json') {
      const document = { ...traceDocument(trace, new SourceLines()), ...(fresh && { fresh: fresh.outcome }) };
      io.out(`${JSON.stringify(document, null, 2)}\n`);
    } else {
      io.out(textOf(trace, fresh, { world, call }, args, io));
    }
    return args.has('strict') && trace.unmodelled.length > 0 ? EXIT.unmodelled : EXIT.clean;
  },
};

/** What was traced, as engines name it. */
interface Traced {
  readonly world: World;
  readonly call: Call;
}

function textOf(
  trace: Trace,
  fresh: Trace | undefined,
  { world, call }: Traced,
  args: Arguments,
  { hasColour }: Io,
): string {
  const { places } = world;
  const options = {
    lines: new SourceLines(),
    palette: hasColour ? COLOURED : PLAIN,
    isVerbose: args.has('verbose'),
  };
  const parts = [explained(trace, options)];
  if (fresh) parts.push(`\nonce a proxy starts anew:\n${explained(fresh, options)}`);
  if (args.has('both') && trace.ambiguous) {
    const other = places.told(new Tracer(world.reversed()).traceOnce(call));
    parts.push(`\nif the other one is older:\n${explained(other, options)}`);
  }
  if (args.has('all-blockers')) parts.push(blockersText(places.told(blockersOf(world, call)), options.palette));
  return parts.join('');
}

const withAssumptions = (trace: Trace, more: readonly string[]): Trace => ({
  ...trace,
  assumptions: [...more, ...trace.assumptions],
});

function callOf(world: World, args: Arguments): Call {
  const [caller, url] = args.positionals;
  const headers = Object.fromEntries(args.list('header').map(headerOf));
  const method = methodOf(args.value('method'));
  const as = args.value('cert');
  const ca = args.value('ca');
  const sni = args.value('sni');
  const max = args.value('tls-max') as TlsOffer['max'];
  return {
    from: callerNamed(world, caller),
    url: /^[a-z]+:\/\//i.test(url) ? url.replace(/^[a-z]+/i, (scheme) => scheme.toLowerCase()) : `http://${url}`,
    ...(method === undefined ? {} : { method }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(as === undefined ? {} : { as }),
    ...(ca === undefined ? {} : { ca }),
    ...(sni === undefined ? {} : { sni }),
    ...(max === '1.3' ? {} : { tls: { max } }),
  };
}

/** A method is a token (RFC 9110): with a space in it, a request has another. */
function methodOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)) return text;
  throw new MeshError('MESH4001', 'multimesh explain', `--method is '${text}'; expected one word, such as POST`);
}

function headerOf(text: string): [string, string] {
  const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name !== undefined) return [name, value];
  throw new MeshError('MESH4001', 'multimesh explain', `--header is '${text}'; expected <name>:<value>`);
}

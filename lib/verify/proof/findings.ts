import type { LocatedFinding } from '../located';
import type { Way } from '../run/client';
import { TRACE_CODES } from '../run/codes';
import type { Hop } from '../run/hop';
import { describeOutcome } from '../run/outcome';
import { describeAmbiguity, type Trace } from '../trace';
import type { Ref } from '../world/resource';
import type { Claim } from './claim';

/** A call that does something else than the program states. */
export interface Difference {
  readonly claim: Claim;
  readonly trace: Trace;
  /** The way that shows it. */
  readonly way: Way;
  /** Who must answer, or must not. */
  readonly servers: readonly string[];
  /** Path under which the right server was asked, where it is another one than that of the call. */
  readonly arrived?: string;
  /** Why nobody can say that it does; undefined where it does. */
  readonly doubt?: string;
  /** The policy that lets an open call pass and that no stated call needs. */
  readonly culprit?: Ref;
}

/** Codes of what a proof finds, by whether a stated call fails or another one succeeds. */
export const UNANSWERED = 'MESH3100';
export const OPEN = 'MESH3101';
export const DOUBTFUL = 'MESH3102';
export const CHANGED = 'MESH3119';

/** Findings about calls; those that differ for one reason are one. */
export function differences(all: readonly Difference[]): LocatedFinding[] {
  const groups = new Map<string, Difference[]>();
  for (const one of all) {
    const { hop, refs } = decisionOf(one);
    const { peering, isServed } = one.claim;
    const why = hop.failure?.code ?? '';
    const key = [
      ...(isBySidecar(one) ? [] : [peering.path, hop.at]),
      isServed,
      one.doubt,
      why,
      ...refs.map(({ object, field }) => `${object} ${field}`),
    ];
    const group = groups.get(key.join('\n'));
    if (group) group.push(one);
    else groups.set(key.join('\n'), [one]);
  }
  return [...groups.values()].map(findingOf);
}

function findingOf([first, ...more]: readonly Difference[]): LocatedFinding {
  const { claim, way, doubt } = first;
  const { hop, refs } = decisionOf(first);
  const { failure } = hop;
  const outcome = describeOutcome(way.outcome);
  const isOpen = !claim.isServed;
  return {
    code: codeOf(first),
    // what is served is served: whether the other path is meant, nobody but the user knows
    severity: doubt === undefined && first.arrived === undefined ? 'error' : 'warning',
    objects: [...new Set(refs.map(({ object }) => object))],
    message: `${stated(first)}, but ${what(first, outcome)}${others(first, more)}${believed(first)}${doubt === undefined ? '' : `; ${doubt}`}`,
    atRuntime: isOpen
      ? `whoever makes this call is answered: ${first.servers.join(' or ')} is open to it`
      : first.arrived !== undefined
        ? `whoever answers is asked for ${first.arrived}: what policies before it have allowed is another request`
        : `callers get ${outcome}${failure ? `: ${TRACE_CODES[failure.code].title}` : ''}`,
    fix: isOpen
      ? `limit what ${placesOf(refs) || 'lets it pass'} allows, or state an access rule that allows the call`
      : `${failure ? TRACE_CODES[failure.code].fix : first.arrived === undefined ? 'lead the call to the service' : 'leave the path as it is'}${refs.length > 0 ? `: ${placesOf(refs)}` : ''}`,
    refs,
    trace: { ...first.trace, ways: [way] },
  };
}

function codeOf({ claim, doubt, arrived }: Difference): string {
  if (doubt !== undefined) return DOUBTFUL;
  if (!claim.isServed) return OPEN;
  return arrived === undefined ? UNANSWERED : CHANGED;
}

/** What the program says of the call. */
function stated({ claim, trace, servers }: Difference): string {
  const { peering, exposure, isServed, because } = claim;
  const { from, method, url, as, headers = {} } = trace.call;
  const who = `${from}${as === undefined ? '' : ` with the certificate ${as}`}`;
  const asked =
    claim.caller === 'outside' ? [] : Object.entries(headers).map(([name, value]) => ` with ${name}: ${value}`);
  const call = `${/^https?:/.test(url) ? `${method ?? 'GET'} ${url}` : url}${asked.join('')}`;
  const goal = servers.join(' or ') || exposure.key;
  return `peering ${peering.path}, ${exposure.key}: ${call} from ${who} must ${isServed ? '' : 'not '}reach ${goal} (${because})`;
}

function what(difference: Difference, outcome: string): string {
  const { claim, way } = difference;
  const { hop } = decisionOf(difference);
  if (!claim.isServed) return `it is answered: ${outcome}`;
  if (difference.arrived !== undefined) return `it arrives there as ${difference.arrived}`;
  const served = way.outcome.served?.workload;
  if (served !== undefined && hop.failure === undefined) return `${served} answers: ${outcome}`;
  return `it ends in ${outcome}: ${hop.at}${hop.role === 'network' ? '' : ` (${hop.role})`}: ${hop.failure?.why ?? 'nobody answers'}`;
}

/** Secrets that no fact speaks of: a misspelled name is one. */
function believed({ trace }: Difference): string {
  const secrets = trace.assumptions.filter((what) => what.startsWith('Secret '));
  return secrets.length === 0 ? '' : `; believed: ${secrets.join(', ')}`;
}

/** At most so many peerings or hosts are listed. */
const MOST = 20;

/** Calls that end likewise for the same reason. */
function others(first: Difference, more: readonly Difference[]): string {
  if (more.length === 0) return '';
  const all = [first, ...more];
  const peerings = [...new Set(all.map(({ claim }) => claim.peering.path))];
  const hosts = [...new Set(all.flatMap(({ claim }) => claim.exposure.host ?? []))];
  const of = peerings.length > 1 ? `peerings ${listed(peerings)}` : 'the peering';
  const to = hosts.length > 1 && isBySidecar(first) ? `, to ${listed(hosts)}` : '';
  return `; so do ${more.length} more stated call${more.length === 1 ? '' : 's'} of ${of}${to}`;
}

function listed(names: readonly string[]): string {
  const rest = names.length - MOST;
  return `${names.slice(0, MOST).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Whether a Sidecar decides it: it does so for everything that its namespace calls. */
const isBySidecar = (one: Difference): boolean =>
  one.claim.isServed && decisionOf(one).refs.some(({ object }) => object.startsWith('Sidecar '));

/** Where it was decided, and by which fields: at the hop itself, and at the one that sent the call there. */
function decisionOf({ claim, way, arrived, culprit }: Difference): {
  readonly hop: Hop;
  readonly refs: readonly Ref[];
} {
  const { hops } = way;
  if (!claim.isServed) {
    const all = hops.flatMap((hop) => hop.refs.map((ref) => ({ hop, ref }))).reverse();
    const passing = all.filter(({ ref }) => !ref.object.startsWith('MeshConfig '));
    const first = (kind: string) => passing.find(({ ref }) => ref.object.startsWith(`${kind} `));
    const found =
      passing.find(({ ref }) => ref.object === culprit?.object) ??
      first('EnvoyFilter') ??
      first('AuthorizationPolicy') ??
      passing.find(({ hop }) => hop.role === 'gateway') ??
      passing[0];
    return { hop: found?.hop ?? hops[hops.length - 1], refs: found ? [found.ref] : [] };
  }
  if (arrived !== undefined) {
    const isRoute = ({ object }: Ref) => object.startsWith('VirtualService ');
    return { hop: hops[hops.length - 1], refs: hops.flatMap(({ refs }) => refs.filter(isRoute)) };
  }
  return decisionAt(way);
}

/** Where a call ends, and the fields that decide it: at the hop itself, and at the one that sent the call there. */
export function decisionAt({ hops }: Way): { readonly hop: Hop; readonly refs: readonly Ref[] } {
  const failed = hops.map(({ failure }) => failure !== undefined).lastIndexOf(true);
  const index = failed < 0 ? hops.length - 1 : failed;
  const hop = hops[index];
  const deciding = [...narrowest(hop.refs), ...(index > 0 ? narrowest(hops[index - 1].refs) : [])];
  return { hop, refs: deciding.filter(({ object }) => !object.startsWith('MeshConfig ')) };
}

/** What was asked last decides. */
const narrowest = (refs: readonly Ref[]): readonly Ref[] => refs.slice(-1);

const placesOf = (refs: readonly Ref[]): string =>
  refs.map(({ object, field }) => `${object}${field === '' ? '' : ` ${field}`}`).join(', ');

/**
 * Why a difference is no certainty: an age that nobody states, a policy that asks what no program says of its callers, an
 * object in the way that is not modelled.
 */
export function doubtOf({ ambiguous, unmodelled }: Trace, { hops }: Way, isServed: boolean): string | undefined {
  if (ambiguous) return describeAmbiguity(ambiguous);
  const unsaid = isServed ? hops.flatMap(({ failure }) => failure?.unsaid ?? []) : [];
  if (unsaid.length > 0) return `depends on what no program says of its callers: ${unsaid.join(', ')}`;
  // what may close a call does not save one that fails
  const relevant = unmodelled.filter(({ object }) => !isServed || !object.startsWith('NetworkPolicy '));
  if (relevant.length === 0) return undefined;
  return `not modelled: ${[...new Set(relevant.map(({ object }) => object))].join(', ')}`;
}

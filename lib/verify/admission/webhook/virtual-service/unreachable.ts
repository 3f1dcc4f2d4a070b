import type {
  HTTPMatchRequest,
  HTTPRoute,
  StringMatch,
  TCPRoute,
  TLSRoute,
} from '../../../../../imports/istio/networking';
import type { Path } from '../../path';
import { type Report, show } from '../../problem';

/** `validation.analyzeUnreachableHTTPRules`, `…TCPRules`, `…TLSRules`: routes and matches that are never used. */
export function unreachableRules(routes: readonly (HTTPRoute | TCPRoute | TLSRoute)[], at: Path, report: Report): void {
  // before the only match there is nothing
  if (routes.length < 2 && (routes[0]?.match ?? []).length < 2) return;
  const textOf = textsOf(routes);
  const firstUse = new Map<string, number>();
  let catchAll = -1;
  routes.forEach(({ match: matches = [] }, i) => {
    if (matches.length === 0) {
      if (catchAll >= 0) report.warning(at.at(i), `is not used: route ${catchAll} before it takes everything`);
      catchAll = i;
      return;
    }
    let repeated = 0;
    matches.forEach((match, j) => {
      const place = at.at(i).at('match').at(j);
      if (catchAll >= 0) {
        report.warning(place, `is not used: route ${catchAll} before it takes everything`);
        return;
      }
      const id = textOf(match);
      const before = firstUse.get(id);
      if (before === undefined) {
        firstUse.set(id, i);
      } else {
        report.warning(place, `is not used: route ${before} has the same match`);
        repeated++;
      }
    });
    if (repeated === matches.length) report.warning(at.at(i), 'is not used: routes before it have all of its matches');
  });
}

/** A match by prefix, as far as another one can cover it. */
interface PrefixMatch {
  readonly route: number;
  readonly place: Path;
  readonly prefix: string;
  readonly port: number;
  readonly method: string;
  readonly authority: string;
  readonly maps: readonly ReadonlyMap<string, string>[];
}

/** The second half of `analyzeUnreachableHTTPRules`: prefixes that begin with a prefix matched before. */
export function coveredRules(routes: readonly HTTPRoute[], at: Path, report: Report): void {
  if (prefixesOf(routes) < 2) return;
  const matches = prefixMatches(routes, at);
  matches.forEach((earlier, i) => {
    for (const later of matches.slice(i + 1)) {
      if (later.prefix === earlier.prefix || !covers(earlier, later)) continue;
      report.warning(later.place, `is not used: prefix ${show(earlier.prefix)} of route ${earlier.route} takes it all`);
    }
  });
}

/** How many matches are by prefix: one alone covers nothing. */
function prefixesOf(routes: readonly HTTPRoute[]): number {
  let count = 0;
  for (const { match = [] } of routes) for (const { uri } of match) if (uri?.prefix) count++;
  return count;
}

function prefixMatches(routes: readonly HTTPRoute[], at: Path): PrefixMatch[] {
  const textOf = textsOf(routes);
  const found: PrefixMatch[] = [];
  const seen = new Set<string>();
  for (const [i, { match = [] }] of routes.entries()) {
    // What comes after a route without a match is reported already.
    if (match.length === 0) break;
    for (const [j, request] of match.entries()) {
      const id = textOf(request);
      const prefix = request.uri?.prefix ?? '';
      if (prefix !== '' && !seen.has(id)) found.push(prefixMatch(request, prefix, i, at.at(i).at('match').at(j)));
      seen.add(id);
    }
  }
  return found;
}

function prefixMatch(request: HTTPMatchRequest, prefix: string, route: number, place: Path): PrefixMatch {
  const { port = 0, method, authority, headers, queryParams, withoutHeaders } = request;
  const maps = [headers, queryParams, withoutHeaders].map(
    (values = {}) => new Map(Object.entries(values).map(([name, value]) => [name, pattern(value)])),
  );
  return { route, place, prefix, port, method: pattern(method) || 'exact:GET', authority: pattern(authority), maps };
}

/** `validation.assignExactOrPrefix`. */
function pattern(match: StringMatch | undefined): string {
  if (match?.exact) return `exact:${match.exact}`;
  return match?.prefix ? `prefix:${match.prefix}` : '';
}

/** `validation.coveredValidation`. */
function covers(a: PrefixMatch, b: PrefixMatch): boolean {
  if (!b.prefix.startsWith(a.prefix) || a.port !== b.port) return false;
  if (!a.method.startsWith(b.method) || !a.authority.startsWith(b.authority)) return false;
  return a.maps.every((values, i) => {
    const others = b.maps[i] as ReadonlyMap<string, string>;
    return values.size === others.size && [...values].every(([name, value]) => startsWith(value, others.get(name)));
  });
}

function startsWith(value: string, other: string | undefined): boolean {
  return other !== undefined && value.startsWith(other);
}

/** Fields that are maps: an empty one is as if not set. */
const MAPS: ReadonlySet<string> = new Set(['headers', 'withoutHeaders', 'queryParams', 'sourceLabels']);

/** Texts for the matches of some routes; equal texts are equal matches. One that is alone with its path is told by that. */
function textsOf(routes: readonly (HTTPRoute | TCPRoute | TLSRoute)[]): (match: object) => string {
  const counts = new Map<string, number>();
  for (const { match = [] } of routes) {
    for (const one of match) counts.set(uriOf(one), (counts.get(uriOf(one)) ?? 0) + 1);
  }
  return (match) => (counts.get(uriOf(match)) === 1 ? uriOf(match) : canonical(match));
}

function uriOf(match: object): string {
  const { uri } = match as { readonly uri?: StringMatch };
  return `${uri?.exact}\n${uri?.prefix}\n${uri?.regex}`;
}

/** A match without its name and without what says nothing; equal texts are equal matches. */
function canonical(match: object): string {
  const entries = Object.entries(match).filter(([name, value]) => name !== 'name' && !isDefault(name, value));
  return JSON.stringify(entries.map(([name, value]) => [name, sorted(value)]).sort(compare));
}

/** Whether a field of a protocol buffer with this value is as if not set; messages are set even if empty. */
function isDefault(name: string, value: unknown): boolean {
  if (MAPS.has(name)) return Object.keys(value ?? {}).length === 0;
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === '' || value === 0 || value === false;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value)
    .map(([name, inner]) => [name, sorted(inner)])
    .sort(compare);
}

function compare(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}

import { MeshError } from '../facts/error';
import { anything, checkOptions, type Guards, made, optional } from '../facts/guard';
import { methodMisfit } from '../facts/http-method';
import { requireList, requireObject, requireText } from '../facts/kind-of';
import { hostname, httpPath, pathMatch } from '../facts/names';
import type { Http, Port, Protocol } from '../facts/port';
import { StringMatch } from './string-match';

/** Which requests a rule is about: all that is stated must hold, of a list one entry. */
export interface RequestMatch {
  /**
   * Paths without query: exact, with a `*` at the end for any rest, or a regular expression for the whole path.
   * @default - every path
   */
  readonly paths?: (string | StringMatch<'regex'>)[];
  /**
   * HTTP methods in capitals.
   * @default - every method
   */
  readonly methods?: string[];
  /**
   * Headers by name, in lower case. A text is compared as it is.
   * @default - whatever headers
   */
  readonly headers?: Record<string, string | StringMatch>;
  /**
   * Query parameters by name; of one that is repeated Envoy looks at the first. A text is compared as it is.
   * @default - whatever query
   */
  readonly query?: Record<string, string | StringMatch>;
  /**
   * Port of the host that is dialled.
   * @default - the one port of the host
   */
  readonly port?: Port<Http>;
}

/** Which calls a rule is about, checked; what is absent does not matter. */
export interface Calls {
  /** Paths, of which one must fit. */
  readonly paths?: readonly StringMatch[];
  /** Methods, of which one must be it. */
  readonly methods?: readonly string[];
  /** Headers by name, which must all fit; names sorted. */
  readonly headers?: Readonly<Record<string, StringMatch>>;
  /** Query parameters by name, which must all fit; names sorted. */
  readonly query?: Readonly<Record<string, StringMatch>>;
  /** Port that is dialled; absent: the one port of the host. */
  readonly port?: Port<Protocol>;
  /** Server names of the application's TLS. */
  readonly sniHosts?: readonly string[];
}

/** What is a part of the request itself: no caller sends a header of this name, so the rule would be about nothing. */
const NO_HEADERS: Record<string, string> = {
  uri: 'paths',
  method: 'methods',
  scheme: 'nothing: the mesh sees no https of applications',
  authority: 'the host of the Routing',
  host: 'the host of the Routing',
};

/** What a match may be; what `anything` may be is said where it is read. */
const MATCH: Guards<RequestMatch> = {
  paths: anything,
  methods: anything,
  headers: anything,
  query: anything,
  port: optional(made('a port such as Port.http(8080)', 'Port')),
};

/** Characters of a header name (RFC 9110), lower case. */
const HEADER = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;

/**
 * Checks which requests a rule is about.
 *
 * @throws MESH1004 for a malformed path; MESH1301 for an empty list; MESH1308 for conditions that are malformed, or about
 * no header; MESH1006 for an option that does not exist.
 */
export function requestCalls(match: RequestMatch, where: string): Calls {
  requireObject(match, where, 'match', "an object such as { headers: { 'end-user': 'jason' } }");
  checkOptions<RequestMatch>(match, where, MATCH);
  const { paths, methods, headers, query, port } = match;
  const calls = {
    ...(paths !== undefined && { paths: pathsOf(paths, where) }),
    ...(methods !== undefined && { methods: methodsOf(methods, where) }),
    ...(headers !== undefined && { headers: conditions(headers, 'headers', where) }),
    ...(query !== undefined && { query: conditions(query, 'query', where) }),
    ...(port !== undefined && { port }),
  };
  for (const name of Object.keys(calls.headers ?? {})) checkHeader(name, where);
  for (const [name, value] of Object.entries(calls.query ?? {})) {
    if (name === '') throw malformed(where, `a query parameter (${value}) has no name; state its name`);
  }
  if (Object.keys(calls).length > 0) return calls;
  throw malformed(where, 'nothing is stated, so every call would be meant; use Rule.otherwise()');
}

/**
 * Checks server names of the application's TLS.
 *
 * @throws MESH1002 for a malformed one; MESH1301 for an empty list.
 */
export function sniCalls(hosts: string[], port: Port<'tls'> | undefined, where: string): Calls {
  nonEmpty(hosts, 'server names', where);
  const named = hosts.map((host) =>
    typeof host === 'string' && host.startsWith('*.')
      ? `*.${hostname(host.slice(2), where, 'server name')}`
      : hostname(host, where, 'server name'),
  );
  return { sniHosts: named, ...(port !== undefined && { port }) };
}

function pathsOf(paths: (string | StringMatch<'regex'>)[], where: string): StringMatch[] {
  nonEmpty(paths, 'paths', where);
  return paths.map((path) => {
    if (typeof path !== 'string') return matchOf(path, 'path', where);
    const { exact, prefix } = { exact: undefined, prefix: undefined, ...pathMatch(httpPath(path, where)) };
    return exact === undefined ? StringMatch.prefix(prefix as string) : StringMatch.exact(exact);
  });
}

function methodsOf(methods: string[], where: string): string[] {
  nonEmpty(methods, 'methods', where);
  for (const method of methods) {
    requireText(method, where, 'method');
    const misfit = methodMisfit(method);
    if (misfit !== undefined) throw malformed(where, misfit);
  }
  return methods;
}

function conditions(
  stated: Record<string, string | StringMatch>,
  what: 'headers' | 'query',
  where: string,
): Record<string, StringMatch> {
  requireObject(stated, where, `'${what}'`, "an object such as { 'end-user': 'jason' }");
  const entries = Object.entries(stated).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) throw malformed(where, `'${what}' is empty; state a condition, or leave it out`);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (typeof value !== 'string') return [name, matchOf(value, `${what} '${name}'`, where)];
      if (!value.endsWith('*')) return [name, StringMatch.exact(value)];
      const begins = value.slice(0, -1);
      throw malformed(
        where,
        `${what} '${name}' is '${value}', which is compared as it is; write StringMatch.prefix('${begins}') for any rest, or StringMatch.exact('${value}')`,
      );
    }),
  );
}

function matchOf(value: StringMatch, what: string, where: string): StringMatch {
  if (typeof value === 'object' && value !== null && typeof value.render === 'function') return value;
  throw malformed(where, `${what} is ${JSON.stringify(value)}; expected a text, or a StringMatch`);
}

function checkHeader(name: string, where: string): void {
  const instead = Object.hasOwn(NO_HEADERS, name) ? NO_HEADERS[name] : undefined;
  if (instead !== undefined) {
    throw malformed(where, `'${name}' is a part of the request itself, no header that callers send; use ${instead}`);
  }
  if (HEADER.test(name)) return;
  throw malformed(
    where,
    `header name '${name}' is malformed; expected lower case letters, digits and '-' such as '${/^[\w-]+$/.test(name) ? name.toLowerCase() : 'end-user'}'`,
  );
}

function nonEmpty(list: unknown, what: string, where: string): void {
  requireList(list, where, what);
  if (list.length > 0) return;
  throw new MeshError(
    'MESH1301',
    where,
    `the list of ${what} is empty; state at least one, or ${where === 'Rule.when' ? 'leave it out' : 'use Rule.otherwise()'}`,
  );
}

function malformed(where: string, message: string): MeshError {
  return new MeshError('MESH1308', where, message);
}

/** Which calls these are, for messages; undefined for all. */
export function describeCalls(calls: Calls): string | undefined {
  const named = (what: string, entries: Readonly<Record<string, StringMatch>> = {}) =>
    Object.entries(entries).map(([name, value]) => `${what} ${name} ${value}`);
  const words = [
    ...(calls.port ? [`port ${calls.port.number}`] : []),
    ...(calls.sniHosts ? [`server name ${calls.sniHosts.join(', ')}`] : []),
    ...(calls.paths ? [calls.paths.join(', ')] : []),
    ...(calls.methods ? [`method ${calls.methods.join(', ')}`] : []),
    ...named('header', calls.headers),
    ...named('query', calls.query),
  ];
  return words.length === 0 ? undefined : words.join(' with ');
}

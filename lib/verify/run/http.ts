import { matchesText, type TextMatch } from '../view/condition';
import { hostIn } from '../view/routes';
import type { Route, VirtualHost, Weighted } from '../view/types';
import type { HeaderOperations, StringMatch } from '../world/istio-types';
import type { HttpBytes } from './bytes';
import type { FreePart, RequestOrigins, Step } from './origin';

export const withoutQuery = (path: string): string => path.replace(/[?#].*$/, '');

/** The first route of a virtual host that matches. */
export const chooseRoute = ({ routes }: VirtualHost, request: HttpBytes): Route | undefined =>
  routes.find((route) => matches(route, request));

function matches({ path, match = {} }: Route, request: HttpBytes): boolean {
  const wanted: TextMatch = match.ignoreUriCase ? { ...path, ignoreCase: true } : path;
  if (!ask(request, 'path', wanted, withoutQuery(request.path))) return false;
  for (const [name, value] of Object.entries(match.headers ?? {})) {
    // a claim of a token: nobody knows what is in it
    if (name.startsWith('@request.auth') || !askHeader(request, name, value)) return false;
  }
  for (const [name, value] of Object.entries(match.withoutHeaders ?? {})) {
    if (askHeader(request, name, value)) return false;
  }
  const { method, authority, scheme, queryParams = {} } = match;
  const query = new URLSearchParams(request.path.split('?').slice(1).join('?'));
  for (const [name, value] of Object.entries(queryParams)) {
    if (!ask(request, `query ${name}`, textMatch(value), query.get(name) ?? undefined)) return false;
  }
  if (method && !ask(request, 'method', textMatch(method), request.method)) return false;
  if (authority && !ask(request, 'host', textMatch(authority), request.host)) return false;
  return !scheme || matchesText(textMatch(scheme), 'http');
}

function askHeader(request: HttpBytes, name: string, value: StringMatch): boolean {
  if (/^(:authority|host)$/i.test(name)) return ask(request, 'host', textMatch(value), request.host);
  const lower = name.toLowerCase();
  return ask(request, `header ${lower}`, textMatch(value), request.headers[lower]);
}

/** Compares a part of a request; what is not there matches nothing. */
function ask({ origins }: HttpBytes, about: FreePart, match: TextMatch, value: string | undefined): boolean {
  const answer = value !== undefined && matchesText(match, value);
  origins?.note(about, match, answer);
  return answer;
}

/** An empty match asks for nothing but presence. */
function textMatch({ exact, prefix, regex }: StringMatch): TextMatch {
  if (exact !== undefined) return { kind: 'exact', value: exact };
  if (prefix !== undefined) return { kind: 'prefix', value: prefix };
  return { kind: 'regex', value: regex === undefined || regex === '*' ? '.*' : regex };
}

/** The request as a route sends it on. */
export function rewritten(route: Route, request: HttpBytes, to: Weighted): HttpBytes {
  const { rule, authority } = route;
  const bare = withoutQuery(request.path);
  const change = pathChange(route);
  const operations = [rule?.headers?.request, to.headers];
  const host = hostIn(to.headers) ?? authority;
  const { origins } = request;
  return {
    ...request,
    path: changedPath(bare, change) + request.path.slice(bare.length),
    host: host ?? request.host,
    headers: operations.reduce(withHeaders, request.headers),
    ...(origins ? { origins: rewrittenOrigins(origins, change, host, operations) } : {}),
  };
}

/** What a route does to a path; a text replaces all of it. */
function pathChange({ path, rule }: Route): Step | string | undefined {
  const { uri, uriRegexRewrite } = rule?.rewrite ?? {};
  if (uriRegexRewrite) return { kind: 'regex', ...uriRegexRewrite };
  if (!uri || path.kind === 'regex') return undefined;
  return path.kind === 'exact' ? uri : { kind: 'prefix', from: path.value, to: uri };
}

const changedPath = (path: string, change: Step | string | undefined): string =>
  typeof change === 'string' ? change : change ? afterStep(change, path) : path;

/** A text after a step. */
export function afterStep(step: Step, text: string): string {
  switch (step.kind) {
    case 'prefix':
      return step.to + text.slice(step.from.length);
    case 'regex': {
      const expression = new RegExp(step.match.replaceAll('(?P<', '(?<'), 'g');
      return text.replace(expression, step.rewrite.replace(/\\(\d)/g, '$$$1'));
    }
    case 'normalize':
      return normalized(text, step.mode);
    case 'host':
      return text.replace(/:\d+$/, '').toLowerCase();
  }
}

function rewrittenOrigins(
  origins: RequestOrigins,
  change: Step | string | undefined,
  host: string | undefined,
  operations: readonly (HeaderOperations | undefined)[],
): RequestOrigins {
  let changed = host === undefined ? origins : origins.with('host', 'fixed');
  if (typeof change === 'string') changed = changed.with('path', 'fixed');
  else if (change) changed = changed.after('path', change);
  for (const { add = {}, set = {}, remove = [] } of operations.map((one) => one ?? {})) {
    for (const name of [...Object.keys({ ...add, ...set }), ...remove]) {
      changed = changed.with(`header ${name.toLowerCase()}`, 'fixed');
    }
  }
  return changed;
}

function withHeaders(headers: Readonly<Record<string, string>>, operations: HeaderOperations | undefined) {
  if (operations === undefined) return headers;
  const { add = {}, set = {}, remove = [] } = operations;
  const changed = { ...headers };
  for (const [name, value] of Object.entries({ ...add, ...set })) {
    if (!/^(:|host$)/i.test(name)) changed[name.toLowerCase()] = value;
  }
  for (const name of remove) delete changed[name.toLowerCase()];
  return changed;
}

/** Whether Envoy refuses a path, because it cannot normalize it. */
export const isMalformed = (path: string, normalization = 'BASE'): boolean =>
  normalization !== 'NONE' && /%00/.test(withoutQuery(path));

/** The path as Envoy reads it before policies and routes (MeshConfig `pathNormalization`, BASE unless stated). */
export function normalized(path: string, normalization = 'BASE'): string {
  if (normalization === 'NONE') return path;
  const bare = withoutQuery(path);
  const query = path.slice(bare.length);
  let clean = unreservedDecoded(bare);
  if (normalization === 'DECODE_AND_MERGE_SLASHES') clean = clean.replace(/%2f/gi, '/').replace(/%5c/gi, '\\');
  clean = clean.replaceAll('\\', '/');
  if (normalization !== 'BASE' && normalization !== 'DEFAULT') clean = clean.replace(/\/{2,}/g, '/');
  const segments: string[] = [];
  const parts = clean.split('/').slice(1);
  for (const [index, parameterized] of parts.entries()) {
    const part = parameterized.replace(/^(\.\.?);.*$/, '$1');
    const isLast = index === parts.length - 1;
    if (part === '..') segments.pop();
    if (part !== '.' && part !== '..') segments.push(parameterized);
    else if (isLast) segments.push('');
  }
  return `/${segments.join('/')}${query}`;
}

/** Letters, digits, `-._~` need no escape: they are the same with or without. */
const unreservedDecoded = (path: string): string =>
  path.replace(/%([0-9a-f]{2})/gi, (escaped, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[\w.~-]/.test(character) ? character : escaped;
  });

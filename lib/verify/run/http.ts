import { fullMatch } from '../view/condition';
import { hostIn } from '../view/routes';
import type { Route, VirtualHost, Weighted } from '../view/types';
import type { HeaderOperations, StringMatch } from '../world/istio-types';
import type { HttpBytes } from './bytes';

export const withoutQuery = (path: string): string => path.replace(/[?#].*$/, '');

/** The first route of a virtual host that matches. */
export const chooseRoute = ({ routes }: VirtualHost, request: HttpBytes): Route | undefined =>
  routes.find((route) => matches(route, request));

function matches({ path, match = {} }: Route, request: HttpBytes): boolean {
  if (!matchesPath(path, withoutQuery(request.path), match.ignoreUriCase ?? false)) return false;
  const header = (name: string): string | undefined =>
    /^(:authority|host)$/i.test(name) ? request.host : request.headers[name.toLowerCase()];
  for (const [name, wanted] of Object.entries(match.headers ?? {})) {
    // a claim of a token: nobody knows what is in it
    if (name.startsWith('@request.auth') || !matchesString(wanted, header(name))) return false;
  }
  for (const [name, unwanted] of Object.entries(match.withoutHeaders ?? {})) {
    if (header(name) !== undefined && matchesString(unwanted, header(name))) return false;
  }
  const query = new URLSearchParams(request.path.split('?').slice(1).join('?'));
  for (const [name, wanted] of Object.entries(match.queryParams ?? {})) {
    if (!matchesString(wanted, query.get(name) ?? undefined)) return false;
  }
  const { method, authority, scheme } = match;
  if (method && !matchesString(method, request.method)) return false;
  if (authority && !matchesString(authority, request.host)) return false;
  return !scheme || matchesString(scheme, 'http');
}

function matchesPath({ kind, value }: Route['path'], path: string, ignoreCase: boolean): boolean {
  if (kind === 'regex') return fullMatch(value).test(path);
  const [given, wanted] = ignoreCase ? [path.toLowerCase(), value.toLowerCase()] : [path, value];
  return kind === 'exact' ? given === wanted : given.startsWith(wanted);
}

/** An empty match asks for nothing but presence. */
function matchesString({ exact, prefix, regex }: StringMatch, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (exact !== undefined) return value === exact;
  if (prefix !== undefined) return value.startsWith(prefix);
  return regex === undefined || regex === '*' || fullMatch(regex).test(value);
}

/** The request as a route sends it on. */
export function rewritten({ path, rule, authority }: Route, request: HttpBytes, to: Weighted): HttpBytes {
  const [bare, query] = [withoutQuery(request.path), request.path.slice(withoutQuery(request.path).length)];
  const { uri, uriRegexRewrite } = rule?.rewrite ?? {};
  let changed = bare;
  if (uriRegexRewrite) {
    const expression = new RegExp(uriRegexRewrite.match.replaceAll('(?P<', '(?<'), 'g');
    changed = bare.replace(expression, uriRegexRewrite.rewrite.replace(/\\(\d)/g, '$$$1'));
  } else if (uri) {
    if (path.kind === 'prefix') changed = uri + bare.slice(path.value.length);
    else if (path.kind === 'exact') changed = uri;
  }
  const operations = [rule?.headers?.request, to.headers];
  return {
    ...request,
    path: changed + query,
    host: hostIn(to.headers) ?? authority ?? request.host,
    headers: operations.reduce(withHeaders, request.headers),
  };
}

function withHeaders(headers: Readonly<Record<string, string>>, operations: HeaderOperations | undefined) {
  const { add = {}, set = {}, remove = [] } = operations ?? {};
  const changed = { ...headers };
  for (const [name, value] of Object.entries({ ...add, ...set })) {
    if (!/^(:|host$)/i.test(name)) changed[name.toLowerCase()] = value;
  }
  for (const name of remove) delete changed[name.toLowerCase()];
  return changed;
}

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
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    if (part === '..') segments.pop();
    if (part !== '.' && part !== '..') segments.push(part);
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

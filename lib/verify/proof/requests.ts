import type { AccessFacts } from '../../facts/access';
import type { Protocol } from '../../facts/port';
import { isHttp } from '../../facts/port';
import type { Named } from './named-requests';

/** What a call asks for; methods and paths of HTTP. */
export interface Request {
  readonly method: string;
  readonly path: string;
}

/** Last part of a path where any rest will do: nothing that a program states by itself. */
const REST = 'multimesh-call';
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];

/** Whether a path is one that a pattern means: exact, or with a star at the end for any rest. */
export const meets = (pattern: string, path: string): boolean =>
  pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;

/** A path that both patterns mean, if there is one. */
function common(a: string, b: string): string | undefined {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  if (!longer.endsWith('*')) return meets(shorter, longer) ? longer : undefined;
  if (!shorter.endsWith('*')) return meets(longer, shorter) ? shorter : undefined;
  return longer.startsWith(shorter.slice(0, -1)) ? longer.slice(0, -1) + REST : undefined;
}

/**
 * A request that an access rule allows.
 *
 * @param within paths that lead to the exposure; every path where it is left out.
 * @param not paths that lead elsewhere before.
 */
export function allowedRequest(
  { methods, paths = ['/*'] }: AccessFacts,
  protocol: Protocol,
  within: readonly string[] = ['/*'],
  not: readonly string[] = [],
): Request | undefined {
  const usual = protocol === 'grpc' ? 'POST' : 'GET';
  const method = methods === undefined || methods.includes(usual) ? usual : methods[0];
  for (const pattern of paths) {
    for (const leading of within) {
      const path = common(pattern, leading);
      if (path !== undefined && !not.some((other) => meets(other, path))) return { method, path };
    }
  }
  return undefined;
}

/** Requests like an allowed one that none of the rules allows: with another method, with another path. */
export function deniedRequests(
  access: readonly AccessFacts[],
  allowed: Request,
  protocol: Protocol,
  within: readonly string[] = ['/*'],
  not: readonly string[] = [],
): Request[] {
  if (!isHttp(protocol)) return [];
  const otherMethod = METHODS.find((method) => !access.some((rule) => allows(rule, { ...allowed, method })));
  const paths = within.map((pattern) => (pattern.endsWith('*') ? `${pattern.slice(0, -1)}not-${REST}` : pattern));
  const otherPath = paths.find(
    (path) => !not.some((other) => meets(other, path)) && !access.some((rule) => allows(rule, { ...allowed, path })),
  );
  return [
    ...(otherMethod === undefined ? [] : [{ ...allowed, method: otherMethod }]),
    ...(otherPath === undefined ? [] : [{ ...allowed, path: otherPath }]),
  ];
}

/** At most so many methods, and so many paths, that policies name are asked for. */
const MOST_NAMED = 2;

/** Requests like an allowed one with a method or a path that policies name and none of the rules allows. */
export function namedRequests(
  access: readonly AccessFacts[],
  allowed: Request,
  { methods, paths }: Named,
  within: readonly string[] = ['/*'],
  not: readonly string[] = [],
): Request[] {
  const isDenied = (request: Request) => !access.some((rule) => allows(rule, request));
  const byMethod = methods.map((method) => ({ ...allowed, method })).filter(isDenied);
  const byPath = paths
    .flatMap((pattern) => within.flatMap((leading) => common(pattern, leading) ?? []))
    .filter((path) => !not.some((other) => meets(other, path)))
    .map((path) => ({ ...allowed, path }))
    .filter(isDenied);
  return [...byMethod.slice(0, MOST_NAMED), ...byPath.slice(0, MOST_NAMED)];
}

/** Whether a rule allows a request, whoever makes it. */
export const allows = ({ kind, methods, paths }: AccessFacts, { method, path }: Request): boolean =>
  kind === 'tcp' ||
  ((methods === undefined || methods.includes(method)) &&
    (paths === undefined || paths.some((pattern) => meets(pattern, path))));

import type { AccessFacts } from '../../facts/access';
import { MeshError } from '../../facts/error';
import { requireList } from '../../facts/kind-of';
import { httpPath } from '../../facts/names';
import { isHttp, type Protocol } from '../../facts/port';

/**
 * The part of a host's paths that an exposure is about, each once and sorted.
 *
 * @throws MESH1004 for a malformed path; MESH1241 for an empty list, or one of a port that carries no requests.
 */
export function pathScope(
  paths: readonly string[] | undefined,
  protocol: Protocol,
  where: string,
): string[] | undefined {
  if (paths === undefined) return undefined;
  requireList(paths, where, "'paths'");
  const stated = paths.map((path) => httpPath(path as string, where));
  if (stated.length > 0 && isHttp(protocol)) return [...new Set(stated)].sort();
  throw new MeshError(
    'MESH1241',
    where,
    stated.length === 0
      ? 'paths is empty, so nothing of the host would lead to the service; name its paths, or leave it out for all'
      : `paths names ${stated.join(', ')}, but a ${protocol} port carries no requests; leave it out`,
  );
}

/**
 * An access rule inside of what the exposure is about: one that says nothing of paths is about all of its paths.
 *
 * @throws MESH1241 for a path of the rule that leads to another service, or nowhere.
 */
export function withinScope(access: AccessFacts, scope: readonly string[] | undefined, where: string): AccessFacts {
  if (scope === undefined) return access;
  const { kind, methods, paths = scope, from } = access;
  const outside = paths.find((path) => !scope.some((own) => isWithin(path, own)));
  if (outside !== undefined) {
    throw new MeshError(
      'MESH1241',
      where,
      `an access rule allows '${outside}', but the exposure is about ${scope.join(', ')}; leave it out, or add it to 'paths'`,
    );
  }
  return { kind, ...(methods && { methods }), paths: [...paths], ...(from && { from }) };
}

/** Whether some request is about both. */
export function overlap(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

/** Whether every request about the one is about the other, too. */
function isWithin(path: string, other: string): boolean {
  return other.endsWith('*') ? path.startsWith(other.slice(0, -1)) : path === other;
}

import type * as istio from '../../imports/istio';
import { MeshError } from '../facts/error';
import { type Guard, type Guards, optional, options, text } from '../facts/guard';
import { requireText } from '../facts/kind-of';
import { httpPath } from '../facts/names';
import type { Calls } from './calls';
import { compile, StringMatch } from './string-match';

/** What requests are made into before they go on. */
export interface Rewrite {
  /**
   * What stands instead of the part of the path that the rule is about: of an exact path or a regular expression the whole, of one
   * with a `*` what stands before it; or what a regular expression makes of it.
   * @default - the path stays
   */
  readonly path?: string | PathRewrite;
  /**
   * Authority (HTTP `Host`) that the server sees: a host, with or without a port.
   * @default - the authority stays, or is the one that the way to the destination needs
   */
  readonly authority?: string;
}

/** A change of a path by a regular expression. */
export interface PathRewrite {
  /** What is replaced, wherever it stands in the path: RE2 syntax. */
  readonly regex: string;
  /** What stands instead; `\1` is the first group. */
  readonly to: string;
}

const byRegex = options<PathRewrite>({ regex: text, to: text });
const path: Guard = (value, where, what) => (typeof value === 'object' ? byRegex : text)(value, where, what);
/** What a rewrite may be. */
export const REWRITE: Guards<Rewrite> = { path: optional(path), authority: optional(text) };

/**
 * A rewrite as Istio writes it.
 *
 * @param paths what the rule is about.
 * @throws MESH1004 for a malformed path; MESH1308 for a malformed regular expression; MESH1309 for a malformed authority,
 * and for a path that would join what it should not.
 */
export function renderRewrite(rewrite: Rewrite, { paths }: Calls, where: string): istio.HTTPRewrite {
  const { path, authority } = rewrite;
  if (path === undefined && authority === undefined) {
    throw malformed(where, "'rewrite' is empty; state path or authority, or leave it out");
  }
  return {
    ...(path !== undefined && pathRewrite(path, paths ?? [StringMatch.prefix('/')], where)),
    ...(authority !== undefined && { authority: authorityText(authority, where) }),
  };
}

/**
 * An authority: a host, with or without a port.
 *
 * @throws MESH1309 when it is none.
 */
export function authorityText(authority: string, where: string): string {
  requireText(authority, where, 'authority');
  if (/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[1-9]\d{0,4})?$/.test(authority) && authority.length <= 259) return authority;
  throw malformed(
    where,
    `authority '${authority}' is malformed; expected a host in lower case, with or without a port, such as 'pay.example.com'`,
  );
}

function pathRewrite(
  path: string | PathRewrite,
  paths: readonly StringMatch[],
  where: string,
): Pick<istio.HTTPRewrite, 'uri' | 'uriRegexRewrite'> {
  if (typeof path === 'object') {
    const { regex, to } = path;
    compile(regex, where);
    requireText(to, where, 'replacement');
    if (to !== '') return { uriRegexRewrite: { match: regex, rewrite: to } };
    throw malformed(where, `nothing is stated to replace '${regex}', which istiod refuses; state 'to'`);
  }
  if (httpPath(path, where).endsWith('*')) {
    throw malformed(where, `path '${path}' ends in '*', but the rest of a path follows by itself; leave the '*' out`);
  }
  const joined = paths.find(({ kind, text }) => kind === 'prefix' && text.endsWith('/') !== path.endsWith('/'));
  if (joined === undefined) return { uri: path };
  const rest = 'rest';
  throw malformed(
    where,
    `path '${path}' stands for the beginning '${joined.text}', so '${joined.text}${rest}' would become '${path}${rest}'; let both end with '/', or neither`,
  );
}

function malformed(where: string, message: string): MeshError {
  return new MeshError('MESH1309', where, message);
}

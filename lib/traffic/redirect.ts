import type * as istio from '../../imports/istio';
import { MeshError } from '../facts/error';
import { anything, checkOptions, type Guards, number, oneOf, optional, text } from '../facts/guard';
import { requireObject } from '../facts/kind-of';
import { httpPath } from '../facts/names';
import { portNumber } from '../facts/port';
import { authorityText } from './rewrite';

/** Where callers are told to go instead: what is not stated stays as they dialled it. */
export interface Redirect {
  /**
   * Host, or host and port.
   * @default - that of the request
   */
  readonly authority?: string;
  /**
   * The whole path.
   * @default - that of the request
   */
  readonly path?: string;
  /**
   * Scheme.
   * @default - that of the request
   */
  readonly scheme?: 'http' | 'https';
  /**
   * Port.
   * @default - that of the authority, or of the request
   */
  readonly port?: number;
  /**
   * Status code.
   * @default 301
   */
  readonly code?: 301 | 302 | 303 | 307 | 308;
}

const REDIRECT: Guards<Redirect> = {
  authority: optional(text),
  path: optional(text),
  scheme: optional(oneOf('http', 'https')),
  port: optional(number),
  code: anything,
};

/**
 * A redirect as Istio writes it.
 *
 * @throws MESH1006 for an option of another kind, or that does not exist; MESH1003 for a malformed port; MESH1004 for a
 * malformed path; MESH1309 for one that changes nothing, or has an unknown code.
 */
export function renderRedirect(redirect: Redirect, where: string): istio.HTTPRedirect {
  requireObject(redirect, where, 'redirect', "an object such as { path: '/new' }");
  checkOptions<Redirect>(redirect, where, REDIRECT);
  const { authority, path, scheme, port, code } = redirect;
  const refuse = (message: string) => new MeshError('MESH1309', where, message);
  if ([authority, path, scheme, port].every((value) => value === undefined)) {
    throw refuse('the redirect changes nothing, so callers would go in circles; state authority, path, scheme or port');
  }
  if (code !== undefined && ![301, 302, 303, 307, 308].includes(code)) {
    throw refuse(`code ${code} is no redirect that Envoy sends; expected 301, 302, 303, 307 or 308`);
  }
  if (path !== undefined && httpPath(path, where).endsWith('*')) {
    throw refuse(`path '${path}' ends in '*'; expected the whole path that callers go to`);
  }
  return {
    ...(path !== undefined && { uri: path }),
    ...(authority !== undefined && { authority: authorityText(authority, where) }),
    ...(scheme !== undefined && { scheme }),
    ...(port !== undefined && { port: portNumber(port, where) }),
    ...(code !== undefined && { redirectCode: code }),
  };
}

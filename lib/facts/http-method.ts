import { nearest } from './nearest';

const METHOD = /^[A-Z]+$/;

/** Methods of HTTP (RFC 9110), and PATCH (RFC 5789). */
const KNOWN: readonly string[] = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];

/** What is wrong about the name of a method, if anything: no call has one that is misspelt, so it would allow nothing. */
export function methodMisfit(method: string): string | undefined {
  if (!METHOD.test(method)) return `method '${method}' is malformed; expected one such as 'GET'`;
  const meant = KNOWN.includes(method) ? undefined : nearest(method, KNOWN, 1);
  return meant && `method '${method}' is a letter away from '${meant}', which is what calls have; expected '${meant}'`;
}

import { MeshError } from '../facts/error';

const SECONDS: Record<string, number> = { h: 3600, m: 60, s: 1 };

/**
 * Seconds of a Go duration of hours, minutes and seconds.
 *
 * @throws MESH1406 when it is none.
 */
export function goDuration(text: string, where: string, what: string): number {
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new MeshError('MESH1406', where, `${what} '${text}' is malformed; expected a Go duration such as '2160h'`);
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * SECONDS[unit], 0);
}

import type { Duration } from 'cdk8s';
import { MeshError } from './error';
import type { Guard } from './guard';
import { requireMethod } from './kind-of';

/** A duration of cdk8s; how long it may be is checked where it has a meaning. */
export const duration: Guard = (value, where, what) =>
  requireMethod(value, 'toMilliseconds', where, what, 'a Duration of cdk8s such as Duration.seconds(2)');

/**
 * A duration as Istio takes it, such as `2s` or `1500ms`.
 *
 * @throws MESH1006 when it is none of cdk8s; MESH1309 for less than a millisecond, which Istio refuses.
 */
export function durationText(value: Duration, where: string, what: string): string {
  duration(value, where, what);
  const millis = value.toMilliseconds({ integral: false });
  if (!Number.isInteger(millis) || millis < 1) {
    throw new MeshError(
      'MESH1309',
      where,
      `${what} of ${millis} milliseconds is malformed; expected whole milliseconds, 1 or more`,
    );
  }
  return millis % 1000 === 0 ? `${millis / 1000}s` : `${millis}ms`;
}

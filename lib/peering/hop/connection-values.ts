import type { Duration } from 'cdk8s';
import { duration, durationText } from '../../facts/duration';
import { MeshError } from '../../facts/error';
import { anything, type Guards, optional } from '../../facts/guard';

/** A range of whole numbers. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Largest number that Envoy takes for a limit. */
const MAX = 2 ** 31 - 1;

/** What Istio calls each value, and what it is: a duration, or whole numbers of a range. */
export type Values<T> = { readonly [K in keyof T]-?: readonly [name: string, kind: 'duration' | Range] };

/** What such values may be; the range of a number is looked at when it is rendered. */
export function guardsOf<T extends object>(values: Values<T>): Guards<T> {
  const entries = Object.entries<Values<T>[keyof T]>(values).map(([name, [, kind]]) => [
    name,
    kind === 'duration' ? optional(duration) : anything,
  ]);
  return Object.fromEntries(entries) as Guards<T>;
}

/**
 * What is stated of some values, checked and under the names that Istio gives them; nothing of what is not.
 *
 * @throws MESH1320 for a value out of range, and for none at all.
 */
export function rendered<T extends object>(
  stated: T,
  as: Values<T>,
  where: string,
  what: string,
): Record<string, string | number> {
  const entries = (Object.keys(as) as (keyof T & string)[])
    .filter((name) => stated[name] !== undefined)
    .map((name): [string, string | number] => {
      const [field, kind] = as[name];
      const value: unknown = stated[name];
      if (kind === 'duration') return [field, durationText(value as Duration, where, name)];
      return [field, wholeNumber(value, kind, where, name)];
    });
  if (entries.length === 0) throw malformed(where, `${what} is empty; state an option, or leave it out`);
  return Object.fromEntries(entries);
}

/** One or more. */
export const POSITIVE: Range = { min: 1, max: MAX };

/** A part of a hundred. */
export const PERCENT: Range = { min: 0, max: 100 };

/**
 * A whole number of a range.
 *
 * @throws MESH1320 when it is none.
 */
export function wholeNumber(value: unknown, { min, max }: Range, where: string, what: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  const range = max === MAX ? `${min} or more` : `from ${min} to ${max}`;
  throw malformed(where, `${what} ${JSON.stringify(value)} is malformed; expected a whole number, ${range}`);
}

/** MESH1320 */
export function malformed(where: string, message: string): MeshError {
  return new MeshError('MESH1320', where, message);
}

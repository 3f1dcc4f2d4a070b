import type { Duration } from 'cdk8s';
import { durationText } from '../../facts/duration';
import { MeshError } from '../../facts/error';

/** A range of whole numbers. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Largest number that Envoy takes for a limit. */
const MAX = 2 ** 31 - 1;

/**
 * What is stated of some values, checked and under the names that Istio gives them; nothing of what is not.
 *
 * @param as what Istio calls each, and what it is: a duration, or whole numbers of a range.
 * @throws MESH1006 for a value that is no number or duration; MESH1320 for one out of range, for an option that does not
 * exist, and for none at all.
 */
export function rendered<T extends object>(
  stated: T,
  as: { readonly [K in keyof T]-?: readonly [name: string, kind: 'duration' | Range] },
  where: string,
  what: string,
): Record<string, string | number> {
  const names = Object.keys(as);
  const unknown = Object.keys(stated).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw malformed(where, `option '${unknown}' of ${what} does not exist; expected ${names.join(', ')}`);
  }
  const entries = (names as (keyof T & string)[])
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

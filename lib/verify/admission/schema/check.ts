import type { Path } from '../path';
import type { Report } from '../problem';

/** Where the findings of a check go. */
export interface Findings {
  /** What the schema says. */
  readonly schema: Report;
  /** What CEL rules say; it counts only if the schema says nothing, as the rules expect the types of the schema. */
  readonly rules: Report;
  /** Whether fields of the object may be null; rules are asked about it without them. */
  readonly hasNulls: boolean;
}

/** The field, key or index of a value in its parent; undefined of the object itself. */
export type Step = string | number | undefined;

/** A compiled part of a schema: looks at a value that is in `parent` at `step`. */
export type Check = (value: unknown, parent: Path, step: Step, to: Findings) => void;

/** The place of a value, which is made only where it is needed. */
export function placeOf(parent: Path, step: Step): Path {
  return step === undefined ? parent : parent.at(step);
}

/** What is said of a field that must be there. */
export const REQUIRED = 'is required';

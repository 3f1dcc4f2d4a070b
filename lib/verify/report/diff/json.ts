import type { Difference } from '../../diff/diff';

/** Changes as JSON: deterministic, with the version of their shape. */
export interface DifferenceDocument extends Difference {
  readonly version: 1;
}

/** The JSON form of changes. */
export const differenceDocument = (found: Difference): DifferenceDocument => ({ version: 1, ...found });

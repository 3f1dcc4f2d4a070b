import type { Exposures } from '../../explore/exposures';

/** Exposures as JSON: deterministic, with the version of their shape. */
export interface ExposuresDocument extends Exposures {
  readonly version: 1;
}

/** The JSON form of exposures. */
export const exposuresDocument = (found: Exposures): ExposuresDocument => ({ version: 1, ...found });

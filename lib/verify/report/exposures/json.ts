import type { Exposure, Exposures } from '../../explore/exposures';
import { type Place, placeOf } from '../place';
import type { SourceLines } from '../source-line';
import { type HopDocument, hopDocument } from '../trace/json';

/** Exposures as JSON (`schema/exposures.schema.json`): deterministic, with the version of their shape. */
export interface ExposuresDocument extends Omit<Exposures, 'exposures' | 'unmodelled'> {
  readonly version: 1;
  readonly exposures: readonly (Omit<Exposure, 'hops'> & { readonly hops: readonly HopDocument[] })[];
  readonly unmodelled: readonly Place[];
}

/** The JSON form of exposures. */
export const exposuresDocument = (found: Exposures, lines: SourceLines): ExposuresDocument => ({
  version: 1,
  ...found,
  exposures: found.exposures.map((one) => ({ ...one, hops: one.hops.map((hop) => hopDocument(hop, lines)) })),
  unmodelled: found.unmodelled.map((ref) => placeOf(ref, lines)),
});

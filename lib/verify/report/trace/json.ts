import { failedHop } from '../../explain/blockers';
import type { Way } from '../../run/client';
import { TRACE_CODES, type TraceCode } from '../../run/codes';
import type { Hop } from '../../run/hop';
import type { Trace } from '../../trace';
import { type Place, placeOf } from '../place';
import type { SourceLines } from '../source-line';

/** A trace as JSON (`schema/trace.schema.json`): deterministic, with the version of its shape. */
export interface TraceDocument extends Omit<Trace, 'ways' | 'unmodelled' | 'suspects'> {
  readonly version: 1;
  readonly ways: readonly (Omit<Way, 'hops'> & { readonly hops: readonly HopDocument[] })[];
  readonly unmodelled: readonly Place[];
  /** Objects that took no part, and that are why most likely. */
  readonly suspects?: readonly Place[];
  /** Why the most likely way fails, and what helps. */
  readonly failure?: {
    readonly code: TraceCode;
    readonly title: string;
    readonly why: string;
    readonly fix: string;
  };
}

/** A hop, with the lines of the fields that decided. */
export type HopDocument = Omit<Hop, 'refs'> & { readonly refs: readonly Place[] };

/** The JSON form of a hop. */
export const hopDocument = ({ refs, ...hop }: Hop, lines: SourceLines): HopDocument => ({
  ...hop,
  refs: refs.map((ref) => placeOf(ref, lines)),
});

/** The JSON form of a trace. */
export function traceDocument({ suspects = [], ...trace }: Trace, lines: SourceLines): TraceDocument {
  const { failure } = failedHop(trace) ?? {};
  return {
    version: 1,
    ...trace,
    ways: trace.ways.map(({ hops, ...way }) => ({
      ...way,
      hops: hops.map((hop) => hopDocument(hop, lines)),
    })),
    unmodelled: trace.unmodelled.map((ref) => placeOf(ref, lines)),
    ...(suspects.length > 0 ? { suspects: suspects.map((ref) => placeOf(ref, lines)) } : {}),
    ...(failure ? { failure: { ...failure, ...TRACE_CODES[failure.code] } } : {}),
  };
}

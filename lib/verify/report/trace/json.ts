import { TRACE_CODES } from '../../run/codes';
import type { Trace } from '../../trace';

/** A trace as JSON: deterministic, with the version of its shape. */
export interface TraceDocument extends Trace {
  readonly version: 1;
  /** Why the most likely way fails, and what helps. */
  readonly failure?: { readonly code: string; readonly title: string; readonly why: string; readonly fix: string };
}

/** The JSON form of a trace. */
export function traceDocument(trace: Trace): TraceDocument {
  const failed = [...trace.ways[0].hops].reverse().find((hop) => hop.failure)?.failure;
  if (!failed) return { version: 1, ...trace };
  return { version: 1, ...trace, failure: { ...failed, ...TRACE_CODES[failed.code] } };
}

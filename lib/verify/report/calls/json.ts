import type { Expectation } from '../../calls/expected';
import { type Place, placeOf } from '../place';
import type { SourceLines } from '../source-line';
import { type TraceDocument, traceDocument } from '../trace/json';
import { type CallsReport, failedOf } from './report';

/** Results of calls as JSON: deterministic, with the version of its shape. */
export interface CallsDocument {
  readonly version: 1;
  readonly summary: { readonly calls: number; readonly failed: number };
  readonly results: readonly {
    readonly expect: Expectation;
    readonly why?: string;
    /** What is not as expected. */
    readonly failure?: string;
    readonly trace: TraceDocument;
  }[];
  readonly coverage?: { readonly covered: number; readonly all: number; readonly missed: readonly Place[] };
  readonly assumptions: readonly string[];
}

/** The JSON form of what a test of calls says. */
export function callsDocument(report: CallsReport, lines: SourceLines): CallsDocument {
  const { results, coverage, assumptions } = report;
  return {
    version: 1,
    summary: { calls: results.length, failed: failedOf(report).length },
    results: results.map(({ call: { expect, why }, trace, failure }) => ({
      expect,
      ...(why === undefined ? {} : { why }),
      ...(failure === undefined ? {} : { failure }),
      trace: traceDocument(trace, lines),
    })),
    ...(coverage && { coverage: { ...coverage, missed: coverage.missed.map((ref) => placeOf(ref, lines)) } }),
    assumptions,
  };
}

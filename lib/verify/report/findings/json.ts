import type { LocatedFinding } from '../../located';
import { type Place, placeOf } from '../place';
import type { SourceLines } from '../source-line';
import { type TraceDocument, traceDocument } from '../trace/json';
import type { FindingsReport } from './report';

/** Findings as JSON (`schema/findings.schema.json`): deterministic, with the version of its shape. */
export interface FindingsDocument {
  readonly version: 1;
  readonly clusters: readonly string[];
  readonly objects: number;
  /** How many findings of each severity are not accepted, and how many are. */
  readonly summary: Readonly<Record<'errors' | 'warnings' | 'infos' | 'accepted', number>>;
  readonly findings: readonly FindingDocument[];
  readonly assumptions: readonly string[];
  readonly unmodelled: readonly Place[];
}

/** A finding, with the lines of the fields that it is about. */
export type FindingDocument = Omit<LocatedFinding, 'refs' | 'trace' | 'fields'> & {
  readonly places: readonly Place[];
  /** The call that shows it. */
  readonly trace?: TraceDocument;
};

/** The JSON form of what a verification says. */
export function findingsDocument(report: FindingsReport, lines: SourceLines): FindingsDocument {
  const { clusters, objects, findings, assumptions, unmodelled } = report;
  const open = findings.filter(({ accepted }) => !accepted);
  const count = (severity: LocatedFinding['severity']) => open.filter((one) => one.severity === severity).length;
  return {
    version: 1,
    clusters,
    objects,
    summary: {
      errors: count('error'),
      warnings: count('warning'),
      infos: count('info'),
      accepted: findings.length - open.length,
    },
    findings: findings.map(({ refs, trace, fields: _, ...finding }) => ({
      ...finding,
      places: refs.map((ref) => placeOf(ref, lines)),
      ...(trace ? { trace: traceDocument(trace, lines) } : {}),
    })),
    assumptions,
    unmodelled: unmodelled.map((ref) => placeOf(ref, lines)),
  };
}

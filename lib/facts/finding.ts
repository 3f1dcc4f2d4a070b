import type { Code } from './codes';

/** How bad a finding is: an `error` stops synthesis, a `warning` is printed, an `info` is printed after the warnings. */
export type Severity = 'error' | 'warning' | 'info';

/** A field that a finding is about. */
export interface FindingField {
  /** One of the finding's objects. */
  readonly object: string;
  /** Its path, such as `spec.servers[0].tls`; of a missing field, the place where it is missing. */
  readonly field: string;
}

/** One problem that only the whole fleet shows. Plain data. */
export interface Finding {
  /** Stable code: one of `docs/errors.md`, or your own where a check of yours found it. */
  readonly code: Code | (string & {});
  /** Whether it stops synthesis. */
  readonly severity: Severity;
  /** What it is about: objects as `Kind namespace/name @cluster`, or files. */
  readonly objects: string[];
  /**
   * Fields of those objects that are wrong, the most telling first.
   * @default - the objects as a whole
   */
  readonly fields?: readonly FindingField[];
  /** What is wrong, in the user's terms: what was found, what was expected. */
  readonly message: string;
  /** What would happen in the clusters. */
  readonly atRuntime: string;
  /** What the user can do, in the terms of the objects: whoever wrote them can do it. */
  readonly fix: string;
  /**
   * How a program of this library does it.
   * @default - as `fix` says
   */
  readonly inProgram?: string;
}

import type { Code } from './codes';

/** How bad a finding is: an `error` stops synthesis, a `warning` is printed, an `info` is printed after the warnings. */
export type Severity = 'error' | 'warning' | 'info';

/** One problem that only the whole fleet shows. Plain data. */
export interface Finding {
  /** Stable code: one of `docs/errors.md`, or your own where a check of yours found it. */
  readonly code: Code | (string & {});
  /** Whether it stops synthesis. */
  readonly severity: Severity;
  /** What it is about: objects as `Kind namespace/name @cluster`, or files. */
  readonly objects: string[];
  /** What is wrong, in the user's terms: what was found, what was expected. */
  readonly message: string;
  /** What would happen in the clusters. */
  readonly atRuntime: string;
  /** What the user can do. */
  readonly fix: string;
}

import type { Finding, Severity } from '../facts/finding';
import type { VerifyInput } from './input';

/** One kind of problem that only the whole fleet shows: its rule, and what `docs/errors.md` says of it. */
export interface Rule {
  /** Stable code, `MESH3…`. */
  readonly code: string;
  readonly severity: Severity;
  /** A few words, lower case. */
  readonly title: string;
  /** What happens at run time. */
  readonly why: string;
  /** What the user can do. */
  readonly fix: string;
  /** Kinds of objects that it looks at; facts need no mention. */
  readonly reads: readonly string[];
  /** Everything in the input that is wrong in this way. */
  check(input: VerifyInput): Problem[];
}

/** One place where a rule is broken. Where it says nothing else, the rule's own words hold. */
export interface Problem {
  /** What it is about: objects as `Kind namespace/name @cluster`, or files. */
  readonly objects: string[];
  /** What is wrong, in the user's terms: what was found, what was expected. */
  readonly message: string;
  /** @default - `why` of the rule */
  readonly atRuntime?: string;
  /** @default - `fix` of the rule */
  readonly fix?: string;
}

/** What a rule finds, as findings. */
export function findings(rule: Rule, input: VerifyInput): Finding[] {
  const { code, severity, why, fix } = rule;
  return rule.check(input).map((problem) => ({ code, severity, atRuntime: why, fix, ...problem }));
}

import type { Finding, FindingField, Severity } from '../facts/finding';
import type { VerifyInput } from './input';
import { type ClusterInput, Kinds, type RuleInput } from './objects/objects';

/** One kind of problem that only the whole fleet shows: its rule, and what `docs/errors.md` says of it. */
export interface Rule {
  /** Stable code, `MESH3…`. */
  readonly code: string;
  readonly severity: Severity;
  /** A few words, lower case. */
  readonly title: string;
  /** What happens at run time. */
  readonly why: string;
  /** What the user can do, in the terms of the objects: they may be anybody's. */
  readonly fix: string;
  /** How a program of this library does it, where it has words of its own for it. */
  readonly inProgram?: string;
  /** Kinds of objects that it looks at; facts need no mention. */
  readonly reads: readonly string[];
  /** Everything in the input that is wrong in this way. */
  check(input: RuleInput): Problem[];
}

/** A rule about what is in one cluster: objects of others do not decide, nor do peerings. */
export interface ClusterRule extends Omit<Rule, 'check'> {
  readonly scope: 'cluster';
  check(input: ClusterInput): Problem[];
}

/** One place where a rule is broken. Where it says nothing else, the rule's own words hold. */
export interface Problem {
  /**
   * What it is about, the most telling first: fields of objects, by {@link at}; objects as a whole, as
   * `Kind namespace/name @cluster`; or files.
   */
  readonly objects: readonly (string | FindingField)[];
  /** What is wrong, in the user's terms: what was found, what was expected. */
  readonly message: string;
  /** @default - `why` of the rule */
  readonly atRuntime?: string;
  /** @default - `fix` of the rule */
  readonly fix?: string;
  /** @default - `inProgram` of the rule */
  readonly inProgram?: string;
}

/** What a rule finds, as findings. */
export const findings = (rule: Rule, input: VerifyInput): Finding[] => findingsOf([rule], input);

/** What rules find, rule by rule; they share what is sorted for one of them. */
export function findingsOf(rules: readonly Rule[], input: VerifyInput): Finding[] {
  const judged = new Judged(input);
  return rules.flatMap((rule) => told(rule, rule.check(judged)));
}

/** Problems in the words of their rule. */
export function told(
  { code, severity, why, fix, inProgram }: Rule | ClusterRule,
  problems: readonly Problem[],
): Finding[] {
  return problems.map(({ objects, ...problem }) => {
    const fields = objects.filter((one) => typeof one !== 'string');
    const names = objects.map((one) => (typeof one === 'string' ? one : one.object));
    return {
      code,
      severity,
      ...{ atRuntime: why, fix, ...(inProgram === undefined ? {} : { inProgram }), ...problem },
      objects: [...new Set(names)],
      ...(fields.length > 0 ? { fields } : {}),
    };
  });
}

/**
 * A field of an object.
 *
 * @param object `Kind namespace/name @cluster`.
 * @param field its path: `spec.http[0].match[1]`, `metadata.labels[example.com/x]`.
 */
export const at = (object: string, field: string): FindingField => ({ object, field });

/** Asks for the objects only when a rule does. */
class Judged implements RuleInput {
  public readonly kinds: Kinds;

  constructor(private readonly input: VerifyInput) {
    this.kinds = new Kinds(input);
  }

  public get manifests(): VerifyInput['manifests'] {
    return this.input.manifests;
  }

  public get facts(): VerifyInput['facts'] {
    return this.input.facts;
  }

  public get included(): VerifyInput['included'] {
    return this.input.included;
  }
}

import type { Finding } from '../facts/finding';
import type { AcceptedFinding } from '../facts/fleet';
import { type Acceptance, isAccepted, type PathsOf } from './suppress/acceptance';

/** How a fleet takes what rules and checks find. */
export interface Policy {
  readonly acceptances: readonly Acceptance[];
  /** Codes whose findings stop synthesis, whatever their severity; `warning` stands for all warnings. */
  readonly raised: ReadonlySet<string>;
}

/** Findings, after what was accepted and raised. */
export interface Verdict {
  /** What stops synthesis. */
  readonly errors: readonly Finding[];
  /** What is told: warnings, then infos. */
  readonly told: readonly Finding[];
  /** What is meant, in the order of the findings. */
  readonly accepted: readonly AcceptedFinding[];
}

/**
 * Sorts findings by what happens to them. An acceptance takes a warning or info, also a raised one; never an error. One
 * that takes nothing is a finding itself: what it was for is gone, or it is misspelled.
 */
export function verdictOn(found: readonly Finding[], { acceptances, raised }: Policy, pathsOf: PathsOf): Verdict {
  const used = new Set<Acceptance>();
  const accepted: AcceptedFinding[] = [];
  const rest: Finding[] = [];
  for (const finding of found) {
    const taking = finding.severity === 'error' ? [] : acceptances.filter((each) => isAccepted(each, finding, pathsOf));
    for (const acceptance of taking) used.add(acceptance);
    const { code, objects, message } = finding;
    if (taking.length > 0) accepted.push({ code, objects, message, reason: taking[0].reason });
    else rest.push(finding);
  }
  const unused = acceptances.filter((acceptance) => !used.has(acceptance)).map(withoutFinding);
  const severe = [...rest, ...unused].map((finding) => raise(finding, raised));
  const of = (severity: string) => severe.filter((finding) => finding.severity === severity);
  return { errors: of('error'), told: [...of('warning'), ...of('info')], accepted };
}

function raise(finding: Finding, raised: ReadonlySet<string>): Finding {
  const isRaised = raised.has(finding.code) || (finding.severity === 'warning' && raised.has('warning'));
  return isRaised ? { ...finding, severity: 'error' } : finding;
}

function withoutFinding({ code, about }: Acceptance): Finding {
  const what = 'name' in about ? `'${about.name}'` : `construct '${about.path}'`;
  return {
    code: 'MESH2018',
    severity: 'warning',
    objects: [],
    message: `${code} is accepted for ${what}, but there is no such warning or info`,
    atRuntime: 'nothing happens; a later finding of that name would go unnoticed',
    fix: 'remove the acceptance, or correct its code or name',
  };
}

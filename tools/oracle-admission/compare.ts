import type { Admission } from '../../lib/verify/admission/admission';
import { pathText } from '../../lib/verify/admission/path';
import type { Problem } from '../../lib/verify/admission/problem';
import type { Document, Verdict } from './oracle';

/** What is compared of two verdicts: who refuses the object, and of an admitted one how many warnings there are. */
export interface Outcome {
  readonly refusedBy: 'api server' | 'webhook' | 'nobody';
  /** Of an admitted object; 0 of another, as istiod sends none then. */
  readonly warnings: number;
}

/** An object that is judged differently. */
export interface Disagreement {
  readonly document: Document;
  readonly theirs: Verdict;
  readonly ours: readonly Problem[];
}

/** The outcome of a verdict of the oracle. */
export function outcomeOf({ schema, webhook, warnings = [] }: Verdict): Outcome {
  if (schema !== undefined) return { refusedBy: 'api server', warnings: 0 };
  if (webhook !== undefined) return { refusedBy: 'webhook', warnings: 0 };
  return { refusedBy: 'nobody', warnings: warnings.length };
}

/** The outcome of what `Admission` finds. */
export function outcomeOfProblems(problems: readonly Problem[]): Outcome {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return { refusedBy: 'nobody', warnings: problems.length };
  return { refusedBy: errors.some(({ by }) => by === 'webhook') ? 'webhook' : 'api server', warnings: 0 };
}

/** Objects that are judged differently. */
export function disagreements(
  admission: Admission,
  documents: readonly Document[],
  verdicts: readonly Verdict[],
): Disagreement[] {
  return documents.flatMap((document, i) => {
    const theirs = verdicts[i] as Verdict;
    const ours = admission.judge(document);
    const [a, b] = [outcomeOf(theirs), outcomeOfProblems(ours)];
    return a.refusedBy === b.refusedBy && a.warnings === b.warnings ? [] : [{ document, theirs, ours }];
  });
}

/** A disagreement for people. */
export function disagreementText({ document, theirs, ours }: Disagreement): string {
  const problems = ours.map(({ severity, by, path, message }) => `${severity} (${by}) ${pathText(path)} ${message}`);
  return [
    `${JSON.stringify(document)}`,
    `  oracle: ${JSON.stringify(theirs)}`,
    `  ours:   ${problems.join('\n          ') || 'admitted'}`,
  ].join('\n');
}

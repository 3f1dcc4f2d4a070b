import type { LocatedFinding } from '../../located';
import type { Ref } from '../../world/resource';

/** What a verification says, before it has a format. */
export interface FindingsReport {
  readonly clusters: readonly string[];
  /** Objects that were judged. */
  readonly objects: number;
  /** By severity. */
  readonly findings: readonly LocatedFinding[];
  readonly assumptions: readonly string[];
  readonly unmodelled: readonly Ref[];
  /** A file that stands for findings which are about no file: what says what the clusters are. */
  readonly file: string;
}

/** `1 error`, `2 errors`. */
export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** `2 errors, 1 warning, 3 accepted`; `no findings`. */
export function tally({ findings }: Pick<FindingsReport, 'findings'>): string {
  const open = findings.filter(({ accepted }) => !accepted);
  const said = (['error', 'warning', 'info'] as const)
    .map((severity) => [open.filter((one) => one.severity === severity).length, severity] as const)
    .filter(([n]) => n > 0)
    .map(([n, severity]) => count(n, severity));
  const accepted = findings.length - open.length;
  if (accepted > 0) said.push(`${accepted} accepted`);
  return said.length === 0 ? 'no findings' : said.join(', ');
}

/** Whether something is wrong that nobody says is meant. */
export const hasErrors = ({ findings }: Pick<FindingsReport, 'findings'>): boolean =>
  findings.some(({ severity, accepted }) => severity === 'error' && !accepted);

/** What helps, on one line: in the terms of the objects, and of the program where one wrote them. */
export const fixOf = ({ fix, inProgram }: Pick<LocatedFinding, 'fix' | 'inProgram'>): string =>
  inProgram === undefined ? fix : `${fix}; in the program: ${inProgram}`;

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
}

/** `1 error`, `2 errors`. */
export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** `2 errors, 1 warning`; `no findings`. */
export function tally({ findings }: Pick<FindingsReport, 'findings'>): string {
  const said = (['error', 'warning', 'info'] as const)
    .map((severity) => [findings.filter((one) => one.severity === severity).length, severity] as const)
    .filter(([n]) => n > 0)
    .map(([n, severity]) => count(n, severity));
  return said.length === 0 ? 'no findings' : said.join(', ');
}

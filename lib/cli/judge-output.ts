import { judge } from '../verify/judge';
import { fixOf, hasErrors } from '../verify/report/findings/report';
import { configuredAcceptances } from '../verify/suppress/config';
import { readSnapshot } from '../verify/world/snapshot';

/** What is found in what an app wrote. */
export interface JudgedOutput extends Pick<ReturnType<typeof judge>, 'findings' | 'assumptions'> {
  readonly hasErrors: boolean;
}

/**
 * Judges a folder that an app wrote, with what is configured there.
 *
 * @param facts files with facts; empty: `fleet.json` beside the clusters.
 * @throws MESH1107 and MESH4002 to MESH4006 for what cannot be read.
 */
export function judgeOutput(folder: string, facts: readonly string[]): JudgedOutput {
  const { findings, assumptions } = judge(readSnapshot(folder, facts), configuredAcceptances(folder));
  const told = findings.map((finding) => ({ ...finding, fix: fixOf(finding) }));
  return { findings: told, assumptions, hasErrors: hasErrors({ findings }) };
}

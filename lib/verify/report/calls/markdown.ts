import { count } from '../findings/report';
import { code, MOST_ROWS, plain, rest, table } from '../markdown';
import { type CallsReport, failedOf, nameOf } from './report';

/** Stands in a comment, unseen: a pipeline finds its comment by it, and writes it anew. */
const MARKER = '<!-- multimesh test -->';

/** Results of calls as a comment of a change: those that end otherwise, at most fifty. */
export function callsMarkdown(report: CallsReport): string {
  const { results, coverage } = report;
  const failed = failedOf(report);
  const rows = failed
    .slice(0, MOST_ROWS)
    .map(({ call, failure = '' }) => [code(nameOf(call)), plain(failure), plain(call.why ?? '')]);
  return [
    MARKER,
    `### ${failed.length > 0 ? '❌' : '✅'} multimesh test: ${count(results.length, 'call')}, ${failed.length} otherwise than expected`,
    ...(rows.length > 0
      ? ['', table(['Call', 'What is otherwise', 'Why it is expected'], rows), rest(failed.length)]
      : []),
    ...(coverage ? ['', `${coverage.covered} of ${coverage.all} objects and parts that decide are covered.`] : []),
  ]
    .join('\n')
    .replace(/\n*$/, '\n');
}

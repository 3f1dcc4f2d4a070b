import { type Palette, PLAIN } from '../colour';
import { count } from '../findings/report';
import type { SourceLines } from '../source-line';
import { explain } from '../trace/text';
import { wrap } from '../wrap';
import { type CallsReport, failedOf, nameOf } from './report';

/** Calls that end otherwise than expected, each with its trace; then how many there are. */
export function callsText(report: CallsReport, lines: SourceLines, palette: Palette = PLAIN): string {
  const { results, coverage, assumptions } = report;
  const failed = failedOf(report);
  const blocks = failed.map(({ call, trace, failure }) => {
    const why = call.why === undefined ? [] : [wrap(`why: ${call.why}`, '  ', '    ')];
    const said = `${explain(trace, { lines, palette })}`.replace(/^/gm, '  ').trimEnd();
    return [`${palette.bad('failed')} ${nameOf(call)}`, ...why, wrap(failure ?? '', '  ', '    '), said, ''].join('\n');
  });
  const missed = (coverage?.missed ?? []).map((ref) => {
    const what = `not covered: ${ref.object}${ref.field === '' ? '' : ` ${ref.field}`}`;
    return `${what}\n  ${palette.faint(lines.of(ref) ?? '')}`.trimEnd();
  });
  const passed = results.length - failed.length;
  return `${[
    ...blocks,
    ...missed,
    ...assumptions.map((what) => wrap(`assumes: ${what}`, '', '  ')),
    `${count(results.length, 'call')}: ${passed} as expected, ${failed.length} otherwise`,
    ...(coverage ? [`coverage: ${coverage.covered} of ${count(coverage.all, 'object')} and parts that decide`] : []),
  ].join('\n')}\n`;
}

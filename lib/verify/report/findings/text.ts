import type { Severity } from '../../../facts/finding';
import type { LocatedFinding } from '../../located';
import { type Palette, PLAIN } from '../colour';
import type { SourceLines } from '../source-line';
import { wrap } from '../wrap';
import { count, type FindingsReport, tally } from './report';

/** Findings for people: a block each, with the line of the field that is wrong, then a line that counts them. */
export function findingsText(report: FindingsReport, lines: SourceLines, palette: Palette = PLAIN): string {
  const { clusters, objects, assumptions, unmodelled } = report;
  const blocks = report.findings.filter(({ accepted }) => !accepted).map((finding) => block(finding, lines, palette));
  const judged = `${count(clusters.length, 'cluster')}, ${count(objects, 'object')}: ${tally(report)}`;
  return `${[
    ...blocks.map((one) => `${one}\n`),
    ...assumptions.map((what) => wrap(`assumes: ${what}`, '', '  ')),
    ...unmodelled.map(({ object, field }) => wrap(`not modelled: ${object} ${field}`, '', '  ')),
    judged,
  ].join('\n')}\n`;
}

function block(finding: LocatedFinding, lines: SourceLines, palette: Palette): string {
  const { severity, code, message, objects, refs, atRuntime, fix, inProgram } = finding;
  const head = `${severity} ${code}: `;
  const said = wrap(`${head}${message}`, '', '  ').slice(head.length);
  const located = refs.map((ref) => {
    const where = lines.of(ref);
    const what = `  ${ref.object}${ref.field === '' ? '' : `  ${ref.field}`}`;
    return where === undefined ? what : `${what}\n    ${palette.faint(where)}`;
  });
  const others = objects.filter((object) => !refs.some((ref) => ref.object === object)).map((object) => `  ${object}`);
  return [
    `${colourOf(severity, palette)(`${severity} ${code}`)}: ${said}`,
    ...located,
    ...others,
    wrap(`at run time: ${atRuntime}`, '  ', '    '),
    wrap(`fix: ${fix}`, '  ', '    '),
    ...(inProgram === undefined ? [] : [wrap(`in the program: ${inProgram}`, '  ', '    ')]),
  ].join('\n');
}

const colourOf = (severity: Severity, { bad, doubtful, faint }: Palette): ((text: string) => string) =>
  ({ error: bad, warning: doubtful, info: faint })[severity];

import type { LocatedFinding } from '../../located';
import { code, MOST_ROWS, plain, rest, table } from '../markdown';
import type { SourceLines } from '../source-line';
import { count, type FindingsReport, fixOf, hasErrors, tally } from './report';

/** Stands in a comment, unseen: a pipeline finds its comment by it, and writes it anew. */
const MARKER = '<!-- multimesh verify -->';

/** Findings as a comment of a change: errors first, at most fifty. */
export function findingsMarkdown(report: FindingsReport, lines: SourceLines): string {
  const { clusters, objects, assumptions, unmodelled } = report;
  const open = report.findings.filter(({ accepted }) => !accepted);
  const accepted = report.findings.filter((finding) => finding.accepted);
  const sign = hasErrors(report) ? '❌' : open.length > 0 ? '⚠️' : '✅';
  return [
    MARKER,
    `### ${sign} multimesh verify: ${tally(report)}`,
    '',
    `${count(clusters.length, 'cluster')}, ${count(objects, 'object')}.`,
    '',
    ...(open.length > 0
      ? [
          table(
            ['', 'What is wrong', 'Where', 'Fix'],
            open.slice(0, MOST_ROWS).map((finding) => row(finding, lines)),
          ),
          rest(open.length),
        ]
      : []),
    ...details(
      'Accepted',
      accepted.map((one) => `${one.code} ${plain(one.message)}: ${plain(one.accepted?.reason ?? '')}`),
    ),
    ...details('Assumed', assumptions.map(plain)),
    ...details(
      'Not modelled',
      unmodelled.map(({ object, field }) => plain(`${object} ${field}`)),
    ),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\n*$/, '\n');
}

function row(finding: LocatedFinding, lines: SourceLines): string[] {
  const { severity, code: id, message, objects, refs } = finding;
  const places = refs.map((ref) => [lines.of(ref) ?? ref.object, ref.field].filter((part) => part !== '').join(' '));
  return [
    `${severity} ${id}`,
    plain(message),
    (places.length > 0 ? places : objects).map(code).join('<br>'),
    plain(fixOf(finding)),
  ];
}

function details(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, MOST_ROWS).map((item) => `- ${item}`);
  return [`<details><summary>${title} (${items.length})</summary>`, '', ...shown, rest(items.length), '</details>', ''];
}

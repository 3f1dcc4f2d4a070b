import type { Change, Difference } from '../../diff/diff';
import { KIND_TITLES, KINDS } from '../../diff/kinds';
import { describeCallers } from '../../explore/who';
import type { World } from '../../world/world';
import { requestLines } from '../exposures/words';
import { unaddressed } from '../markdown';
import type { SourceLines } from '../source-line';
import { becauseLine, sideLine } from './words';

/** By this a program finds the comment that it wrote before, and writes the new one in its place. */
export const MARKER = '<!-- cdk8s-multimesh diff -->';

const MOST_ROWS = 50;

/** Changes as a comment of a pull request: at most fifty rows, those that open something first. */
export function differenceMarkdown(
  { changes, objects, notMixed }: Difference,
  world: World,
  lines: SourceLines,
): string {
  if (changes.length === 0) {
    const what =
      objects.length === 0
        ? 'No object changes.'
        : `${counted(objects.length, 'object')} changed, and no call with them.`;
    return `${MARKER}\n### What calls change\n\n${what}\n`;
  }
  const shown = changes.slice(0, MOST_ROWS);
  const tally = KINDS.flatMap((kind) => {
    const count = changes.filter((one) => one.kind === kind).length;
    return count > 0 ? [`${count} **${kind}**: ${KIND_TITLES[kind]}`] : [];
  });
  const more = changes.length - shown.length;
  return `${[
    MARKER,
    '### What calls change',
    '',
    ...tally.map((one) => `- ${one}`),
    '',
    '| | Callers | Dial | Requests | Before | After | Because of |',
    '|---|---|---|---|---|---|---|',
    ...shown.map((one) => row(one, world, lines)),
    ...(more > 0 ? ['', `And ${more} more: \`multimesh diff\` shows them all.`] : []),
    ...(notMixed
      ? ['', `Not looked at: what is between, while some of ${notMixed.length} clusters are new and others old.`]
      : []),
  ].join('\n')}\n`;
}

function row(change: Change, world: World, lines: SourceLines): string {
  const kind = `**${change.kind}**${change.while ? `, while ${change.while}` : ''}`;
  const cells = [
    kind,
    cell(describeCallers(change.callers, world)),
    change.dials.map((url) => code(url)).join('<br>'),
    requestLines(change).map(cell).join('<br>') + (change.isApproximate ? ' (about)' : ''),
    cell(sideLine(change.before)),
    cell(sideLine(change.after)),
    [cell(becauseLine(change) ?? ''), ...placesOf(change, lines).map(code)].filter((part) => part !== '').join('<br>'),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Where the fields that differ stand: `new/c1/web.yaml:7 spec.hosts`. */
const placesOf = ({ because }: Change, lines: SourceLines): string[] =>
  (because?.refs ?? []).flatMap((ref) => {
    const where = lines.of(ref);
    return where === undefined ? [] : [ref.field === '' ? where : `${where} ${ref.field}`];
  });

/** Text in a table: nothing of it is Markdown or HTML. */
const cell = (text: string): string =>
  unaddressed(
    text.replace(/\s*\n\s*/g, ' ').replace(/[\\`*_{}[\]<>|~#&]/g, (character) => `&#${character.charCodeAt(0)};`),
  );

const code = (text: string): string => `\`${text.replace(/[`|]|\s*\n\s*/g, ' ')}\``;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

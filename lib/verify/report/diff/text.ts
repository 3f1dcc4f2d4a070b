import type { Change, Difference } from '../../diff/diff';
import { KIND_TITLES } from '../../diff/kinds';
import { describeCallers } from '../../explore/who';
import type { Ref } from '../../world/resource';
import type { World } from '../../world/world';
import { type Palette, PLAIN } from '../colour';
import { requestLines } from '../exposures/words';
import type { SourceLines } from '../source-line';
import { wrap } from '../wrap';
import { becauseLine, sideLine } from './words';

/** Changes for people, a block each, those that open something first. */
export function differenceText(
  { changes, objects, notMixed, calls }: Difference,
  world: World,
  lines: SourceLines,
  palette: Palette = PLAIN,
): string {
  const blocks = changes.map((one) => `${block(one, world, lines, palette)}\n`);
  const mixed = notMixed
    ? [`not looked at: what is between, while some of ${notMixed.length} clusters are new and others old`]
    : [];
  const counts = `${counted(objects.length, 'object')} changed, ${counted(changes.length, 'kind')} of calls with them, found by ${counted(calls, 'call')}`;
  return `${[...blocks, ...mixed, counts].join('\n')}\n`;
}

function block(change: Change, world: World, lines: SourceLines, { bad, doubtful, good, faint }: Palette): string {
  const { kind, callers, dials, isApproximate } = change;
  const colour = kind === 'closes' ? good : kind === 'moves' ? doubtful : bad;
  const because = becauseLine(change);
  const isOne = change.because?.objects.length === 1;
  return [
    `${colour(kind)}: ${wrap(`${describeCallers(callers, world)} → ${dials.join(', ')}`, `${kind}: `, '  ').slice(kind.length + 2)}`,
    ...requestLines(change).map((line) => wrap(`${line}${isApproximate ? ' (about)' : ''}`, '  ', '    ')),
    wrap(`${KIND_TITLES[kind]}${change.while ? `, while ${change.while}` : ''}`, '  ', '    '),
    wrap(`before: ${sideLine(change.before)}`, '  ', '    '),
    wrap(`after: ${sideLine(change.after)}`, '  ', '    '),
    ...(because ? [wrap(`because of ${because}`, '  ', '    ')] : []),
    ...(change.because?.refs ?? []).flatMap((ref) => fieldLines(ref, isOne, lines, faint)),
  ].join('\n');
}

/** A field that differs, and where. */
function fieldLines(ref: Ref, isOne: boolean, lines: SourceLines, faint: Palette['faint']): string[] {
  const { object, field, note } = ref;
  const where = lines.of(ref);
  const name = isOne && field !== '' ? field : `${object} ${field}`.trimEnd();
  const what = [name, ...(note === undefined ? [] : [`(${note})`])].join(' ');
  return [`      ${what}`, ...(where === undefined ? [] : [`        ${faint(where)}`])];
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

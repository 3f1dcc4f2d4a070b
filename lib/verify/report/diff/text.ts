import type { Change, Difference } from '../../diff/diff';
import { KIND_TITLES } from '../../diff/kinds';
import { describeCallers } from '../../explore/who';
import type { World } from '../../world/world';
import { type Palette, PLAIN } from '../colour';
import { requestLines } from '../exposures/words';
import { wrap } from '../wrap';
import { becauseLine, sideLine } from './words';

/** Changes for people, a block each, those that open something first. */
export function differenceText(
  { changes, objects, notMixed, calls }: Difference,
  world: World,
  palette: Palette = PLAIN,
): string {
  const blocks = changes.map((one) => `${block(one, world, palette)}\n`);
  const mixed = notMixed
    ? [`not looked at: what is between, while some of ${notMixed.length} clusters are new and others old`]
    : [];
  const counts = `${counted(objects.length, 'object')} changed, ${counted(changes.length, 'kind')} of calls with them, found by ${counted(calls, 'call')}`;
  return `${[...blocks, ...mixed, counts].join('\n')}\n`;
}

function block(change: Change, world: World, { bad, doubtful, good }: Palette): string {
  const { kind, callers, dials, isApproximate } = change;
  const colour = kind === 'closes' ? good : kind === 'moves' ? doubtful : bad;
  const because = becauseLine(change);
  return [
    `${colour(kind)}: ${wrap(`${describeCallers(callers, world)} → ${dials.join(', ')}`, `${kind}: `, '  ').slice(kind.length + 2)}`,
    ...requestLines(change).map((line) => wrap(`${line}${isApproximate ? ' (about)' : ''}`, '  ', '    ')),
    wrap(`${KIND_TITLES[kind]}${change.while ? `, while ${change.while}` : ''}`, '  ', '    '),
    wrap(`before: ${sideLine(change.before)}`, '  ', '    '),
    wrap(`after: ${sideLine(change.after)}`, '  ', '    '),
    ...(because ? [wrap(`because of ${because}`, '  ', '    ')] : []),
  ].join('\n');
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

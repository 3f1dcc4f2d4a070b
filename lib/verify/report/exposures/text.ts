import type { Exposure, Exposures } from '../../explore/exposures';
import { describeCallers } from '../../explore/who';
import type { World } from '../../world/world';
import { type Palette, PLAIN } from '../colour';
import { wrap } from '../wrap';
import { identityLine, requestLines, wayLine } from './words';

/** Exposures for people: a block per server and port, in it a block per kind of callers. */
export function exposuresText(found: Exposures, world: World, palette: Palette = PLAIN): string {
  const { exposures, assumptions, unmodelled, calls } = found;
  const servers = new Map<string, Exposure[]>();
  for (const one of exposures) {
    const key = `${one.server}:${one.port}`;
    servers.set(key, [...(servers.get(key) ?? []), one]);
  }
  const blocks = [...servers].map(([server, own]) =>
    [server, ...own.map((one) => block(one, world, palette)), ''].join('\n'),
  );
  const outside = exposures.filter(({ isOutside }) => isOutside).length;
  return `${[
    ...blocks,
    ...assumptions.map((what) => wrap(`assumes: ${what}`, '', '  ')),
    ...unmodelled.map(({ object, field }) => wrap(`not modelled: ${object} ${field}`, '', '  ')),
    `${counted(exposures.length, 'exposure')} of ${counted(servers.size, 'port')}, found by ${counted(calls, 'call')}` +
      (outside > 0 ? `; ${palette.bad(`${outside} outside of the zone of trust`)}` : ''),
  ].join('\n')}\n`;
}

function block(one: Exposure, world: World, { bad, faint }: Palette): string {
  const about = one.isApproximate ? ' (about)' : '';
  return [
    wrap(`← ${describeCallers(one.callers, world)}`, '  ', '    '),
    ...(one.isOutside ? [`    ${bad('outside of the zone of trust')}`] : []),
    ...requestLines(one).map((line) => wrap(`${line}${about}`, '    ', '      ')),
    wrap(`${wayLine(one)}; ${identityLine(one)}`, '    ', '      '),
    faint(wrap(`dialled as ${one.dials.join(', ')}`, '    ', '      ')),
  ].join('\n');
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

import type { Blockers } from '../../explain/blockers';
import { TRACE_CODES } from '../../run/codes';
import { describeOutcome } from '../../run/outcome';
import type { Palette } from '../colour';
import { wrap } from '../wrap';
import { labelOf } from './hop';

/** What ends a call after what the trace shows is lifted, for people. */
export function blockersText({ blockers, outcome }: Blockers, palette: Palette): string {
  if (blockers.length === 0) return '';
  const lines = blockers.flatMap(({ lifted }, index) => {
    const next = blockers[index + 1];
    if (lifted === undefined) {
      return index > 0 ? [] : [wrap('nothing can be lifted to see what comes after it: repair this first', ' ', '   ')];
    }
    const without = wrap(`without ${lifted}:`, ' ', '   ');
    if (next === undefined) return [without, wrap(`the call ends in ${describeOutcome(outcome)}`, '   ')];
    const { code, why } = next.failure;
    const said = wrap(`${code}: ${TRACE_CODES[code].title} at ${labelOf(next.at)}: ${why}`, '   ', '     ');
    return [without, said.replace(code, palette.bad(code)), wrap(`fix: ${TRACE_CODES[code].fix}`, '   ', '     ')];
  });
  return `${lines.join('\n')}\n`;
}

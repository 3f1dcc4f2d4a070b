import type { Change, Side } from '../../diff/diff';
import { identityLine, wayLine } from '../exposures/words';

/** What a side of a change comes to. */
export function sideLine({ reached, failure }: Side): string {
  if (reached.length === 0)
    return failure ? `${failure.why}${failure.at === '' ? '' : ` (${failure.at}, ${failure.code})`}` : 'nobody answers';
  return reached.map((one) => `${one.server}:${one.port} ${wayLine(one)}; ${identityLine(one)}`).join(' or ');
}

/** Which objects make the difference. */
export function becauseLine({ because }: Pick<Change, 'because'>): string | undefined {
  if (!because) return undefined;
  const { objects, isTogether } = because;
  return `${objects.join(isTogether ? ' and ' : ' or ')}${objects.length > 1 ? (isTogether ? ', together' : ', each alone') : ''}`;
}

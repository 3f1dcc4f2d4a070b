import { CODES, type CodeInfo } from '../../facts/codes';
import { RULES } from '../rules';

/** What every finding of `multimesh verify` can be, by its code. */
export function findingCodes(): ReadonlyMap<string, CodeInfo> {
  const own = (['MESH4006', 'MESH4007', 'MESH4010', 'MESH4011'] as const).map((code) => [code, CODES[code]] as const);
  const rules = RULES.map(({ code, title, why, fix }) => [code, { title, why, fix }] as const);
  return new Map<string, CodeInfo>([...rules, ...own].sort(([a], [b]) => (a < b ? -1 : 1)));
}

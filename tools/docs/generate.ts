import { CODES } from '../../lib';
import { RULES } from '../../lib/verify/rules';
import { apiPage } from './api';
import { errorsPage } from './errors';

/** Pages of docs/ that are generated, by file name. */
export const GENERATED_DOCS: ReadonlyMap<string, () => string> = new Map([
  ['api.md', apiPage],
  ['errors.md', () => errorsPage({ ...CODES, ...Object.fromEntries(RULES.map((rule) => [rule.code, rule])) })],
]);

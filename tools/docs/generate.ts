import { CODES } from '../../lib';
import { RULES } from '../../lib/verify/rules';
import { apiPages } from './api';
import { errorsPage } from './errors';

/** Pages of docs/ that are generated, by their path below it. */
export function generatedDocs(): Map<string, string> {
  const rules = Object.fromEntries(RULES.map((rule) => [rule.code, rule]));
  return new Map([
    ['errors.md', errorsPage({ ...CODES, ...rules })],
    ...[...apiPages()].map(([file, text]): [string, string] => [`api/${file}`, text]),
  ]);
}

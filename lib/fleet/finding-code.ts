import { CODES } from '../facts/codes';
import { RULES } from '../verify/rules';

/** Codes of a program's own checks: a word in capitals and a number, so that a misspelt word is none of them. */
const OWN = /^(?!MESH)[A-Z][A-Z0-9_-]*\d$/;

/** What such a code looks like, for messages. */
export const OWN_CODE = "capitals and a number, such as 'SHOP001'";

/** Whether findings may have this code: one of the library, or of a program's own checks. */
export function isFindingCode(code: string): boolean {
  return OWN.test(code) || code in CODES || RULES.some((rule) => rule.code === code);
}

import * as fc from 'fast-check';
import { StringMatch } from '../../lib';
import { messageOf } from '../support/model';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 4 });
const anyMatch = fc.oneof(
  letters.map(StringMatch.exact),
  letters.map(StringMatch.prefix),
  fc.constantFrom('a+', 'ab?c*', '/a.*', '^/b', 'a|b', '/ab{2}', '(?i)A').map(StringMatch.regex),
  fc.constant(StringMatch.present()),
);

/** What Envoy does with it: a regular expression must match the whole text. */
function takes(match: StringMatch, text: string): boolean {
  if (match.kind === 'present') return true;
  if (match.kind === 'exact') return match.text === text;
  if (match.kind === 'prefix') return text.startsWith(match.text);
  const isCaseless = match.text.startsWith('(?i)');
  return new RegExp(`^(?:${match.text.replace('(?i)', '')})$`, isCaseless ? 'i' : '').test(text);
}

describe('StringMatch', () => {
  test('is what Istio writes', () => {
    expect(StringMatch.exact('jason').render()).toEqual({ exact: 'jason' });
    expect(StringMatch.prefix('ja').render()).toEqual({ prefix: 'ja' });
    expect(StringMatch.regex('ja.*n').render()).toEqual({ regex: 'ja.*n' });
    expect(StringMatch.present().render()).toEqual({});
  });

  test('one that covers another takes all that the other takes', () => {
    fc.assert(
      fc.property(anyMatch, anyMatch, fc.array(letters, { minLength: 20, maxLength: 20 }), (broad, narrow, texts) => {
        if (!broad.covers(narrow)) return;
        for (const text of texts) if (takes(narrow, text)) expect(takes(broad, text)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test.each<[StringMatch, StringMatch, boolean]>([
    [StringMatch.regex('/v[12]/.*'), StringMatch.exact('/v1/a'), true],
    [StringMatch.regex('/v[12]/.*'), StringMatch.exact('/v3/a'), false],
    [StringMatch.prefix('/v1/'), StringMatch.regex('/v1/[a-z]+'), true],
    [StringMatch.prefix('/v1/'), StringMatch.regex('/v1/?[a-z]+'), false],
    [StringMatch.prefix('/v1/'), StringMatch.regex('/v1/a|/v2'), false],
    [StringMatch.present(), StringMatch.exact(''), true],
    [StringMatch.exact(''), StringMatch.present(), false],
  ])('%s covers %s: %s', (broad, narrow, expected) => {
    expect(broad.covers(narrow)).toBe(expected);
  });

  test.each<[() => unknown, string]>([
    [
      () => StringMatch.prefix(''),
      'MESH1308 StringMatch.prefix: the text is empty, and every text begins so; use StringMatch.present()',
    ],
    [
      () => StringMatch.regex('(?=a)b'),
      "MESH1308 StringMatch.regex: the regular expression '(?=a)b' is none of RE2 syntax (error parsing regexp: invalid or unsupported Perl syntax: `(?=`); RE2 has no look-around and no back references",
    ],
    [
      () => StringMatch.regex(''),
      'MESH1308 StringMatch.regex: the regular expression has 0 characters; expected 1 to 1024, as istiod takes them',
    ],
    [
      () => StringMatch.regex('a'.repeat(1025)),
      'MESH1308 StringMatch.regex: the regular expression has 1025 characters; expected 1 to 1024, as istiod takes them',
    ],
    [
      () => StringMatch.exact(1 as unknown as string),
      'MESH1006 StringMatch.exact: text is the number 1, expected a text',
    ],
  ])('%#: what does not fit is refused', (run, message) => {
    expect(messageOf(run)).toBe(message);
  });
});

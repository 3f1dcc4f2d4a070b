import { fullMatch, matchesText } from '../../../lib/verify/view/condition';

test.each([
  ['/a(b|c)', '/ac', true],
  ['/a', '/ab', false],
  ['(?P<name>a)b', 'ab', true],
  // JavaScript has no flags inside, no classes by name, and reads \A as the letter
  ['(?i)/abc', '/ABC', true],
  ['(?i:/a)bc', '/ABC', false],
  ['/[[:digit:]]+', '/12', true],
  ['\\A/x\\z', '/x', true],
  ['\\pL+', 'é', true],
  // nobody can read it
  ['(', '(', false],
  ['(?i)(', '(', false],
])('the expression %s matches all of %s: %s', (expression, text, expected) => {
  expect(fullMatch(expression).test(text)).toBe(expected);
  expect(matchesText({ kind: 'regex', value: expression }, text)).toBe(expected);
});

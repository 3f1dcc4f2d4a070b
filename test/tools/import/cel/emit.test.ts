import { emit } from '../../../../tools/import/cel/emit';
import { parse } from '../../../../tools/import/cel/parse';

function code(rule: string): string {
  return emit(parse(rule));
}

test.each([
  ['has(self.a) ? self.a : "x"', `(has(self, 'a') ? field(self, 'a') : "x")`],
  ['!(a || b) && c', '(!(a || b) && c)'],
  ['1 + 2 * 3 <= 4', '((1 + (2 * 3)) <= 4)'],
  ['self == "*" != true', '((self === "*") !== true)'],
  ['self in ["", "A"]', '["", "A"].includes(self)'],
  ['self.size() == size(self)', '(size(self) === size(self))'],
  [
    'self.all(k, k.exists_one(l, l.n == k.n))',
    `items(self).every((k) => (items(k).filter((l) => (field(l, 'n') === field(k, 'n'))).length === 1))`,
  ],
  ['self.exists(k, k.contains("/"))', 'items(self).some((k) => k.includes("/"))'],
  ['self.substring(7, 8).startsWith("/")', 'substring(self, 7, 8).startsWith("/")'],
  ["self.matches('^[^%[:cntrl:]]/$')", '/^[^%\\x00-\\x1f\\x7f]\\/$/.test(self)'],
  ['url(self).getScheme()', 'url(self).scheme'],
  ['self.__namespace__', `field(self, 'namespace')`],
  [`self.lowerAscii() != 'it\\'s\\n'`, '(lowerAscii(self) !== "it\'s\\n")'],
  ['{}.size() > -1', '(size({}) > -1)'],
])('%s', (rule, expected) => {
  expect(code(rule)).toBe(expected);
});

test.each([
  ['self.a.', "character 8: '', expected a name"],
  ['self ? 1', "character 9: '', expected ':'"],
  ['self self', "character 6: 'self', expected 'the end'"],
  ['self @ 1', 'character 6, @: no token of CEL begins with it'],
  ['self == "\\x41"', '\\x: an escape that is not supported'],
])('%s is refused: %s', (rule, message) => {
  expect(() => parse(rule)).toThrow(message);
});

test.each([
  ['self.format()', 'format() with 1 values is not supported'],
  ['duration(a, b)', 'duration() with 2 values is not supported'],
  ['has(self)', 'has() expects a field'],
  ['self.all(1, true)', 'all() expects a name and a condition'],
  ['self.matches(other)', 'matches() expects a string'],
  ["self.matches('\\\\pN')", 'is not supported'],
  ['self == []', '== with a list or map is not supported'],
  ['self.a__dot__b', 'field a__dot__b: an escape that is not supported'],
])('%s has no translation: %s', (rule, message) => {
  expect(() => code(rule)).toThrow(message);
});

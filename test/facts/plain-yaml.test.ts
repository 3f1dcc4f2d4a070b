import fc from 'fast-check';
import { LineCounter, parseAllDocuments } from 'yaml';
import { readPlainYaml } from '../../lib/facts/plain-yaml';
import { schemaOfGo } from '../../lib/facts/yaml-of-go';

/** What the reader that keeps places makes of a text; undefined where it is no YAML. */
function readFully(text: string): unknown[] | undefined {
  const lines = new LineCounter();
  const options = { version: '1.1', schema: schemaOfGo(), lineCounter: lines, logLevel: 'error' } as const;
  const documents = [...parseAllDocuments(text, options)];
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  return documents.flatMap((document) => {
    const value = document.toJS();
    return value === null ? [] : [{ value, line: lines.linePos(document.contents?.range?.[0] ?? 0).line }];
  });
}

test('an object is read with the words of YAML 1.1, and the line on which it begins', () => {
  const text =
    '# one\n---\na: yes\nb: [010, 0x1f, 1_000, .5, 22:22, 2026-01-01]\n---\n---\nc: |-\n  x\n  y\nd: "off"\ne:\n';
  expect(readPlainYaml(text)).toEqual([
    { value: { a: true, b: [8, 31, 1000, 0.5, '22:22', '2026-01-01'] }, line: 3 },
    { value: { c: 'x\ny', d: 'off', e: null }, line: 7 },
  ]);
  expect(readPlainYaml('')).toEqual([]);
});

test('a point alone is text, as kubectl reads it: exportTo: [.]', () => {
  const text = 'a: [., -., ._, 1., .5, -1.5, 1_0.5]\n';
  const value = { a: ['.', '-.', '._', 1, 0.5, -1.5, 10.5] };
  expect(readPlainYaml(text)).toEqual([{ value, line: 1 }]);
  expect(readFully(text)).toEqual([{ value, line: 1 }]);
});

test.each([
  ['an anchor', 'a: &x 1\nb: 2\n'],
  ['an alias', 'a: &x 1\nb: *x\n'],
  ['a tag', 'a: !!str 1\n'],
  ['a directive', '%YAML 1.2\n---\na: 1\n'],
  ['a merge key', 'a: { <<: { b: 1 } }\n'],
  ['a key that is no text', '1: a\n'],
  ['a key that is an object', '{ a: 1 }: b\n'],
  ['a key of the language', '__proto__: { a: 1 }\n'],
  ['an explicit key', '? a\n: b\n'],
  ['a tab', 'a:\tb\n'],
  ['line ends of Windows', 'a: 1\r\n'],
  ['a byte order mark', '\ufeffa: 1\n'],
  ['empty lines that stay', 'a: |+\n  b\n\n'],
  ['an indentation that is stated', 'a: |2\n    b\n'],
  ['a key behind an item in quotes, which is no YAML', "a:\n- 'b' c: d\n"],
  ['a key that stands twice', 'a: 1\na: 2\n'],
  ['a list', '- a: 1\n'],
  ['a word', 'a\n'],
  ['what is no YAML', 'a: [1\n'],
])('%s is left to the other reader', (_, text) => {
  expect(readPlainYaml(text)).toBeUndefined();
});

const PARTS = [
  ...['a', 'b: ', '- ', '  ', '\n', '\n  ', '\n    ', ': ', ':', '#', ' # c', '"', "'", '"x"', "'y'", '|\n', '>\n'],
  ...['|-\n', '>-\n', '|2\n', '>+\n', '{', '}', '[', ']', ', ', ',', '---\n', '...\n', '--- ', '? ', '\\', '\\n', '%'],
  ...['yes', 'no', '~', 'null', '010', '0x1f', '1_000', '1e3', '.5', '-.inf', '.nan', '22:22', '1.', '+1', '0b1', '-0'],
  ...['<<: ', '&a ', '*a', '!t ', '@', '`', 'é', '-', 'k1: v\n', 'k2: ', 'k3:\n  ', 'k4:\n- ', '  - ', '\n  k5: '],
];
const STARTS = [
  '',
  'k:',
  'k:\n  a: 1\n',
  'k:\n- ',
  'k: |\n',
  'k: >-\n  ',
  '- k: 1\n  ',
  '{k: ',
  'k: "',
  'k: 1\n---\nl: 1\n',
];

test('whatever is read quickly is read the same by the other reader', () => {
  const texts = fc
    .tuple(fc.constantFrom(...STARTS), fc.array(fc.constantFrom(...PARTS), { maxLength: 16 }))
    .map(([start, parts]) => start + parts.join(''));
  let read = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const plain = readPlainYaml(text);
      if (plain === undefined) return;
      read++;
      expect(plain).toEqual(readFully(text));
    }),
    { numRuns: 5000 },
  );
  expect(read).toBeGreaterThan(300);
});

import fc from 'fast-check';
import { fitsAnswers, type TextAnswer, Texts } from '../../../lib/verify/explore/texts';
import type { Step } from '../../../lib/verify/run/origin';
import type { TextMatch } from '../../../lib/verify/view/condition';

const answers = (...list: readonly [TextMatch['kind'], string, boolean, ...Step[]][]): TextAnswer[] =>
  list.map(([kind, value, answer, ...steps]) => ({ match: { kind, value }, answer, steps }));

const find = (list: TextAnswer[], part: 'path' | 'host' | 'method' | 'header x' = 'path') =>
  new Texts().find(part, list);

test('a part that nobody asks about is as calls usually are', () => {
  expect(find([])).toEqual({ text: '/' });
  expect(find([], 'method')).toEqual({ text: 'GET' });
  expect(find([], 'header x')).toEqual({ text: undefined });
});

test('a text is found between prefixes', () => {
  expect(find(answers(['prefix', '/a', true], ['prefix', '/a/b', false], ['exact', '/a', false]))).toEqual({
    text: '/azz',
  });
  expect(find(answers(['prefix', '/a', true], ['prefix', '/b', true]))).toBe('none');
  expect(find(answers(['prefix', '/a', true], ['prefix', '/', false]))).toBe('none');
  expect(find(answers(['exact', '/a', true], ['prefix', '/a', true]))).toEqual({ text: '/a' });
});

test('a prefix and a suffix may overlap, or not', () => {
  expect(find(answers(['prefix', '/ab', true], ['suffix', 'bc', true]))).toEqual({ text: '/abzzbc' });
  const onlyOverlap = answers(['prefix', '/ab', true], ['suffix', 'bc', true], ['regex', '/...', true]);
  expect(find(onlyOverlap)).toEqual({ text: '/abc' });
});

test('expressions meet where their automata do', () => {
  expect(find(answers(['regex', '/[a-c]+', true], ['regex', '/[c-e]+', true]))).toEqual({ text: '/c' });
  expect(find(answers(['regex', '/(a|b)x', true], ['regex', '/[ab]x', false]))).toBe('none');
  expect(find(answers(['regex', '/v\\d{2}', true], ['contains', '7', true]))).toMatchObject({
    text: expect.stringMatching(/^\/v(7\d|\d7)$/),
  });
  expect(find(answers(['regex', '(?i)/abc', true], ['exact', '/abc', false]))).toMatchObject({
    text: expect.stringMatching(/^\/abc$/i),
  });
});

test('an expression that looks at word boundaries is not decided', () => {
  expect(find(answers(['regex', '/a\\b.*c', true]))).toBe('unknown');
});

test('what is asked after a rewrite is pulled back through it', () => {
  const rewrite: Step = { kind: 'prefix', from: '/partner/', to: '/' };
  expect(find(answers(['prefix', '/partner/', true], ['prefix', '/insurances', true, rewrite]))).toEqual({
    text: '/partner/insurances',
  });
  expect(find(answers(['prefix', '/partner/', true], ['regex', '/v[12]', true, rewrite]))).toEqual({
    text: '/partner/v1',
  });
  const longer: Step = { kind: 'prefix', from: '/', to: '/bookinfo/' };
  expect(find(answers(['prefix', '/bookinfo/', false, longer]))).toBe('none');
  expect(find(answers(['prefix', '/other/', true, longer]))).toBe('none');
  const twice = answers(['exact', '/bookinfo/x', true, rewrite, longer], ['prefix', '/partner/', true]);
  expect(find(twice)).toEqual({ text: '/partner/x' });
});

test('what an expression rewrites is not undone', () => {
  const step: Step = { kind: 'regex', match: '/a/(.*)', rewrite: '/\\1' };
  expect(find(answers(['exact', '/b', true, step], ['prefix', '/a/', true]))).toBe('unknown');
});

test('a merged slash is found, and nothing is said to be impossible because of one', () => {
  const steps: Step[] = [
    { kind: 'prefix', from: '/a', to: '/' },
    { kind: 'normalize', mode: 'MERGE_SLASHES' },
  ];
  expect(find(answers(['prefix', '/a/', true], ['exact', '/b', true, ...steps]))).toEqual({ text: '/a/b' });
});

test('a host is compared without its port', () => {
  const step: Step = { kind: 'host' };
  const withPort = answers(['exact', 'x.example', true, step], ['exact', 'x.example', false]);
  expect(find(withPort, 'host')).toEqual({ text: 'x.example:0' });
  expect(find(answers(['exact', 'x.example', false, step], ['exact', 'x.example:80', true]), 'host')).toBe('none');
});

const pattern = fc.record({
  kind: fc.constantFrom<TextMatch['kind']>('exact', 'prefix', 'suffix', 'contains', 'regex'),
  value: fc.constantFrom('/', '/a', '/b', '/ab', '/a/', 'b', 'ab', '/aa', '/a/b'),
});
const step = fc.constantFrom<Step[]>(
  [],
  [],
  [{ kind: 'prefix', from: '/a', to: '/b' }],
  [{ kind: 'prefix', from: '/', to: '/a/' }],
);

/** Every path of some letters, up to a length at which patterns of that size have no more to say. */
function* paths(text = '/'): Generator<string> {
  yield text;
  if (text.length < 6) for (const letter of ['/', 'a', 'b', 'z']) yield* paths(text + letter);
}
const ALL = [...paths()];

test('a text is found wherever there is one, and it is as the answers say', () => {
  const answer = fc.record({ match: pattern, steps: step, answer: fc.boolean() });
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 5 }), (given) => {
      // proxies replace a prefix only where it is
      const list = given.flatMap((one): TextAnswer[] => [
        ...one.steps.flatMap((each): TextAnswer[] =>
          each.kind === 'prefix' ? [{ steps: [], match: { kind: 'prefix', value: each.from }, answer: true }] : [],
        ),
        one,
      ]);
      const found = find(list);
      const isThere = ALL.some((text) => fitsAnswers(text, list));
      if (typeof found === 'string') expect({ found, isThere }).toEqual({ found: 'none', isThere: false });
      else expect(fitsAnswers(found.text, list)).toBe(true);
    }),
    { seed: 14, numRuns: 400 },
  );
});

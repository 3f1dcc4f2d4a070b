import { anchorsOf, blocksOf, excerptMismatch, linksOf } from './markdown';

test('blocks with their marks', () => {
  const page = [
    '<!-- lost -->',
    'text',
    '<!-- a.ts -->',
    '',
    '<!-- b -->',
    '```ts',
    'x',
    '',
    'y',
    '```',
    '',
    '```',
    '```',
  ];
  expect(blocksOf('p.md', page.join('\n'))).toEqual([
    { page: 'p.md', line: 7, language: 'ts', text: 'x\n\ny', marks: ['a.ts', 'b'] },
    { page: 'p.md', line: 13, language: '', text: '', marks: [] },
  ]);
  expect(() => blocksOf('p.md', '\n```ts\nx')).toThrow('p.md:2: the block is not closed');
});

test.each([
  ['b\nc', undefined],
  ['a\n…\nd\n', undefined],
  ['# …\nb\n  # …\nd', undefined],
  ['b', undefined],
  ['B', 'B'],
  ['a\nc', 'a\nc'],
  ['d\n…\na', 'a'],
  ['  b', '  b'],
])('excerpt %j', (excerpt, mismatch) => {
  expect(excerptMismatch(excerpt, 'a\nb\nc\nd\n')).toBe(mismatch);
});

test('links and anchors', () => {
  const page =
    '# A `b`: c, d\n## MESH1001\n[x](a.md#b) [y](https://example.com) ![z](p.png)\n```sh\n# no\n[n](no.md)\n```\n';
  expect(anchorsOf(page)).toEqual(['a-b-c-d', 'mesh1001']);
  expect(linksOf(page)).toEqual(['a.md#b', 'p.png']);
});

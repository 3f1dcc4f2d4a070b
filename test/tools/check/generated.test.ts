import { staleProblems } from '../../../tools/check/generated';

const stale = (committed: Record<string, string>, generated: Record<string, string>) =>
  staleProblems('dist', 'npm run synth', new Map(Object.entries(committed)), new Map(Object.entries(generated)));

test('equal folders have no problem', () => {
  expect(stale({ a: '1\n', 'b/c': '' }, { 'b/c': '', a: '1\n' })).toEqual([]);
});

test.each([
  [{}, { 'b/c': '' }, 'dist/b/c', 'is missing'],
  [{ a: '', 'b/c': '' }, { a: '' }, 'dist/b/c', 'is not generated any more'],
  [{ a: 'x\n  y\n' }, { a: 'x\n  z\n' }, 'dist/a', "is stale: line 2 is 'y', expected 'z'"],
  [{ a: 'x\n' }, { a: 'x\ny\n' }, 'dist/a', "is stale: line 2 is '', expected 'y'"],
  [{ a: 'x' }, { a: 'x\ny' }, 'dist/a', "is stale: line 2 is missing, expected 'y'"],
  [{ a: 'x\ny' }, { a: 'x' }, 'dist/a', "is stale: line 2 is 'y', expected missing"],
  [{ b: 'x', a: 'x' }, { b: 'y', a: 'y' }, 'dist/a', "is stale: line 1 is 'x', expected 'y'"],
])('%j, generated %j', (committed, generated, where, message) => {
  expect(stale(committed as Record<string, string>, generated as Record<string, string>)).toEqual([
    { where, message: `${message}; run 'npm run synth' and commit the result` },
  ]);
});

import { findDifferences, formatDifferences } from '../../lib/testing/difference';

describe('findDifferences', () => {
  test.each([
    [{}, { a: 1 }],
    [{ a: [{ b: 1 }] }, { a: [{ b: 1, c: 2 }] }],
    [{ a: undefined }, {}],
    [[], []],
    [NaN, NaN],
    ['a', 'a'],
  ])('%j is in %j', (expected, received) => {
    expect(findDifferences(expected, received)).toEqual([]);
  });

  test.each([
    [{ a: 1 }, { a: '1' }, 'a'],
    [{ a: {} }, { a: [] }, 'a'],
    [{ a: [] }, { a: {} }, 'a'],
    [{ a: null }, {}, 'a'],
    [{ a: { b: 1 } }, { a: null }, 'a'],
    [{ a: [1, 2] }, { a: [1] }, 'a[1]'],
    [[1], [1, 2], '[1]'],
  ])('%j is not in %j', (expected, received, path) => {
    expect(findDifferences(expected, received).map((difference) => difference.path)).toEqual([path]);
  });
});

test('formatDifferences', () => {
  expect(formatDifferences(findDifferences({ a: [1], b: undefined }, { a: [], b: { c: 2 } }))).toBe(
    '  a[0]\n    expected: 1\n    received: nothing\n  b\n    expected: nothing\n    received: {"c":2}',
  );
});

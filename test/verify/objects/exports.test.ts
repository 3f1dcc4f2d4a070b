import fc from 'fast-check';
import { commonViewer, isSeenIn, SeenBefore, viewersOf } from '../../../lib/verify/objects/exports';

test('exportTo says who sees an object', () => {
  expect([...viewersOf(undefined, 'shop')]).toEqual(['*']);
  expect([...viewersOf([], 'shop')]).toEqual(['*']);
  expect([...viewersOf(['.', 'other'], 'shop')]).toEqual(['shop', 'other']);
  expect([...viewersOf(['~'], 'shop')]).toEqual([]);
  expect(isSeenIn(viewersOf(['*'], 'shop'), 'other')).toBe(true);
  expect(isSeenIn(viewersOf(['.'], 'shop'), 'other')).toBe(false);
});

const exportTo = fc.uniqueArray(fc.constantFrom('.', '*', '~', 'a', 'b', 'c'), { maxLength: 3 });

test('an earlier one is found exactly where there is a namespace that sees both', () => {
  fc.assert(
    fc.property(fc.array(exportTo, { maxLength: 6 }), (lists) => {
      const seen = new SeenBefore<number>();
      const before: ReturnType<typeof viewersOf>[] = [];
      lists.forEach((list, index) => {
        const viewers = viewersOf(list, 'a');
        const found = seen.add(index, viewers);
        const shared = before.filter((one) => commonViewer(one, viewers) !== undefined);
        expect([index, found !== undefined]).toEqual([index, shared.length > 0]);
        if (found) {
          expect(isSeenIn(viewers, found.viewer) || viewers.has('*')).toBe(true);
          expect(isSeenIn(before[found.value], found.viewer) || before[found.value].has('*')).toBe(true);
        }
        before.push(viewers);
      });
    }),
  );
});

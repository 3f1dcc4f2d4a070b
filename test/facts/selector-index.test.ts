import * as fc from 'fast-check';
import { selects } from '../../lib/facts/labels';
import { SelectorIndex } from '../../lib/facts/selector-index';

const labels = fc.dictionary(fc.constantFrom('app', 'env', 'team'), fc.constantFrom('a', 'b'), { maxKeys: 3 });
const scoped = fc.tuple(fc.constantFrom('shop', 'bank'), labels);

test('an index of selectors finds what a look at each of them finds', () => {
  fc.assert(
    fc.property(fc.array(scoped, { maxLength: 12 }), scoped, (selectors, [scope, pod]) => {
      const index = new SelectorIndex<number>();
      for (const [number, [where, selector]] of selectors.entries()) index.add(where, selector, number);
      const expected = selectors.flatMap(([where, selector], number) =>
        where === scope && selects(selector, pod) ? [number] : [],
      );
      // WHEN
      const found = index.selecting(scope, pod);
      // THEN
      expect(found.sort((a, b) => a - b)).toEqual(expected);
    }),
  );
});

import { nearest } from '../../lib/testing/nearest';

test('nearest', () => {
  expect(nearest('reviews', ['ratings', 'review', 'reviews-v2', 'details', 'review', 'previews'])).toEqual([
    'previews',
    'review',
    'reviews-v2',
  ]);
  expect(nearest('a', [])).toEqual([]);
});

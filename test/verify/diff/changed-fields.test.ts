import { changedFields } from '../../../lib/verify/diff/changed-fields';

test('fields that differ are named as deep as two objects are alike', () => {
  const before = { spec: { hosts: ['a'], http: [{ route: [{ weight: 1 }] }], gone: 1, type: { a: 1 } } };
  const after = { spec: { hosts: ['a', 'b'], http: [{ route: [{ weight: 2 }] }], new: null, type: 'x' } };
  expect(changedFields(before, after)).toEqual([
    'spec.gone',
    'spec.hosts[1]',
    'spec.http[0].route[0].weight',
    'spec.new',
    'spec.type',
  ]);
});

test('keys with dots stand in brackets, what is alike is not named, and at most five are', () => {
  const labels = { 'x.y/z': '1', a: '1', b: '1', c: '1', d: '1', e: '1' };
  const others = Object.fromEntries(Object.keys(labels).map((key) => [key, '2']));
  expect(changedFields({ metadata: { labels } }, { metadata: { labels } })).toEqual([]);
  const found = changedFields({ metadata: { labels } }, { metadata: { labels: others } });
  expect(found).toEqual(['a', 'b', 'c', 'd', 'e'].map((key) => `metadata.labels.${key}`));
  const one = { metadata: { labels: { 'x.y/z': '2' } } };
  expect(changedFields({ metadata: { labels: { 'x.y/z': '1' } } }, one)).toEqual(['metadata.labels[x.y/z]']);
});

import { ageComparator } from '../../../lib/verify/world/age';

const young = { name: 'a', namespace: 'x', created: 200 };
const old = { name: 'z', namespace: 'x', created: 100 };
const unknown = { name: 'b', namespace: 'x' };
const other = { name: 'c', namespace: 'x' };

test('the older object comes first, whatever its name', () => {
  expect([young, old].sort(ageComparator('names'))).toEqual([old, young]);
  expect([young, old].sort(ageComparator('reversed'))).toEqual([old, young]);
});

test('of one age, names decide, then namespaces', () => {
  const twin = { ...young, namespace: 'w' };
  expect([{ ...young, name: 'b' }, young, twin].sort(ageComparator('names'))).toEqual([
    twin,
    young,
    { ...young, name: 'b' },
  ]);
});

test('objects of unknown age are last by name in one order, first and backwards in the other', () => {
  expect([other, young, unknown, old].sort(ageComparator('names'))).toEqual([old, young, unknown, other]);
  expect([other, young, unknown, old].sort(ageComparator('reversed'))).toEqual([other, unknown, old, young]);
});

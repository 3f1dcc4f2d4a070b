import { refuseStale } from '../../lib/synth/stale';

const NOTHING = { added: [], changed: [], removed: [] };

test('a directory that is up to date is not stale', () => {
  expect(() => refuseStale('dist', { changes: NOTHING, isDone: true })).not.toThrow();
});

test('what differs is named, the first of it where it is much', () => {
  const changes = { added: ['c1/a.yaml'], changed: ['c1/b.yaml'], removed: ['c1/c.yaml'] };
  expect(() => refuseStale('dist', { changes, isDone: false })).toThrow(
    'MESH2016 dist: the directory is not what the program writes: c1/a.yaml is missing, c1/b.yaml differs, c1/c.yaml is left over; run the program and commit the directory',
  );
  const many = { ...NOTHING, changed: ['1', '2', '3', '4', '5', '6', '7'] };
  expect(() => refuseStale('dist', { changes: many, isDone: false })).toThrow('4 differs, 5 differs, and 2 more; run');
});

test('an index that differs is stale, too', () => {
  expect(() => refuseStale('dist', { changes: NOTHING, isDone: false })).toThrow('fleet.index differs; run');
});

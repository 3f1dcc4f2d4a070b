import { ClusterObjects, Settled } from '../../lib/verify/settled';
import { resource } from '../../lib/verify/world/resource';

const finds = (count: number) => jest.fn(() => Array.from({ length: count }, (_, index) => index));

test('what nothing was found of is settled for the same judge and the same input', () => {
  const first = new Settled('judge');
  first.judge(() => ['a'], finds(0));
  first.judge(() => ['b'], finds(2));
  const before = new Map(first.entries);
  const [same, other, wrong] = [finds(0), finds(0), finds(2)];
  const second = new Settled('judge', before);
  second.judge(() => ['a'], same);
  second.judge(() => ['b'], wrong);
  new Settled('another judge', before).judge(() => ['a'], other);
  expect([same, wrong, other].map(({ mock }) => mock.calls.length)).toEqual([0, 1, 1]);
  expect(second.entries).toEqual(first.entries);
});

test('what was found is found again where it is JSON', () => {
  const first = new Settled('judge');
  expect(first.judge(() => 'a', finds(2), { isJson: true })).toEqual([0, 1]);
  const again = finds(3);
  expect(new Settled('judge', new Map(first.entries)).judge(() => 'a', again, { isJson: true })).toEqual([0, 1]);
  expect(again).not.toHaveBeenCalled();
});

test('what is gone is forgotten', () => {
  const first = new Settled('judge');
  first.judge(() => 'a', finds(0));
  expect(new Settled('judge', new Map(first.entries)).entries).toEqual([]);
});

test('without a judge nothing is settled and nothing is digested', () => {
  const depends = jest.fn(() => 'a');
  const settled = new Settled();
  settled.judge(depends, finds(0));
  expect(depends).not.toHaveBeenCalled();
  expect(settled.entries).toEqual([]);
});

test('objects of a cluster are digested with where they were read', () => {
  const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  const digestOf = (file?: string, cluster = 'c1') =>
    new ClusterObjects([resource(cluster, manifest, file === undefined ? undefined : { file, line: 1 })]).of('c1');
  expect(new Set([digestOf(), digestOf('a.yaml'), digestOf('b.yaml'), digestOf('a.yaml', 'c2')]).size).toBe(4);
  expect(digestOf('a.yaml')).toBe(digestOf('a.yaml'));
});

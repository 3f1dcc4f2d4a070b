import { Construct } from 'constructs';
import { Cluster } from '../../lib/fleet/cluster';
import { configMap, meshChart, newFleet } from './made';

const fleet = newFleet();
const cluster = new Cluster(fleet, 'c1');
const chart = meshChart(cluster, cluster, 'a');

test.each<[string, Construct]>([
  ['a cluster', new Cluster(fleet, 'c2')],
  ['a chart of a cluster', chart],
])('%s finds its children in the order in which they came, whatever their ids', (_, parent) => {
  const ids = ['b', '10', 'a', 'constructor', '__proto__', 'toString'];
  const children = ids.map((id) => new Construct(parent, id));
  expect(parent.node.children.filter(({ node }) => node.id !== '10')).toEqual(
    children.filter(({ node }) => node.id !== '10'),
  );
  expect(parent.node.children).toHaveLength(ids.length);
  expect(ids.map((id) => parent.node.tryFindChild(id))).toEqual(children);
  expect(parent.node.tryFindChild('c')).toBeUndefined();
  expect(() => new Construct(parent, 'a')).toThrow(/already a Construct with name 'a'/);
  expect(parent.node.tryRemoveChild('a')).toBe(true);
  expect(parent.node.tryRemoveChild('a')).toBe(false);
  expect(parent.node.tryFindChild('a')).toBeUndefined();
});

test('the object that constructs keeps children in is the one that has no hidden classes', () => {
  configMap(chart, 'object');
  const { _children: children } = chart.node as unknown as { readonly _children: object };
  expect(Object.keys(children)).toContain('object');
  expect(Object.getPrototypeOf(children)).toBeNull();
});

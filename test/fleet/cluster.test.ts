import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Cluster, type Fleet, MeshChart } from '../../lib';
import { Testing } from '../../lib/testing';

const fleet = Testing.fleet();

describe('Cluster', () => {
  test('has a name and a domain', () => {
    expect(new Cluster(fleet, 'c1')).toMatchObject({ name: 'c1', domain: 'cluster.local' });
    expect(new Cluster(fleet, 'c2', { domain: 'east.example.com' })).toMatchObject({ domain: 'east.example.com' });
  });

  test('is found from any construct in it', () => {
    const cluster = new Cluster(fleet, 'found');
    expect(Cluster.of(new Construct(new Chart(cluster, 'chart'), 'construct'))).toBe(cluster);
    expect(Cluster.of(cluster)).toBe(cluster);
    // An owner may stand anywhere; its charts say which cluster they are for.
    const owner = new Construct(new Cluster(fleet, 'other'), 'owner');
    const chart = new MeshChart(owner, 'chart', { cluster, mesh: 'mesh', file: 'owner' });
    expect(Cluster.of(new Construct(chart, 'construct'))).toBe(cluster);
    expect([cluster, fleet, undefined, null].map(Cluster.isCluster)).toEqual([true, false, false, false]);
    expect(() => Cluster.of(new Construct(fleet, 'outside'))).toThrow(
      'MESH2012 outside: the construct is in no cluster; create it below a Cluster, or state the cluster',
    );
  });

  test.each([
    [
      'C1',
      "cluster name 'C1' is no DNS label; expected lower case letters, digits and '-', beginning and ending with a letter or digit",
    ],
    ['a/b', "cluster name 'a/b' is no DNS label"],
    ['', "cluster name '' is no DNS label"],
    ['x'.repeat(64), 'has 64 characters, expected at most 63; choose a shorter one'],
  ])('the name %j is an error', (name, message) => {
    expect(() => new Cluster(fleet, name)).toThrow(message);
    expect(() => new Cluster(fleet, name)).toThrow(/^MESH1001/);
  });

  test('a malformed domain is an error', () => {
    expect(() => new Cluster(fleet, 'c3', { domain: 'https://x' })).toThrow(
      "MESH1002 c3: cluster domain 'https://x' is no fully qualified host name",
    );
  });

  test('is a part of a fleet', () => {
    const app = new App() as Fleet;
    expect(() => new Cluster(app, 'c1')).toThrow(
      'MESH2012 c1: a cluster is a part of a fleet; create it with `new Cluster(fleet, …)`',
    );
  });
});

import { ApiObject, App, Testing as CdkTesting, Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Cluster } from '../../lib/fleet/cluster';
import type { Fleet } from '../../lib/fleet/fleet';
import { MeshChart, type MeshChartProps } from '../../lib/fleet/mesh-chart';
import { Testing } from '../../lib/testing';

let fleet: Fleet;
let c1: Cluster;

beforeEach(() => {
  fleet = Testing.fleet();
  c1 = new Cluster(fleet, 'c1');
});

function chart(props: Partial<MeshChartProps> = {}, owner: Construct = fleet): MeshChart {
  return new MeshChart(owner, 'chart', { cluster: c1, mesh: 'production', file: 'production.chart', ...props });
}

function configMap(scope: Construct, id: string, name?: string): ApiObject {
  return new ApiObject(scope, id, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: name === undefined ? {} : { name },
  });
}

describe('MeshChart', () => {
  test('is a child of the owner and knows its cluster', () => {
    const meshChart = chart({ namespace: 'ns', labels: { team: 'a' } }, new Construct(fleet, 'peering'));
    expect(meshChart.node.path).toBe('peering/chart');
    expect(meshChart).toMatchObject({ mesh: 'production', file: 'production.chart', namespace: 'ns' });
    expect(meshChart.cluster).toBe(c1);
    configMap(meshChart, 'a', 'a');
    expect(meshChart.toJson()).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'ns', labels: { team: 'a' } } },
    ]);
  });

  test('is told apart', () => {
    expect([chart(), new Chart(fleet, 'plain'), c1, undefined].map(MeshChart.isMeshChart)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('an object without a name is an error, also of a library', () => {
    expect(() => configMap(chart(), 'nameless')).toThrow(
      'MESH2002 chart/nameless: the ConfigMap states no name; set metadata.name, because names in a mesh are an interface and none is made up',
    );
    expect(() => new Deployment(chart({}, new Construct(fleet, 'other')), 'nameless')).toThrow(
      /^MESH2002 other\/chart\/nameless\/Resource: the Deployment states no name/,
    );
  });

  test('a malformed file name is an error', () => {
    expect(() => chart({ file: 'Production/Chart' })).toThrow(
      "MESH2004 chart: file name 'Production/Chart' is malformed; expected at most 200 lower case letters, digits, '-' and '.', beginning and ending with a letter or digit",
    );
  });

  test.each([
    ['another fleet', () => Testing.fleet()],
    ['an App', () => new App()],
  ])('an owner in %s is an error', (_, root) => {
    expect(() => chart({}, new Construct(root(), 'owner'))).toThrow(
      "MESH2011 owner/chart: the cluster 'c1' belongs to another fleet than the chart; create both in one fleet",
    );
  });

  describe('toJson', () => {
    test('has the order of the file', () => {
      const meshChart = chart();
      const [a, b] = ['a', 'b'].map((name) => configMap(meshChart, name, name));
      a.addDependency(b);
      expect(CdkTesting.synth(meshChart).map(({ metadata }) => metadata.name)).toEqual(['b', 'a']);
    });

    test('runs the validators of the chart, and of nothing else', () => {
      const meshChart = chart();
      const validate = jest.fn(() => []);
      configMap(meshChart, 'a', 'a').node.addValidation({ validate });
      fleet.node.addValidation({ validate: () => ['wrong elsewhere'] });
      expect(meshChart.toJson()).toHaveLength(1);
      expect(validate).toHaveBeenCalledTimes(1);
      meshChart.node.addValidation({ validate: () => ['wrong here'] });
      expect(() => meshChart.toJson()).toThrow(
        new Error('Validation failed with the following errors:\n  [chart] wrong here'),
      );
    });

    test('leaves out the objects of charts inside', () => {
      const meshChart = chart();
      configMap(meshChart, 'outer', 'outer');
      configMap(chart({ file: 'production.inner' }, new Construct(meshChart, 'owner')), 'inner', 'inner');
      expect(meshChart.toJson()).toMatchObject([{ metadata: { name: 'outer' } }]);
    });
  });
});

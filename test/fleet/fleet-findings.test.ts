import { ApiObject, Chart } from 'cdk8s';
import { Cluster } from '../../lib/fleet/cluster';
import { filesOf } from '../support/model';
import { configMap, FINDING, meshChart, newFleet } from './made';

let stderr: string[];

beforeEach(() => {
  stderr = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => stderr.push(String(text)) > 0);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('findings that stop nothing', () => {
  test('are printed in one block, warnings first', () => {
    const fleet = newFleet();
    configMap(meshChart(fleet, new Cluster(fleet, 'c1'), 'a'), 'a');
    fleet.addCheck(() => [
      { ...FINDING, severity: 'info', message: 'good to know' },
      { ...FINDING, severity: 'warning', message: 'something is odd' },
    ]);
    fleet.synth();
    expect(stderr.join('').match(/^(warning|info) .*/gm)).toEqual([
      'warning MESH2001: something is odd',
      'info MESH2001: good to know',
    ]);
    expect(stderr[0]).toMatch(/\n {2}explained in file:.*\/docs\/errors\.md\n$/);
    expect(stderr[1]).toContain('1 object for 1 cluster in 1 file, 1 warning, 1 info\n');
    expect(stderr).toHaveLength(2);
    expect(Object.keys(filesOf(fleet.outdir))).toContain('c1/a.k8s.yaml');
  });

  test('one object twice in a plain chart, which cdk8s accepts', () => {
    const fleet = newFleet();
    const chart = new Chart(fleet, 'plain');
    configMap(chart, 'a');
    new ApiObject(chart, 'again', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'ns' } });
    fleet.synth();
    expect(stderr.join('')).toContain(
      "warning MESH2001: 2 constructs write one object: 'plain/a', 'plain/again'\n    ConfigMap ns/a\n",
    );
  });

  test('one object in two plain charts may be meant for two clusters', () => {
    const fleet = newFleet();
    configMap(new Chart(fleet, 'dev'), 'a');
    configMap(new Chart(fleet, 'prod'), 'a');
    fleet.synth();
    expect(stderr).toEqual([]);
  });

  test('a dependency that no file order keeps', () => {
    const fleet = newFleet();
    const [c1, c2] = ['c1', 'c2'].map((id) => new Cluster(fleet, id));
    const [a, b, c, other] = ['a', 'b', 'c', 'other'].map((file) => meshChart(fleet, file === 'other' ? c2 : c1, file));
    const [, objectB, objectC, objectOther] = [a, b, c, other].map((chart) => configMap(chart, `object-${chart.file}`));
    // Kept: c.k8s.yaml is applied after b.k8s.yaml
    objectC.addDependency(objectB);
    // Not kept
    a.addDependency(b);
    objectOther.addDependency(objectB);
    fleet.synth();
    expect(stderr[0].split('\n').slice(0, -2)).toEqual([
      "warning MESH2010: 'a' depends on 'b', but no order of files keeps c1/b.k8s.yaml before c1/a.k8s.yaml",
      '    c1/b.k8s.yaml',
      '    c1/a.k8s.yaml',
      '  at run time: the files are applied in alphabetical order, the one that depends first',
      '  fix: put both into one chart, or remove the dependency if the order does not matter',
      "warning MESH2010: 'other/object-other' depends on 'b/object-b', but no order of files keeps c1/b.k8s.yaml before c2/other.k8s.yaml",
      '    c1/b.k8s.yaml',
      '    c2/other.k8s.yaml',
      '  at run time: the two are applied independently of each other',
      '  fix: put both into one chart, or remove the dependency if the order does not matter',
    ]);
  });
});

import { ApiObject, Chart } from 'cdk8s';
import type { Finding } from '../../lib/facts/finding';
import { Cluster } from '../../lib/fleet/cluster';
import { MeshChart } from '../../lib/fleet/mesh-chart';
import { filesOf, messageOf } from '../support/model';
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

describe('what a check gives is no finding', () => {
  const refused = (found: unknown) => {
    const fleet = newFleet();
    fleet.addCheck(() => found as Finding[]);
    return messageOf(() => fleet.synth());
  };

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'MESH1006 Fleet.addCheck: what the check found is undefined, expected a list'],
    ['a promise', Promise.resolve([]), 'what the check found is a value of class Promise, expected a list'],
    ['a list with a hole', [null], 'MESH1006 Fleet.addCheck: what is stated is null, expected an object with options'],
    [
      'an unknown severity, which would neither be printed nor stop anything',
      [{ ...FINDING, severity: 'fatal' }],
      "MESH1006 Fleet.addCheck: 'severity' is 'fatal', expected 'error' or 'warning' or 'info'",
    ],
    ['no objects', [{ ...FINDING, objects: undefined }], "'objects' is undefined, expected a list"],
    [
      'a field as text',
      [{ ...FINDING, fields: ['spec'] }],
      "'fields'[0] is 'spec', expected an object with object, field",
    ],
    [
      'a code in small letters',
      [{ ...FINDING, code: 'shop001' }],
      "MESH1190 Fleet.addCheck: the code of a finding is 'shop001'; expected capitals and a number, such as 'SHOP001'",
    ],
    [
      'a code of ours that does not exist',
      [{ ...FINDING, code: 'MESH9999' }],
      "MESH1190 Fleet.addCheck: the code of a finding is 'MESH9999'",
    ],
  ])('%s', (_, found, message) => {
    expect(refused(found)).toContain(message);
  });
});

test.each([undefined, 5, null])('an output that is %p is refused', (produced) => {
  const fleet = newFleet();
  fleet.addOutput('facts.txt', () => produced as unknown as string);
  expect(messageOf(() => fleet.synth())).toContain('MESH1006 facts.txt: what the output holds is');
});

test('an object that states no namespace goes wherever whoever applies it stands; of kinds that are not known nothing is said', () => {
  const fleet = newFleet();
  const chart = meshChart(fleet, new Cluster(fleet, 'c1'), 'a');
  const object = (apiVersion: string, kind: string) =>
    new ApiObject(chart, kind, { apiVersion, kind, metadata: { name: 'a' } });
  for (const [version, kind] of [
    ['v1', 'ConfigMap'],
    ['networking.istio.io/v1', 'Sidecar'],
    ['v1', 'Namespace'],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
    ['example.com/v1', 'Widget'],
  ]) {
    object(version, kind);
  }
  configMap(chart, 'b');
  const told = fleet.review().findings.map(({ code, severity, message }) => `${severity} ${code}: ${message}`);
  expect(told.sort()).toEqual([
    "warning MESH1191: ConfigMap a @c1 ('a/ConfigMap') states no namespace",
    "warning MESH1191: Sidecar a @c1 ('a/Sidecar') states no namespace",
  ]);
});

test('a namespace of the chart is one', () => {
  const fleet = newFleet();
  const cluster = new Cluster(fleet, 'c1');
  const chart = new MeshChart(fleet, 'a', { cluster, mesh: 'shop', file: 'a', namespace: 'ns' });
  new ApiObject(chart, 'a', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
  expect(fleet.review().findings).toEqual([]);
});

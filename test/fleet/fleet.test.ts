import fs from 'node:fs';
import { ApiObject, App, Testing as CdkTesting, Chart, JsonPatch, Lazy, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { Cluster } from '../../lib/fleet/cluster';
import { Fleet } from '../../lib/fleet/fleet';
import { MeshChart } from '../../lib/fleet/mesh-chart';
import { SynthError } from '../../lib/synth/synth-error';
import { Testing } from '../../lib/testing';
import { filesOf, temporaryFolder } from '../support/model';
import { configMap, FINDING, meshChart, newFleet } from './made';

let stderr: string[];

beforeEach(() => {
  stderr = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => stderr.push(String(text)) > 0);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('Fleet', () => {
  test('is found from any construct in it', () => {
    const fleet = newFleet();
    const construct = new Construct(new Cluster(fleet, 'c1'), 'construct');
    expect(Fleet.of(construct)).toBe(fleet);
    expect(Fleet.isFleet(fleet)).toBe(true);
    expect([new App(), undefined, null, 'fleet', {}].map(Fleet.isFleet)).toEqual([false, false, false, false, false]);
    expect(() => Fleet.of(new Chart(new App(), 'chart'))).toThrow(
      'MESH2012 chart: the construct is in no fleet; create a Fleet instead of an App',
    );
  });

  test('takes the options of an App, and its environment', () => {
    process.env.CDK8S_OUTDIR = '/somewhere';
    try {
      expect(new Fleet().outdir).toBe('/somewhere');
      expect(new Fleet({ outdir: 'here', outputFileExtension: '.yaml' })).toMatchObject({
        outdir: 'here',
        outputFileExtension: '.yaml',
        yamlOutputType: YamlOutputType.FILE_PER_CHART,
      });
    } finally {
      delete process.env.CDK8S_OUTDIR;
    }
    expect(new Fleet().outdir).toBe('dist');
  });

  test('lists its clusters by name', () => {
    const fleet = newFleet();
    const [b, a] = ['b', 'a'].map((id) => new Cluster(fleet, id));
    expect(fleet.clusters).toEqual([a, b]);
  });
});

describe('synth', () => {
  test('gives each cluster a folder and each chart a file', () => {
    // GIVEN
    const fleet = newFleet();
    const [c1, c2] = ['c1', 'c2'].map((id) => new Cluster(fleet, id));
    const owner = new Construct(fleet, 'peering');
    configMap(meshChart(owner, c1, 'mesh.peering.consumer'), 'consumer');
    configMap(meshChart(owner, c2, 'mesh.peering.provider'), 'provider');
    meshChart(owner, c2, 'mesh.empty');
    configMap(new Chart(fleet, 'plain'), 'plain');
    configMap(new Chart(new Construct(c1, 'tools'), 'apps'), 'apps');
    // WHEN
    fleet.synth();
    // THEN
    const files = filesOf(fleet.outdir);
    expect(Object.keys(files)).toEqual([
      'c1/fleet.index',
      'c1/mesh.peering.consumer.k8s.yaml',
      'c1/tools.apps.k8s.yaml',
      'c2/fleet.index',
      'c2/mesh.peering.provider.k8s.yaml',
      'fleet.index',
      'plain.k8s.yaml',
    ]);
    expect(files['c1/mesh.peering.consumer.k8s.yaml']).toBe(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: consumer\n  namespace: ns\n',
    );
    expect(stderr).toEqual([
      `${fleet.outdir}: 3 objects for 2 clusters in 3 files\n  c1: 2 added\n  c2: 1 added\n  beside them: 1 added\n`,
    ]);
  });

  test('uses the extension of the app', () => {
    const fleet = newFleet({ outputFileExtension: '.yaml' });
    configMap(meshChart(fleet, new Cluster(fleet, 'c1'), 'a'), 'a');
    fleet.synth();
    expect(Object.keys(filesOf(fleet.outdir))).toContain('c1/a.yaml');
  });

  test('has the same bytes whatever the order of statements', () => {
    const statements: ((fleet: Fleet) => void)[] = [
      (fleet) => configMap(chartOf(fleet, 'c1', 'a'), 'x'),
      (fleet) => configMap(chartOf(fleet, 'c1', 'a'), 'y', { data: { b: '1', a: '2' } }),
      (fleet) => configMap(chartOf(fleet, 'c1', 'b'), 'z'),
      (fleet) => configMap(chartOf(fleet, 'c2', 'a'), 'x'),
      (fleet) => fleet.addOutput('facts.json', () => JSON.stringify(fleet.manifests())),
      (fleet) => fleet.addOutput('contracts/a.json', () => '{}'),
      (fleet) => objectOf(fleet, 'c1', 'a', 'y').addDependency(objectOf(fleet, 'c1', 'a', 'z')),
      (fleet) => objectOf(fleet, 'c1', 'a', 'x').addDependency(objectOf(fleet, 'c1', 'a', 'z')),
    ];
    const write = (order: typeof statements) => {
      const fleet = newFleet({ recordConstructMetadata: true });
      for (const statement of order) {
        statement(fleet);
      }
      fleet.synth();
      return filesOf(fleet.outdir);
    };
    const expected = write(statements);
    expect(Object.keys(expected)).toHaveLength(9);
    fc.assert(
      fc.property(fc.shuffledSubarray(statements, { minLength: statements.length }), (order) => {
        expect(write(order)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test('runs every validator once, however many charts there are', () => {
    const fleet = newFleet();
    const cluster = new Cluster(fleet, 'c1');
    const validate = jest.fn(() => []);
    for (const id of ['a', 'b', 'c']) {
      configMap(meshChart(fleet, cluster, id), id);
      new Chart(fleet, `plain-${id}`).node.addValidation({ validate });
    }
    fleet.synth();
    expect(validate).toHaveBeenCalledTimes(3);
  });

  test('resolves Lazy values, applies patches, and creates no constructs', () => {
    const fleet = newFleet();
    const chart = meshChart(fleet, new Cluster(fleet, 'c1'), 'a');
    const produced: string[] = [];
    const object = configMap(chart, 'a', { data: Lazy.any({ produce: () => ({ late: produced.join() }) }) });
    object.addJsonPatch(JsonPatch.add('/data/patched', 'yes'));
    produced.push('value');
    const before = fleet.node.findAll();
    fleet.synth();
    expect(filesOf(fleet.outdir)['c1/a.k8s.yaml']).toContain('data:\n  late: value\n  patched: "yes"\n');
    expect(fleet.node.findAll()).toEqual(before);
  });

  test('charts that override toJson are asked', () => {
    class Custom extends Chart {
      public override toJson(): object[] {
        return super.toJson().map((manifest) => ({ ...manifest, custom: true }));
      }
    }
    class CustomMeshChart extends MeshChart {
      public override toJson(): object[] {
        return super.toJson().map((manifest) => ({ ...manifest, custom: true }));
      }
    }
    const fleet = newFleet();
    const cluster = new Cluster(fleet, 'c1');
    configMap(new Custom(fleet, 'plain'), 'a');
    configMap(new CustomMeshChart(fleet, 'mesh', { cluster, mesh: 'mesh', file: 'mesh' }), 'a');
    fleet.synth();
    const files = filesOf(fleet.outdir);
    expect(files['plain.k8s.yaml']).toContain('custom: true');
    expect(files['c1/mesh.k8s.yaml']).toContain('custom: true');
  });

  test('writes what the validations of the CLI read', () => {
    process.env.CDK8S_RECORD_CONSTRUCT_METADATA = 'true';
    try {
      const fleet = newFleet();
      configMap(meshChart(fleet, new Cluster(fleet, 'c1'), 'a'), 'name');
      fleet.synth();
      expect(filesOf(fleet.outdir)['construct-metadata.json']).toBe(
        '{"version":"1.0.0","resources":{"name":{"path":"a/name"}}}',
      );
    } finally {
      delete process.env.CDK8S_RECORD_CONSTRUCT_METADATA;
    }
  });

  test('a fleet without clusters and outputs leaves nothing that an App does not', () => {
    const fleet = newFleet();
    new Chart(fleet, 'empty');
    fleet.synth();
    expect(filesOf(fleet.outdir)).toEqual({ 'empty.k8s.yaml': '' });
  });

  test('a second synth removes what is gone', () => {
    const outdir = temporaryFolder();
    const write = (...ids: string[]) => {
      const fleet = Testing.fleet({ outdir });
      const cluster = new Cluster(fleet, 'c1');
      for (const id of ids) {
        configMap(meshChart(fleet, cluster, id), id);
      }
      fleet.synth();
      return Object.keys(filesOf(outdir));
    };
    expect(write('a', 'b')).toEqual(['c1/a.k8s.yaml', 'c1/b.k8s.yaml', 'c1/fleet.index', 'fleet.index']);
    expect(write('b')).toEqual(['c1/b.k8s.yaml', 'c1/fleet.index', 'fleet.index']);
  });
});

describe('output types of cdk8s', () => {
  test.each([
    YamlOutputType.FILE_PER_APP,
    YamlOutputType.FILE_PER_RESOURCE,
    YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
  ])('are kept for plain charts (%s)', (yamlOutputType) => {
    const write = (app: App) => {
      configMap(new Chart(app, 'a'), 'x');
      configMap(new Chart(app, 'b'), 'y');
      app.synth();
      return filesOf(app.outdir);
    };
    expect(write(newFleet({ yamlOutputType }))).toEqual(write(new App({ yamlOutputType, outdir: temporaryFolder() })));
  });

  test.each([
    ["there is an output 'facts.json'", (fleet: Fleet) => fleet.addOutput('facts.json', () => '')],
    ['there are checks', (fleet: Fleet) => fleet.addCheck(() => [])],
  ])('are refused where %s', (reason, build) => {
    const fleet = newFleet({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
    build(fleet);
    expect(() => fleet.synth()).toThrow(
      `MESH2008 Fleet: yamlOutputType is FOLDER_PER_CHART_FILE_PER_RESOURCE, but ${reason}; expected FILE_PER_CHART, the default`,
    );
  });
});

describe('manifests', () => {
  test('are placed, in the order in which they are written, and frozen', () => {
    const fleet = newFleet();
    const [c2, c1] = ['c2', 'c1'].map((id) => new Cluster(fleet, id));
    configMap(meshChart(fleet, c2, 'x'), 'a', { data: { list: [{}] } });
    configMap(meshChart(c1, c1, 'y'), 'a');
    configMap(new Chart(fleet, 'plain'), 'a');
    const manifests = fleet.manifests();
    expect(manifests.map(({ manifest: _, ...place }) => place)).toEqual([
      { cluster: 'c1', file: 'c1/y.k8s.yaml', chart: 'c1/y', path: 'c1/y/a' },
      { cluster: 'c2', file: 'c2/x.k8s.yaml', chart: 'x', path: 'x/a' },
    ]);
    expect(manifests[1].manifest).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'ns' },
      data: { list: [{}] },
    });
    expect(Object.isFrozen(manifests)).toBe(true);
    expect(Object.isFrozen(manifests[1].manifest.metadata)).toBe(true);
    expect(fs.readdirSync(fleet.outdir)).toEqual([]);
  });

  test('are collected once per synth, for all checks and outputs', () => {
    const fleet = newFleet();
    const produce = jest.fn(() => 'value');
    configMap(meshChart(fleet, new Cluster(fleet, 'c1'), 'a'), 'a', { data: { late: Lazy.any({ produce }) } });
    const seen: unknown[] = [];
    fleet.addCheck(({ manifests }) => {
      seen.push(manifests, fleet.manifests());
      return [];
    });
    fleet.addOutput('facts.json', () => {
      seen.push(fleet.manifests());
      return '';
    });
    fleet.synth();
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(1);
    expect(produce).toHaveBeenCalledTimes(1);
    // A later look sees later changes
    configMap(fleet.node.findChild('a') as MeshChart, 'b');
    expect(fleet.manifests()).toHaveLength(2);
  });
});

describe('addOutput', () => {
  test('writes the text', () => {
    const fleet = newFleet();
    fleet.addOutput('contracts/a.json', () => '{}');
    fleet.synth();
    expect(filesOf(fleet.outdir)).toMatchObject({ 'contracts/a.json': '{}' });
  });

  test('refuses a path twice, and one outside of the output directory', () => {
    const fleet = newFleet();
    fleet.addOutput('a.json', () => '');
    expect(() => fleet.addOutput('a.json', () => '')).toThrow(
      'MESH2003 a.json: the output is added twice; give one of them another path',
    );
    expect(() => fleet.addOutput('../a.json', () => '')).toThrow(/^MESH2004 ..\/a.json: output path/);
  });
});

describe('synthYaml', () => {
  test('is what cdk8s gives for plain charts', () => {
    const text = (app: App) => {
      const [a, b] = ['a', 'b'].map((id) => new Chart(app, id));
      configMap(a, 'x').addDependency(configMap(b, 'y'));
      return app.synthYaml();
    };
    expect(text(newFleet())).toBe(text(new App()));
  });

  test('has the objects of clusters last, and stops for errors', () => {
    const fleet = newFleet();
    configMap(meshChart(fleet, new Cluster(fleet, 'c1'), 'a'), 'in-cluster');
    configMap(new Chart(fleet, 'z'), 'plain');
    expect(fleet.synthYaml().match(/name: .*/g)).toEqual(['name: plain', 'name: in-cluster']);
    fleet.addCheck(() => [FINDING]);
    expect(() => fleet.synthYaml()).toThrow(SynthError);
    expect(fs.readdirSync(fleet.outdir)).toEqual([]);
  });
});

test('the Testing of cdk8s works with plain charts of a fleet', () => {
  const chart = new Chart(newFleet(), 'plain');
  configMap(chart, 'a');
  expect(CdkTesting.synth(chart)).toMatchObject([{ metadata: { name: 'a' } }]);
});

function chartOf(fleet: Fleet, cluster: string, id: string): MeshChart {
  const scope = (fleet.node.tryFindChild(cluster) as Cluster | undefined) ?? new Cluster(fleet, cluster);
  return (scope.node.tryFindChild(id) as MeshChart | undefined) ?? meshChart(scope, scope, id);
}

/** The object of a chart with this name; `z` is a construct with one object. */
function objectOf(fleet: Fleet, cluster: string, chart: string, name: string): ApiObject {
  const scope = chartOf(fleet, cluster, chart);
  const place = `later-${name}`;
  return (
    (scope.node.tryFindChild(place) as ApiObject | undefined) ??
    new ApiObject(scope, place, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: place, namespace: 'ns' },
    })
  );
}

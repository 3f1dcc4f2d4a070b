import fs from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Testing as CdkTesting, Chart, JsonPatch, Lazy, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import type { Finding } from '../../lib/facts/finding';
import { Cluster } from '../../lib/fleet/cluster';
import { Fleet } from '../../lib/fleet/fleet';
import type { FleetProps } from '../../lib/fleet/fleet-props';
import { MeshChart } from '../../lib/fleet/mesh-chart';
import { SynthError } from '../../lib/synth/synth-error';
import { filesOf, temporaryFolder } from '../support/model';

let stderr: string[];

beforeEach(() => {
  stderr = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => stderr.push(String(text)) > 0);
});

afterEach(() => {
  jest.restoreAllMocks();
});

function newFleet(props: FleetProps = {}): Fleet {
  return new Fleet({ outdir: temporaryFolder(), ...props });
}

function meshChart(scope: Construct, cluster: Cluster, file: string): MeshChart {
  return new MeshChart(scope, file, { cluster, mesh: 'mesh', file });
}

function configMap(scope: Construct, name: string, more: object = {}): ApiObject {
  return new ApiObject(scope, name, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'ns' },
    ...more,
  });
}

const FINDING: Finding = {
  code: 'MESH2001',
  severity: 'error',
  objects: ['ConfigMap ns/a @c1'],
  message: 'something is wrong',
  atRuntime: 'nothing works',
  fix: 'repair it',
};

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
      'c1/mesh.peering.consumer.k8s.yaml',
      'c1/tools.apps.k8s.yaml',
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
    expect(Object.keys(expected)).toHaveLength(7);
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
      const fleet = new Fleet({ outdir });
      const cluster = new Cluster(fleet, 'c1');
      for (const id of ids) {
        configMap(meshChart(fleet, cluster, id), id);
      }
      fleet.synth();
      return Object.keys(filesOf(outdir));
    };
    expect(write('a', 'b')).toEqual(['c1/a.k8s.yaml', 'c1/b.k8s.yaml', 'fleet.index']);
    expect(write('b')).toEqual(['c1/b.k8s.yaml', 'fleet.index']);
  });
});

describe('synth refuses, and leaves the output directory as it is', () => {
  /** Synthesizes a good fleet, then a bad one into the same directory. */
  function refusal(build: (fleet: Fleet, c1: Cluster) => void, props: FleetProps = {}): Error {
    const outdir = temporaryFolder();
    const good = new Fleet({ outdir });
    configMap(meshChart(good, new Cluster(good, 'c1'), 'good'), 'good');
    good.synth();
    const before = filesOf(outdir);

    const bad = new Fleet({ outdir, ...props });
    build(bad, new Cluster(bad, 'c1'));
    try {
      bad.synth();
    } catch (error) {
      expect(filesOf(outdir)).toEqual(before);
      return error as Error;
    }
    throw new Error('nothing was refused');
  }

  test('messages of validators, all together', () => {
    const error = refusal((fleet, c1) => {
      fleet.node.addValidation({ validate: () => ['first'] });
      meshChart(c1, c1, 'a').node.addValidation({ validate: () => ['second'] });
    });
    expect(error.message).toBe('Validation failed with the following errors:\n  [] first\n  [c1/a] second');
  });

  test('one object in two charts of a cluster', () => {
    const error = refusal((fleet, c1) => {
      configMap(meshChart(fleet, c1, 'a'), 'same');
      configMap(meshChart(fleet, c1, 'b'), 'same');
      configMap(new Chart(c1, 'plain'), 'same');
      configMap(meshChart(fleet, new Cluster(fleet, 'c2'), 'c'), 'same');
    });
    expect(error).toBeInstanceOf(SynthError);
    expect(error.message).toBe(
      [
        'synthesis failed with 1 error, nothing was written',
        "error MESH2001: 3 constructs write one object: 'a/same', 'b/same', 'c1/plain/same'",
        '    ConfigMap ns/same @c1',
        '  at run time: all of them are applied, and the last one wins',
        '  fix: rename one of them, or remove the statement that repeats it',
      ].join('\n'),
    );
  });

  test('two charts with one file', () => {
    const error = refusal((fleet, c1) => {
      configMap(new MeshChart(fleet, 'first', { cluster: c1, mesh: 'mesh', file: 'tools.apps' }), 'a');
      configMap(new Chart(new Construct(c1, 'tools'), 'apps'), 'b');
    });
    expect(error.message).toContain(
      "error MESH2003: 2 charts write one file: 'c1/tools/apps', 'first'\n    c1/tools.apps",
    );
  });

  test('an object that has lost its name, kind or version', () => {
    const error = refusal((fleet, c1) => {
      const chart = meshChart(fleet, c1, 'a');
      configMap(chart, 'patched').addJsonPatch(JsonPatch.remove('/metadata'), JsonPatch.remove('/kind'));
      configMap(chart, 'emptied').addJsonPatch(JsonPatch.replace('/metadata/name', ''));
      configMap(chart, 'versionless').addJsonPatch(JsonPatch.remove('/apiVersion'));
    });
    expect(error.message).toContain("error MESH2002: 'a/patched' has no kind and no metadata.name\n    an object @c1");
    expect(error.message).toContain("error MESH2002: 'a/emptied' has no metadata.name\n    ConfigMap @c1");
    expect(error.message).toContain("error MESH2002: 'a/versionless' has no apiVersion");
    expect(error.message).toContain('fix: state it; `metadata: { name: undefined }` hides the name');
  });

  test('a value that is no JSON', () => {
    const error = refusal((fleet, c1) => configMap(meshChart(fleet, c1, 'a'), 'a', { data: { weight: NaN } }));
    expect(error.message).toMatch(/^MESH2005 a\/a: data.weight is NaN; expected plain JSON/);
  });

  test('a cycle of dependencies', () => {
    const error = refusal((fleet, c1) => {
      const chart = meshChart(fleet, c1, 'a');
      const [a, b] = [configMap(chart, 'a'), configMap(chart, 'b')];
      a.addDependency(b);
      b.addDependency(a);
    });
    expect(error.message).toMatch(/^MESH2009 a\/a: dependency cycle detected: a\/a => a\/b => a\/a/);
  });

  test('a cycle of dependencies between files, also where no two objects depend on each other', () => {
    const error = refusal((fleet, c1) => {
      const [a, b] = [meshChart(fleet, c1, 'a'), meshChart(fleet, c1, 'b')];
      const [a1, a2, b1, b2] = [configMap(a, 'a1'), configMap(a, 'a2'), configMap(b, 'b1'), configMap(b, 'b2')];
      a1.addDependency(b1);
      b2.addDependency(a2);
    });
    expect(error.message).toBe(
      "MESH2009 c1/a.k8s.yaml: dependency cycle detected between files: 'a/a1' of c1/a.k8s.yaml depends on 'b/b1' of c1/b.k8s.yaml; 'b/b2' of c1/b.k8s.yaml depends on 'a/a2' of c1/a.k8s.yaml; remove one of these dependencies, or put the objects into one chart",
    );
  });

  test('a cycle of dependencies between charts of different clusters', () => {
    const error = refusal((fleet, c1) => {
      const charts = ['a', 'b', 'c'].map((file, index) =>
        meshChart(fleet, index === 1 ? new Cluster(fleet, 'c2') : c1, file),
      );
      for (const [index, chart] of charts.entries()) {
        configMap(chart, `object-${index}`);
        chart.addDependency(charts[(index + 1) % 3]);
      }
    });
    expect(error.message).toMatch(
      /^MESH2009 c1\/a.k8s.yaml: .*'a' of c1.* on 'b' of c2.*; 'b' of c2.* on 'c' of c1.*; 'c' of c1.* on 'a' of c1/,
    );
  });

  test('a plain chart in a cluster whose id makes no file name', () => {
    const error = refusal((_, c1) => configMap(new Chart(c1, 'My_Apps'), 'a'));
    expect(error.message).toMatch(/^MESH2004 c1\/My_Apps: file name 'My_Apps' is malformed/);
  });

  test('findings of checks, all together with our own', () => {
    const error = refusal((fleet, c1) => {
      configMap(meshChart(fleet, c1, 'a'), 'same');
      configMap(meshChart(fleet, c1, 'b'), 'same');
      fleet.addCheck(() => [FINDING, { ...FINDING, severity: 'warning', message: 'something is odd' }]);
    });
    expect((error as SynthError).findings.map(({ message }) => message)).toEqual([
      "2 constructs write one object: 'a/same', 'b/same'",
      'something is wrong',
    ]);
    expect(error.message).not.toContain('something is odd');
  });

  test('an output that fails', () => {
    const error = refusal((fleet) =>
      fleet.addOutput('facts.json', () => {
        throw new Error('no facts');
      }),
    );
    expect(error.message).toBe('no facts');
  });

  test('an output in the folder of a cluster', () => {
    const error = refusal((fleet) => fleet.addOutput('c1/facts.json', () => '{}'));
    expect(error.message).toMatch(/^MESH2003 c1\/facts.json: the output is in the folder of the cluster 'c1'/);
  });

  test('a foreign file in the folder of a cluster', () => {
    const fleet = newFleet();
    configMap(meshChart(fleet, new Cluster(fleet, 'c1'), 'a'), 'a');
    fs.mkdirSync(join(fleet.outdir, 'c1'));
    fs.writeFileSync(join(fleet.outdir, 'c1', 'by-hand.yaml'), 'kind: Secret\n');
    expect(() => fleet.synth()).toThrow(/^MESH2006 /);
    expect(Object.keys(filesOf(fleet.outdir))).toEqual(['c1/by-hand.yaml']);
  });

  test.each(['FILE_PER_APP', 'FILE_PER_RESOURCE'] as const)('a cluster with the output type %s', (type) => {
    const error = refusal(() => {}, { yamlOutputType: YamlOutputType[type] });
    expect(error.message).toBe(
      `MESH2008 Fleet: yamlOutputType is ${type}, but the cluster 'c1' has a folder of its own; expected FILE_PER_CHART, the default`,
    );
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

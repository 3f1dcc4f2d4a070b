import fs from 'node:fs';
import { join } from 'node:path';
import { Chart, JsonPatch, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import { Cluster } from '../../lib/fleet/cluster';
import { Fleet } from '../../lib/fleet/fleet';
import type { FleetProps } from '../../lib/fleet/fleet-props';
import { MeshChart } from '../../lib/fleet/mesh-chart';
import { SynthError } from '../../lib/synth/synth-error';
import { filesOf, temporaryFolder } from '../support/model';
import { configMap, FINDING, meshChart, newFleet } from './made';

beforeEach(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => {
  jest.restoreAllMocks();
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

  test('a value that is no JSON, into a directory that is not there yet: none is made', () => {
    const outdir = join(temporaryFolder(), 'dist');
    const fleet = new Fleet({ outdir });
    configMap(meshChart(fleet, new Cluster(fleet, 'c1'), 'a'), 'a', { data: { weight: NaN } });
    expect(() => fleet.synth()).toThrow(/^MESH2005 /);
    expect(fs.existsSync(outdir)).toBe(false);
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

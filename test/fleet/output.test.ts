import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, Chart, YamlOutputType } from 'cdk8s';
import { Cluster } from '../../lib/fleet/cluster';
import { Fleet } from '../../lib/fleet/fleet';
import type { FleetProps } from '../../lib/fleet/fleet-props';
import { MeshChart } from '../../lib/fleet/mesh-chart';
import { Testing } from '../../lib/testing';
import { filesOf, temporaryFolder } from '../support/model';

let outdir: string;
let printed: string;

beforeEach(() => {
  outdir = temporaryFolder();
  printed = '';
});

/** A fleet with one object per file: `<cluster>/<file>`. */
function fleetOf(paths: string[], props: FleetProps = {}): Fleet {
  const fleet = Testing.fleet({ outdir, print: (text) => (printed += text), ...props });
  for (const path of paths) {
    const [name, file] = path.split('/');
    const cluster = (fleet.node.tryFindChild(name) as Cluster | undefined) ?? new Cluster(fleet, name);
    const chart = new MeshChart(cluster, file, { cluster, mesh: 'mesh', file });
    new ApiObject(chart, 'object', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: file, namespace: 'ns' } });
  }
  return fleet;
}

describe('a synth', () => {
  test('says per cluster what it wrote, changed and removed', () => {
    fleetOf(['east/a', 'east/b', 'west/a']).synth();
    printed = '';
    fleetOf(['east/a', 'east/c', 'west/a']).synth();
    expect(printed).toBe(
      `${outdir}: 3 objects for 2 clusters in 3 files\n  east: 1 added, 1 removed (b.k8s.yaml)\n  west: unchanged\n`,
    );
    printed = '';
    fleetOf(['east/a', 'east/c', 'west/a']).synth();
    expect(printed).toBe(`${outdir}: 3 objects for 2 clusters in 3 files\n  nothing changed\n`);
  });

  test('leaves the time of files that are equal', () => {
    fleetOf(['east/a', 'east/b']).synth();
    const path = join(outdir, 'east/a.k8s.yaml');
    utimesSync(path, new Date(1e12), new Date(1e12));
    fleetOf(['east/a', 'east/c']).synth();
    expect(statSync(path).mtimeMs).toBe(1e12);
  });

  test('says nothing for an app without clusters, as cdk8s does', () => {
    const fleet = fleetOf([]);
    new Chart(fleet, 'plain');
    fleet.synth();
    expect(printed).toBe('');
  });

  test('keeps the folder of a cluster that the program no longer names, until the program says that it is gone', () => {
    fleetOf(['east/a', 'west/a']).synth();
    const files = filesOf(outdir);
    expect(() => fleetOf([]).synth()).toThrow(/^MESH2013 .* folders 'east', 'west'/);
    expect(() => fleetOf(['east/a']).synth()).toThrow(/^MESH2013 .* folder 'west'/);
    expect(filesOf(outdir)).toEqual(files);

    expect(() => fleetOf(['east/a', 'west/a'], { removedClusters: ['west'] }).synth()).toThrow(/^MESH2019 /);
    printed = '';
    fleetOf(['east/a'], { removedClusters: ['west'] }).synth();
    expect(printed).toContain('  west: 1 removed (a.k8s.yaml)\n');
    printed = '';
    fleetOf([], { removedClusters: ['east', 'west'] }).synth();
    expect(printed).toContain('  east: 1 removed (a.k8s.yaml)\n');
    expect(filesOf(outdir)).toEqual({});
  });

  test('writes its name into the index, and nothing into the directory of another program', () => {
    fleetOf(['east/a'], { program: 'shop-meshes' }).synth();
    expect(filesOf(outdir)['fleet.index']).toContain('# Program: shop-meshes\n');
    expect(() => fleetOf(['east/b'], { program: 'stock-meshes' }).synth()).toThrow(
      /^MESH2014 .* belongs to program 'shop-meshes', and this one is 'stock-meshes'/,
    );
  });

  test('is named after the npm package around the current folder, where it states nothing', () => {
    const cwd = process.cwd();
    const project = temporaryFolder();
    const indexIn = (folder: string) => {
      outdir = join(temporaryFolder(), 'dist');
      mkdirSync(join(project, folder), { recursive: true });
      process.chdir(join(project, folder));
      try {
        fleetOf(['east/a']).synth();
      } finally {
        process.chdir(cwd);
      }
      return /^# Program: (.*)$/m.exec(filesOf(outdir)['fleet.index'])?.[1];
    };
    expect(indexIn('.')).toBeUndefined();
    writeFileSync(join(project, 'package.json'), '{ "name": "shop-meshes" }');
    expect(indexIn('.')).toBe('shop-meshes');
    expect(indexIn('deep/er')).toBe('shop-meshes');
    writeFileSync(join(project, 'deep', 'package.json'), '{}');
    expect(indexIn('deep/er')).toBeUndefined();
    writeFileSync(join(project, 'deep', 'package.json'), 'no JSON');
    expect(indexIn('deep/er')).toBeUndefined();
  });

  test.each(['', ' shop', 'two\nlines'])('refuses the program name %j', (program) => {
    expect(() => new Fleet({ program })).toThrow(
      `MESH2020 Fleet: program is ${JSON.stringify(program)}; expected one line of text`,
    );
  });

  test('says so where the cdk8s CLI started it, which removes the directory first', () => {
    const variables = ['CDK8S_OUTDIR', 'CDK8S_RECORD_CONSTRUCT_METADATA'];
    for (const variable of variables) process.env[variable] = 'false';
    try {
      fleetOf(['east/a']).synth();
    } finally {
      for (const variable of variables) delete process.env[variable];
    }
    expect(printed.split('\n')[0]).toBe(
      'note: `cdk8s synth` removes the output directory before the program runs: a failed synth leaves none, and nothing can be told of changes or protected from vanishing. Run the program itself: npx ts-node -T main.ts',
    );
    expect(printed.match(/note:/g)).toHaveLength(1);
  });
});

describe('a dry run', () => {
  test('writes nothing and says what would change', () => {
    expect(() => fleetOf(['east/a']).synth({ dryRun: true })).toThrow(
      `MESH2016 ${outdir}: the directory is not what the program writes: east/a.k8s.yaml is missing; run the program and commit the directory`,
    );
    expect(printed).toContain('  east: 1 added\n');
    expect(filesOf(outdir)).toEqual({});
  });

  test('passes where nothing would change', () => {
    fleetOf(['east/a']).synth();
    const files = filesOf(outdir);
    fleetOf(['east/a']).synth({ dryRun: true });
    expect(printed).toContain('  nothing changed\n');
    expect(filesOf(outdir)).toEqual(files);
  });

  test('fails for what a synth refuses', () => {
    fleetOf(['east/a', 'west/a']).synth();
    expect(() => fleetOf(['east/a']).synth({ dryRun: true })).toThrow(/^MESH2013 /);
  });

  test('compares one file per chart only', () => {
    const fleet = new Fleet({ outdir, yamlOutputType: YamlOutputType.FILE_PER_APP });
    expect(() => fleet.synth({ dryRun: true })).toThrow(
      'MESH2008 Fleet: yamlOutputType is FILE_PER_APP, but a dry run compares no other; expected FILE_PER_CHART, the default',
    );
  });
});

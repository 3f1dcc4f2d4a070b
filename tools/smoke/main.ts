/**
 * `npm run smoke`: the packed package in a fresh project of `cdk8s init typescript-app`, with `App` replaced by `Fleet`.
 *
 * The project is the template of the CLI with the versions that the CLI fills in. Its own set-up is not run: it
 * downloads the schema of Kubernetes, which has nothing to do with this package. What counts is that the project
 * compiles as the template says (TypeScript 5.9, its tsconfig.json, no `skipLibCheck`), synthesizes and passes its test.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, resolve } from 'node:path';

/** The CLI shall not look for newer versions of itself. */
const ENVIRONMENT = { ...process.env, CDK8S_CHECK_UPGRADE: 'false' };

/** Packages of an installation. */
const MAX_PACKAGES = 20;

const ROOT = resolve(__dirname, '../..');
const CLI = dirname(require.resolve('cdk8s-cli/package.json', { paths: [ROOT] }));

const { name, exports: entryPoints } = readJson(join(ROOT, 'package.json')) as {
  name: string;
  exports: { [path: string]: unknown };
};

function main(): void {
  const work = mkdtempSync(join(tmpdir(), 'multimesh-smoke-'));
  try {
    const tarball = step('build and pack', () => pack(work));
    const project = join(work, 'smoke');
    step('copy the template', () => createProject(project));
    step('install', () => run(project, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', tarball));
    step('replace App by Fleet', () => replaceApp(project));
    step('add programs of our own', () => addPrograms(project));
    step('compile', () => run(project, 'npm', 'run', '--silent', 'compile'));
    // The set-up of the template does the same: its snapshot is of an older jest.
    step('test', () => run(project, 'npm', 'test', '--silent', '--', '-u'));
    step('cdk8s synth', () => {
      run(project, 'npx', 'cdk8s', 'synth');
      expectFiles(project, ['smoke.k8s.yaml']);
    });
    step('node main.js', () => {
      rmSync(join(project, 'dist'), { recursive: true });
      run(project, 'node', 'main.js');
      expectFiles(project, ['smoke.k8s.yaml']);
    });
    step('cdk8s synth with clusters', () => {
      run(project, 'npx', 'cdk8s', 'synth', '--app', 'node clusters.js');
      expectFiles(project, ['c1/apps.k8s.yaml', 'c1/fleet.index', 'fleet.index']);
    });
    step('multimesh verify', () => run(project, 'npx', 'multimesh', 'verify', 'dist', '--strict'));
    step('all entry points load', () => run(project, 'node', 'entry-points.js'));
    step('install alone', () => installAlone(work, tarball));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What README.md says: with its peers and nothing else. */
function installAlone(work: string, tarball: string): void {
  const project = join(work, 'alone');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  run(project, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', tarball);
  const paths = Object.keys(entryPoints).filter((path) => !path.endsWith('.json'));
  run(project, 'node', '-e', paths.map((path) => `require('${posix.join(name, path)}');`).join('\n'));
  run(project, 'npx', 'multimesh', '--help');
  const { packages } = readJson(join(project, 'node_modules', '.package-lock.json')) as { packages: object };
  const count = Object.keys(packages).length;
  console.log(`${count} packages`);
  if (count > MAX_PACKAGES) {
    throw new Error(`${count} packages, expected at most ${MAX_PACKAGES}`);
  }
}

function pack(work: string): string {
  run(ROOT, 'npm', 'run', '--silent', 'build');
  run(ROOT, 'npm', 'pack', '--silent', '--pack-destination', work);
  const [tarball] = readdirSync(work).filter((file) => file.endsWith('.tgz'));
  return join(work, tarball);
}

/** What `sscaff` makes of the template. */
function createProject(project: string): void {
  cpSync(join(CLI, 'templates/typescript-app'), project, { recursive: true });
  rmSync(join(project, '.hooks.sscaff.js'));
  rmSync(join(project, '{{}}.gitignore'));
  const values: { [variable: string]: string } = {
    $base: 'smoke',
    cdk8s_core_version: versionOf('cdk8s'),
    cdk8s_plus_version: versionOf('cdk8s-plus-33'),
    cdk8s_cli_spec: `^${versionOf('cdk8s-cli')}`,
    constructs_version: versionOf('constructs'),
  };
  for (const file of ['package.json', 'main.ts']) {
    edit(join(project, file), (text) =>
      text.replace(/\{\{ (\S+) \}\}/g, (variable, key: string) => {
        if (values[key] === undefined) {
          throw new Error(`the template of the CLI has a variable that is not known here: ${variable}`);
        }
        return values[key];
      }),
    );
  }
}

function replaceApp(project: string): void {
  edit(join(project, 'main.ts'), (text) =>
    text
      .replace('import { App, Chart, ChartProps }', `import { Fleet } from '${name}';\nimport { Chart, ChartProps }`)
      .replace('new App()', 'new Fleet()'),
  );
  if (!readFileSync(join(project, 'main.ts'), 'utf8').includes('= new Fleet();')) {
    throw new Error('the template of the CLI has changed: no `new App()` to replace');
  }
}

function addPrograms(project: string): void {
  // Clusters, as a user's program and as a user's test.
  writeFileSync(
    join(project, 'clusters.ts'),
    `import { ApiObject } from 'cdk8s';
import { Cluster, Fleet, MeshChart } from '${name}';

export function build(fleet: Fleet): Fleet {
  const cluster = new Cluster(fleet, 'c1');
  const chart = new MeshChart(cluster, 'apps', { cluster, mesh: 'mesh', file: 'apps' });
  new ApiObject(chart, 'a', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'ns' } });
  return fleet;
}

if (require.main === module) {
  build(new Fleet()).synth();
}
`,
  );
  writeFileSync(
    join(project, 'clusters.test.ts'),
    `import { Manifests, Testing } from '${name}/testing';
import { Cluster, Fleet } from '${name}';
import { build } from './clusters';

test('one library, whatever it is loaded by', () => {
  const fleet = build(Testing.fleet());
  expect(fleet).toBeInstanceOf(Fleet);
  expect(() => new Cluster(fleet, 'c1')).toThrow("that of a Cluster already");
});

test('clusters', () => {
  const fleet = build(Testing.fleet());
  Manifests.of(fleet).cluster('c1').has('ConfigMap', 'ns/a', { apiVersion: 'v1' });
  expect(() => Manifests.of(fleet).cluster('c1').one('ConfigMap', 'ns/b')).toThrow('but ConfigMap ns/a');
});
`,
  );
  const paths = Object.keys(entryPoints).filter((path) => !path.endsWith('.json'));
  const imports = paths.map((path, index) => `import * as e${index} from '${join(name, path)}';`);
  const checks = paths.map(
    (path, index) => `if (Object.keys(e${index}).length === 0) throw new Error('${path} exports nothing');`,
  );
  writeFileSync(join(project, 'entry-points.ts'), `${[...imports, ...checks].join('\n')}\n`);
}

function expectFiles(project: string, files: string[]): void {
  for (const file of files) {
    if (!existsSync(join(project, 'dist', file))) {
      throw new Error(
        `expected dist/${file}, found ${readdirSync(join(project, 'dist'), { recursive: true }).join(', ')}`,
      );
    }
  }
}

function versionOf(dependency: string): string {
  return (readJson(require.resolve(`${dependency}/package.json`, { paths: [CLI] })) as { version: string }).version;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function run(cwd: string, command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { cwd, env: ENVIRONMENT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    throw new Error(`failed: ${command} ${args.join(' ')}`);
  }
}

function step<T>(title: string, action: () => T): T {
  console.log(`--- ${title}`);
  return action();
}

try {
  main();
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}

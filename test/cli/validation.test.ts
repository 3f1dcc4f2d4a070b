import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MeshValidation, type ValidationContext, type Violation } from '../../lib/cli/validation';

const ROOT = join(__dirname, '..', '..');
const RIGHT = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n';
const WRONG = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: web, namespace: a }
spec: { servers: 1 }
`;

let folder: string;
let cwd: string;

beforeEach(() => {
  cwd = process.cwd();
  folder = mkdtempSync(join(tmpdir(), 'validation-'));
});

afterEach(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true });
});

/** A project of cdk8s whose program writes one file, and `cdk8s synth` in it. */
function synth(manifest: string): { status: number | null; output: string; report: () => string } {
  const register = `require(${JSON.stringify(require.resolve('ts-node'))}).register({ swc: true, cwd: ${JSON.stringify(ROOT)} });`;
  const plugin = JSON.stringify(join(ROOT, 'lib/cli/validation'));
  writeFileSync(join(folder, 'plugin.js'), `${register}\nmodule.exports = require(${plugin});\n`);
  writeFileSync(
    join(folder, 'main.js'),
    `const { mkdirSync, writeFileSync } = require('node:fs');
mkdirSync(process.env.CDK8S_OUTDIR + '/c1', { recursive: true });
writeFileSync(process.env.CDK8S_OUTDIR + '/c1/a.k8s.yaml', ${JSON.stringify(manifest)});
`,
  );
  writeFileSync(
    join(folder, 'cdk8s.yaml'),
    'language: typescript\napp: node main.js\nvalidations:\n  - package: ./plugin.js\n    version: 0.0.0\n    class: MeshValidation\n',
  );
  const cli = join(require.resolve('cdk8s-cli/package.json'), '..', 'bin', 'cdk8s');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, 'synth', '--validation-reports-output-file', 'report.json'],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' } },
  );
  return { status, output: stdout + stderr, report: () => readFileSync(join(folder, 'report.json'), 'utf8') };
}

test('cdk8s synth fails for what a cluster would refuse', () => {
  const { status, output, report } = synth(WRONG);
  expect({ status, output }).toEqual({ status: 2, output: expect.stringContaining('MESH4010') });
  expect(JSON.parse(report()).reports[0]).toMatchObject({
    summary: { status: 'failure' },
    violations: [
      {
        ruleName: 'MESH4010',
        recommendation: 'spec.servers is 1, expected a list',
        fix: 'correct the field',
        violatingConstructs: [{ resourceName: 'Gateway a/web @c1', locations: ['spec.servers'] }],
      },
    ],
  });
}, 60_000);

test('cdk8s synth goes on where nothing is wrong', () => {
  const { status, output, report } = synth(RIGHT);
  expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining('success') });
  expect(JSON.parse(report()).reports[0]).toMatchObject({ summary: { status: 'success' }, violations: [] });
}, 60_000);

describe('a validation', () => {
  async function validate(files: Readonly<Record<string, string>>) {
    const violations: Violation[] = [];
    let status: string | undefined;
    const manifests = Object.entries(files).map(([name, text]) => {
      const file = join(folder, name);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, text);
      return file;
    });
    const context: ValidationContext = {
      manifests: manifests.filter((file) => file.endsWith('.k8s.yaml')),
      report: {
        addViolation: (violation) => violations.push(violation),
        submit: (said) => {
          status = said;
        },
      },
    };
    process.chdir(folder);
    await new MeshValidation().validate(context);
    return { status, violations };
  }

  test('of several clusters judges the folder that they are in', async () => {
    const { violations } = await validate({ 'dist/c1/a.k8s.yaml': WRONG, 'dist/c2/a.k8s.yaml': RIGHT });
    expect(violations.map(({ violatingResources: [one] }) => [one.resourceName, one.manifestPath])).toEqual([
      ['Gateway a/web @c1', join('dist', 'c1', 'a.k8s.yaml')],
    ]);
  });

  test('tells warnings and passes, unless they are accepted', async () => {
    const annotated = RIGHT.replace('name: a', 'name: a, annotations: { multimesh.io/accept: "MESH3001: gone" }');
    const { status, violations } = await validate({ 'dist/c1/a.k8s.yaml': annotated });
    expect({ status, codes: violations.map(({ ruleName }) => ruleName) }).toEqual({
      status: 'success',
      codes: ['MESH4007'],
    });
  });

  test('of an app that wrote nothing passes', async () => {
    expect(await validate({})).toEqual({ status: 'success', violations: [] });
  });
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const multimesh = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, ['-r', 'ts-node/register', ...(script === '' ? [] : ['-e', script]), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });

test('the program writes to its outputs and exits with a code', () => {
  const { status, stdout, stderr } = multimesh('', 'lib/cli/main.ts', 'verify', 'nowhere');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^MESH4002 nowhere: there is nothing of that name; .*\n {2}explained in file:.*#mesh4002\n$/);
});

test('nothing of constructs is loaded, and help loads no command', () => {
  const loaded = (argv: string[]) => {
    const { stdout } = multimesh(`
      require('./lib/cli/run').run(${JSON.stringify(argv)}, { out() {}, err() {}, hasColour: false });
      console.log(JSON.stringify(Object.keys(require.cache)));
    `);
    return (JSON.parse(stdout) as string[]).map((file) => file.replaceAll('\\', '/'));
  };
  const ofConstructs = /\/node_modules\/(cdk8s|constructs)|\/lib\/(fleet|mesh|peering|traffic|synth)\//;
  const verified = loaded(['verify', 'dist/mtls-modes/istio']);
  expect(verified.filter((file) => ofConstructs.test(file))).toEqual([]);
  expect(verified.some((file) => file.endsWith('/lib/verify/judge.ts'))).toBe(true);
  expect(loaded(['--help']).filter((file) => file.includes('/lib/verify/'))).toEqual([]);
});

/**
 * `npm run verify:bench`: what judging costs. CPU seconds of processes, so that a busy machine matters less.
 *
 * - `multimesh verify` of 10,000 objects of one cluster (`istioctl analyze` knows no others) takes about as
 *   long as `istioctl analyze` on the same files, in the same run; istioctl is built from the testbed's module, where Go is there.
 *   Without a cluster, istioctl skips the analyzers that need a Service: both spend most of their time on reading YAML.
 * - 10,000 calls among 100,000 objects take at most 10 s and 1 GiB.
 * - Twice the objects take at most 2^1.15 the time.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { cacheFolder, GO_ENVIRONMENT, ISTIO_MODULE } from '../go';
import { exponentOf } from './exponent';
import { estate, writeEstate } from './manifests';

const ROOT = join(__dirname, '..', '..');
const CLI = join(ROOT, 'build', 'lib', 'cli', 'main.js');
const LIMITS = { ratio: 0.1, seconds: 10, mebibytes: 1024, exponent: 1.15 };
const SIZES = [2_500, 5_000, 10_000, 20_000];

/** CPU seconds of a command. @throws if it fails otherwise than by finding something. */
function cpuSeconds(program: string, ...args: string[]): number {
  const command = 'TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null';
  const { stderr, status } = spawnSync('bash', ['-c', command, program, ...args], { encoding: 'utf8' });
  const [user, system] = (stderr.trim().split('\n').pop() ?? '').split(' ').map(Number);
  if ((status ?? 2) > 1 && program === process.execPath) throw new Error(stderr);
  return user + system;
}

function buildIstioctl(): string | undefined {
  const program = join(cacheFolder('istioctl'), 'istioctl');
  try {
    execFileSync('go', ['build', '-ldflags', '-s -w', '-o', program, 'istio.io/istio/istioctl/cmd/istioctl'], {
      cwd: ISTIO_MODULE,
      env: { ...process.env, ...GO_ENVIRONMENT },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return program;
  } catch (error) {
    console.log(`istioctl is not built, the ratio is left out: ${(error as Error).message}`);
    return undefined;
  }
}

function main(): boolean {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'verify-bench-'));
  const results: boolean[] = [];
  const judge = (what: string, value: number, limit: number) => {
    results.push(value <= limit);
    console.log(`${value <= limit ? 'ok  ' : 'FAIL'} ${what}: ${value.toFixed(3)}, at most ${limit}`);
  };
  try {
    const points = SIZES.map((size) => {
      const dir = join(folder, String(size));
      const objects = writeEstate(dir, estate(size), (one) => Yaml.stringify(one));
      const seconds = cpuSeconds(process.execPath, CLI, 'verify', dir);
      console.log(`     multimesh verify: ${objects} objects, ${seconds.toFixed(2)} s`);
      return { objects, seconds };
    });
    const start = cpuSeconds(process.execPath, CLI, '--version');
    judge(
      'exponent of time by objects',
      exponentOf(points.map(({ objects, seconds }) => [objects, seconds - start])),
      LIMITS.exponent,
    );
    const istioctl = buildIstioctl();
    if (istioctl !== undefined) {
      const dir = join(folder, 'one');
      const objects = writeEstate(dir, estate(10_000, 1), (one) => Yaml.stringify(one));
      const seconds = cpuSeconds(process.execPath, CLI, 'verify', dir);
      const analyze = cpuSeconds(istioctl, 'analyze', '--use-kube=false', dir);
      console.log(`     istioctl analyze: ${objects} objects, ${analyze.toFixed(2)} s`);
      judge('multimesh verify by istioctl analyze', seconds / analyze, LIMITS.ratio);
    }
    const child = ['-r', 'ts-node/register', join(__dirname, 'traces.ts'), '100000', '10000'];
    const made = JSON.parse(execFileSync(process.execPath, child, { cwd: ROOT, encoding: 'utf8' }));
    console.log(`     10,000 calls among ${made.objects} objects: ${JSON.stringify(made.codes)}`);
    judge('seconds of the calls', made.seconds, LIMITS.seconds);
    judge('MiB of the calls', made.mebibytes, LIMITS.mebibytes);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return results.every((one) => one);
}

if (!main()) process.exitCode = 1;

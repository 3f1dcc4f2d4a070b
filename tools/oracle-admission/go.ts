import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
/** The module with the Istio that the testbed runs. */
export const MODULE = join(ROOT, 'test', 'testbed', 'go', 'istio');

/** Where programs and documents are kept between runs: never in the repository. */
export function cacheFolder(): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-multimesh', 'oracle-admission');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Runs a command of Go in the testbed's module.
 *
 * @throws with what Go has printed, if it fails.
 */
export function go(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr, error } = spawnSync('go', args, {
    cwd: MODULE,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-trimpath -mod=readonly', ...env },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`go ${args.join(' ')}: ${stderr || stdout}`);
  return stdout;
}

/** Folder of a Go module in Go's cache. */
export function moduleFolder(module: string): string {
  const folder = go(['list', '-m', '-f', '{{.Dir}}', module]).trim();
  if (!existsSync(folder)) throw new Error(`${module} is not in Go's cache; run 'go mod download' in ${MODULE}`);
  return folder;
}

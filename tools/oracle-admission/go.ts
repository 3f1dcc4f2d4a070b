import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { GO_ENVIRONMENT, ISTIO_MODULE } from '../go';

/**
 * Runs a command of Go in the testbed's module.
 *
 * @throws with what Go has printed, if it fails.
 */
export function go(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr, error } = spawnSync('go', args, {
    cwd: ISTIO_MODULE,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...GO_ENVIRONMENT, ...env },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`go ${args.join(' ')}: ${stderr || stdout}`);
  return stdout;
}

/** Folder of a Go module in Go's cache. */
export function moduleFolder(module: string): string {
  const folder = go(['list', '-m', '-f', '{{.Dir}}', module]).trim();
  if (!existsSync(folder)) throw new Error(`${module} is not in Go's cache; run 'go mod download' in ${ISTIO_MODULE}`);
  return folder;
}

import { spawnSync } from 'node:child_process';

/** What a whole process took and printed. */
export interface Ran {
  /** CPU seconds, user and system, with everything that it starts. */
  readonly cpu: number;
  readonly stdout: string;
}

/**
 * Runs a program some times; the cheapest run counts, because others disturb in one direction only.
 *
 * @throws when it fails.
 */
export function ranBest(command: readonly string[], { runs, cwd }: { runs: number; cwd?: string }): Ran {
  const all = Array.from({ length: runs }, () => ran(command, cwd));
  return all.reduce((a, b) => (b.cpu < a.cpu ? b : a));
}

/** The shell knows what its children took. */
function ran(command: readonly string[], cwd: string | undefined): Ran {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  const options = { cwd, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...command], options);
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? [];
  if (status !== 0 || user === undefined)
    throw new Error(`${command.join(' ')}: ${stderr.slice(-2000)}${stdout.slice(-2000)}`);
  return { cpu: Number(user) + Number(system), stdout };
}

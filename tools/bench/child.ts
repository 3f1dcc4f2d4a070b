import { spawnSync } from 'node:child_process';

/** What a program in a process of its own took. */
export interface Cost {
  /** CPU seconds, user and system, without loading the program. */
  readonly cpu: number;
  /** Peak resident memory of the process, in MB. */
  readonly memory: number;
}

/** Options of a run. */
export interface RunOptions {
  /** Most that the heap may hold, in MB. @default - what Node decides */
  readonly heap?: number;
  /** How often; the best counts, because other programs disturb in one direction only. @default 1 */
  readonly runs?: number;
}

/**
 * Runs a TypeScript file, which prints a {@link Cost} as its last line, in a process of its own.
 *
 * @throws when it fails.
 */
export function run(file: string, args: readonly string[], { heap, runs = 1 }: RunOptions = {}): Cost {
  const flags = ['--require', 'ts-node/register', ...(heap === undefined ? [] : [`--max-old-space-size=${heap}`])];
  const costs = Array.from({ length: runs }, () => {
    const child = spawnSync(process.execPath, [...flags, file, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (child.status !== 0) throw new Error(`${file} ${args.join(' ')}: ${child.stderr.slice(-2000)}`);
    return JSON.parse(child.stdout.trimEnd().split('\n').at(-1) as string) as Cost;
  });
  return costs.reduce((a, b) => (b.cpu < a.cpu ? b : a));
}

/** Prints what an action costs this process. */
export function report(action: () => void): void {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ cpu: (user + system) / 1e6, memory } satisfies Cost));
}

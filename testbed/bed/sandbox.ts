import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from './paths';
import { until } from './process';

/** What the program inside the sandbox is to do. */
export interface InsideJob {
  binaries: string;
  built: Record<string, number>;
  names: readonly string[];
  keep: boolean;
  /** Calls per scenario in place of its own, and the seed of all. */
  random?: { calls: number; seed: number };
}

/** What it says to the one outside. */
export interface InsideMessage {
  line?: string;
  done?: { passed: number; failed: number };
}

const DIRECTORY = '/run/cdk8s-multimesh';

/** One bed per checkout, or several when TESTBED_NAME tells them apart: they share nothing. */
const ID = createHash('sha256')
  .update(REPOSITORY)
  .update(process.env.TESTBED_NAME ?? '')
  .digest('hex')
  .slice(0, 8);
const STATE_FILE = path.join(DIRECTORY, `testbed-${ID}.json`);
const LOG_FILE = path.join(DIRECTORY, `testbed-${ID}.log`);

/** First process of the sandbox: a private /run (state and named network namespaces), then the program. */
const INIT = 'mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/netns && mkdir -m 755 /run/testbed && "$@"; exit $?';

/** A process: its start time (in clock ticks) shows whether a pid is somebody else's by now. */
interface ProcessId {
  pid: number;
  started: string | undefined;
}

interface State {
  /** The `unshare` process; the sandbox is its child. */
  sandbox: ProcessId;
  /** The program that runs scenarios in it. */
  runner: ProcessId;
}

/**
 * All that a bed consists of lives in namespaces of its own: processes, mounts, network. They end together with the
 * sandbox's first process, however that ends; nothing can be left behind. Without `keep` that process ends with its parent.
 */
export class Sandbox {
  readonly child: ChildProcess;

  private constructor(job: InsideJob) {
    mkdirSync(DIRECTORY, { recursive: true });
    const log = openSync(LOG_FILE, 'w');
    this.child = spawn(
      'setpriv',
      [
        ...['--pdeathsig', job.keep ? 'clear' : 'KILL', 'unshare', '--mount', '--propagation', 'private', '--net'],
        ...['--pid', '--fork', '--kill-child=KILL', '--mount-proc', 'sh', '-c', INIT, 'init'],
        ...[process.execPath, '-r', 'ts-node/register', path.join(__dirname, 'inside.ts'), JSON.stringify(job)],
      ],
      { cwd: REPOSITORY, detached: true, stdio: ['ignore', log, log, 'ipc'] },
    );
    const { pid } = this.child;
    if (pid === undefined) return;
    const state: State = { sandbox: processId(pid), runner: processId(process.pid) };
    writeFileSync(STATE_FILE, JSON.stringify(state));
  }

  static start(job: InsideJob): Sandbox {
    return new Sandbox(job);
  }

  /** What the inside wrote that was not meant for the user: stack traces. */
  static get log(): string {
    return existsSync(LOG_FILE) ? readFileSync(LOG_FILE, 'utf8').trim() : '';
  }

  /** The process that runs scenarios on the bed of this checkout at this moment. */
  static get runner(): number | undefined {
    const state = readState();
    return state && runs(state.runner) ? state.runner.pid : undefined;
  }

  /** Ends the bed of this checkout, if there is one. Returns whether there was. */
  static async down(): Promise<boolean> {
    const state = readState();
    if (state) {
      // The kernel ends all processes of the sandbox with its first one; `unshare` then ends when all of them are gone.
      process.kill(Sandbox.init() ?? state.sandbox.pid, 'SIGKILL');
      await until('the end of the bed', 20, async () => (runs(state.sandbox) ? undefined : true));
    }
    for (const file of [STATE_FILE, LOG_FILE]) rmSync(file, { force: true });
    return state !== undefined;
  }

  /** The command line that runs a command inside the bed of this checkout; undefined when there is none. */
  static enter(argv: readonly string[]): string[] | undefined {
    const init = Sandbox.init();
    if (init === undefined) return undefined;
    return ['nsenter', `--target=${init}`, '--mount', '--net', '--pid', ...argv];
  }

  /** Reads a file of the bed. */
  static read(file: string): string | undefined {
    const init = Sandbox.init();
    const seen = `/proc/${init}/root${file}`;
    return init !== undefined && existsSync(seen) ? readFileSync(seen, 'utf8') : undefined;
  }

  /** Names in a directory of the bed. */
  static list(directory: string): string[] {
    const seen = `/proc/${Sandbox.init()}/root${directory}`;
    return existsSync(seen) ? readdirSync(seen) : [];
  }

  private static init(): number | undefined {
    const state = readState();
    if (!state) return undefined;
    const { pid } = state.sandbox;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return Number(children.trim().split(' ')[0]) || undefined;
  }
}

function readState(): State | undefined {
  if (!existsSync(STATE_FILE)) return undefined;
  const state = JSON.parse(readFileSync(STATE_FILE, 'utf8')) as State;
  return runs(state.sandbox) ? state : undefined;
}

const processId = (pid: number): ProcessId => ({ pid, started: startTime(pid) });

const runs = ({ pid, started }: ProcessId) => started !== undefined && startTime(pid) === started;

/** Start time of a process, or undefined when it does not run (a zombie does not). */
function startTime(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

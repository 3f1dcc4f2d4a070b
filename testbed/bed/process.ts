import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, closeSync, openSync } from 'node:fs';

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string | Buffer;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Do not throw when the command fails. */
  mayFail?: boolean;
  /** Called with every line of stdout and stderr as it comes. */
  onLine?: (line: string) => void;
}

/** Runs a command to its end. Throws with the command line and its output when it fails. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), { cwd: options.cwd, env: options.env, stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      into.push(chunk);
      for (const line of chunk.toString().split('\n')) {
        if (line.trim()) options.onLine?.(line);
      }
    };
    child.stdout.on('data', collect(out));
    child.stderr.on('data', collect(err));
    child.on('error', (error) => reject(new Error(`cannot run ${argv.join(' ')}: ${error.message}`)));
    child.on('close', (status, signal) => {
      const code = status ?? (signal ? 128 : 1);
      const result = { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
      if (code !== 0 && !options.mayFail) {
        reject(new Error(`${argv.join(' ')} ended with ${signal ?? code}: ${(result.stderr + result.stdout).trim()}`));
      } else {
        resolve(result);
      }
    });
    // A command may end before it has read its input; its exit code says why.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

export interface DaemonOptions {
  /** File that stdout and stderr are appended to. */
  log: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** User that owns the log file: Envoy opens /dev/stdout again, under its own uid. */
  logOwner?: number;
}

/** A long-running process. It leads its own process group, so that `stop` reaches its children too. */
export class Daemon {
  readonly exited: Promise<void>;
  private readonly child: ChildProcess;
  private ended = false;

  constructor(
    readonly name: string,
    argv: readonly string[],
    readonly options: DaemonOptions,
  ) {
    const log = openSync(options.log, 'a', 0o644);
    if (options.logOwner !== undefined) chownSync(options.log, options.logOwner, options.logOwner);
    this.child = spawn(argv[0], argv.slice(1), {
      cwd: options.cwd,
      env: { PATH: process.env.PATH, ...options.env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.exited = new Promise((resolve) => {
      const end = () => {
        this.ended = true;
        resolve();
      };
      this.child.on('exit', end);
      this.child.on('error', end);
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get running(): boolean {
    return !this.ended;
  }

  /** Asks the process group to end, and ends it after `grace` milliseconds. */
  async stop(grace: number): Promise<void> {
    if (this.ended) return;
    if (grace > 0) {
      this.signal('SIGTERM');
      const timer = setTimeout(() => this.signal('SIGKILL'), grace);
      await this.exited;
      clearTimeout(timer);
    }
    // Also after the leader has gone: what it started may still be there.
    this.signal('SIGKILL');
    await this.exited;
  }

  private signal(name: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, name);
    } catch {
      // the group has ended
    }
  }
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Waits until `probe` gives a value, asking again every few milliseconds.
 *
 * @param what what is waited for, and `describe` what is missing: both stand in the error after `seconds`
 */
export async function until<T>(
  what: string,
  seconds: number,
  probe: () => Promise<T | undefined>,
  describe: () => string = () => '',
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last = '';
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
      last = '';
    } catch (error) {
      last = (error as Error).message;
    }
    if (Date.now() > deadline) {
      const details = [describe(), last].filter((text) => text !== '').join('; ');
      throw new Error(`${what}: not within ${seconds} s${details ? `: ${details}` : ''}`);
    }
    await pause(50);
  }
}

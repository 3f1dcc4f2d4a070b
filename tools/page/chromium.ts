import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where Chromium is: `CHROMIUM`, or the first of its usual names in `PATH`. */
export function findChromium(): string {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((file) => existsSync(file));
  if (!found)
    throw new Error(
      `Chromium is not installed: none of ${NAMES.join(', ')} is in PATH; install it, or name it in CHROMIUM`,
    );
  return found;
}

type Answer = {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly sessionId?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
};

/** A Chromium without window, spoken to in the Chrome DevTools Protocol over a pipe. */
export class Chromium {
  private readonly folder = mkdtempSync(join(tmpdir(), 'chromium-'));
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  private readonly listeners = new Set<(event: Answer) => void>();
  private next = 1;

  constructor(program = findChromium()) {
    // its sandbox needs another user than root
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const options = [
      '--headless',
      '--remote-debugging-pipe',
      '--disable-gpu',
      '--hide-scrollbars',
      `--user-data-dir=${this.folder}`,
    ];
    this.process = spawn(program, [...options, ...asRoot, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.process.on('error', (error) => this.fail(error));
    this.process.on('exit', () => this.fail(new Error(`${program} has ended`)));
    let rest = '';
    (this.process.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.receive(JSON.parse(message) as Answer);
    });
  }

  public send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = this.next++;
    const message = JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) });
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      (this.process.stdio[3] as Writable).write(`${message}\0`);
    });
  }

  public on(listener: (event: Answer) => void): void {
    this.listeners.add(listener);
  }

  public async close(): Promise<void> {
    this.process.removeAllListeners('exit');
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill();
    await ended;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  private receive(answer: Answer): void {
    if (answer.id === undefined) {
      for (const listener of this.listeners) listener(answer);
      return;
    }
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.error) waiting?.reject(new Error(answer.error.message));
    else waiting?.resolve(answer.result);
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

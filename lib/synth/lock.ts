import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { MeshError } from '../facts/error';

/** File in the output directory while a synth writes into it: process id and host of the one that does. */
export const LOCK_FILE = '.fleet-lock';

/**
 * Runs `use` while no other synth writes into the same directory. A lock that a killed process of this host left behind
 * is taken over.
 *
 * @param outdir must exist.
 * @throws MESH2015 while another one does.
 */
export function withLock<T>(outdir: string, use: () => T): T {
  const path = join(outdir, LOCK_FILE);
  acquire(path, outdir);
  try {
    return use();
  } finally {
    rmSync(path, { force: true });
  }
}

function acquire(path: string, outdir: string): void {
  if (tryCreate(path)) return;
  const holder = readIfExists(path);
  if (holder === undefined || isLeftBehind(holder)) {
    removeLeftBehind(path, holder);
    if (tryCreate(path)) return;
  }
  const by = readIfExists(path)?.trim() || 'unknown';
  throw new MeshError(
    'MESH2015',
    outdir,
    `another synth (process and host: ${by}) is writing into the directory; wait for it, or delete ${path} if no synth runs`,
  );
}

function tryCreate(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid} ${hostname()}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Only a process of this host can be asked whether it lives; synthesis itself is synchronous, so ours does not hold it. */
function isLeftBehind(holder: string): boolean {
  const [, pid, host] = /^(\d+) (\S+)\n$/.exec(holder) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  return Number(pid) === process.pid || !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Of two that find the same lock left behind, one moves it away; the other must not remove the lock of the first. */
function removeLeftBehind(path: string, expected: string | undefined): void {
  if (expected === undefined) return;
  const aside = `${path}-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readIfExists(aside) === expected) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

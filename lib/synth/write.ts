import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { INDEX_FILE } from './file-index';
import { readIndexes } from './indexes';
import { JUDGED_FILE } from './judged-file';
import { LOCK_FILE, withLock } from './lock';
import { type Output, type Plan, planOutput } from './plan';
import { Swap } from './swap';

const STAGING = '.fleet-';

/**
 * Brings the output directory to exactly this state: files are written, those of the earlier synth that are gone are
 * removed. Files that are equal are not touched.
 *
 * All texts were made once before anything is written. They are first written into a staging directory inside `outdir`; then each is
 * moved to its place with one `rename`, so that no reader sees half a file. When a step fails, the steps before it are
 * undone, and the directory is as it was. What cannot be undone is a killed process (or a power cut) between two
 * renames: whole files of both synths may then stand side by side, all of them owned by the index, and the next synth
 * completes the work.
 *
 * @returns what was done.
 * @throws what {@link planOutput} refuses, MESH2015 while another synth writes; errors of the file system as they are.
 * The directory is untouched then.
 */
export function writeOutput(outdir: string, output: Output): Plan {
  const before = planOutput(outdir, output);
  mkdirSync(outdir, { recursive: true });
  if (before.isDone) return before;
  return withLock(outdir, () => {
    // Another synth that has written in between has begun with the index.
    const isAsBefore = output.indexed && readIndexes(outdir).text === before.found;
    const plan = isAsBefore ? before : planOutput(outdir, output);
    if (!plan.isDone) carryOut(plan, outdir);
    return plan;
  });
}

function carryOut(plan: Plan, outdir: string): void {
  removeLeftovers(outdir);
  const gone = [...plan.changes.removed, ...plan.goneIndexes];
  const staging = mkdtempSync(join(outdir, STAGING));
  try {
    const staged = plan.writes.map(({ path, text }, index) => {
      const file = join(staging, `${index}.new`);
      writeFileSync(file, text);
      return { path, file };
    });
    const swap = new Swap(outdir, staging);
    try {
      if (plan.between !== undefined) {
        // From here on the index owns the files of both synths, so that an interrupted one leaves no foreign file.
        swap.write(INDEX_FILE, plan.between);
      }
      for (const { path, file } of staged) {
        swap.move(file, path);
      }
      for (const path of gone) {
        swap.remove(path);
      }
      if (plan.index !== undefined) {
        swap.write(INDEX_FILE, plan.index);
      } else if (plan.found !== undefined) {
        swap.remove(INDEX_FILE);
      }
    } catch (error) {
      swap.undo(error);
      throw error;
    }
    removeEmptyFolders(outdir, gone);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function removeLeftovers(outdir: string): void {
  const isLeft = (name: string) => name.startsWith(STAGING) && name !== LOCK_FILE && name !== JUDGED_FILE;
  for (const name of readdirSync(outdir).filter(isLeft)) {
    rmSync(join(outdir, name), { recursive: true, force: true });
  }
}

/** Removes the folders that lost their last file: each is asked once, however many files it lost. */
function removeEmptyFolders(outdir: string, removed: readonly string[]): void {
  const folders = new Set<string>();
  for (const path of removed) {
    for (let folder = dirname(path); folder !== '.' && !folders.has(folder); folder = dirname(folder)) {
      folders.add(folder);
    }
  }
  // Deepest first: a folder may hold nothing but folders that go.
  for (const folder of [...folders].sort().reverse()) {
    try {
      rmdirSync(join(outdir, folder));
    } catch (error) {
      // A folder that still holds files stays; one that somebody else removed is gone.
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

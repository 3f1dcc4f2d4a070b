import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../facts/sha256';
import { Settled } from '../verify/settled';

/**
 * File in the output directory with digests of what was judged and nothing found of. It belongs to one machine and into no
 * repository: where it is missing, as in CI, all is judged.
 */
export const JUDGED_FILE = '.fleet-judged';

/** Fleets of fewer clusters are judged as a whole each time: that is soon done. */
const FEWEST_CLUSTERS = 25;

/** What need not be judged again of a fleet, as its output directory knows. */
export function settledIn(outdir: string, clusters: number): Settled {
  if (clusters < FEWEST_CLUSTERS) return new Settled();
  const path = join(outdir, JUDGED_FILE);
  const digests = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return new Settled(judge(), new Set(digests));
}

/** Remembers it for the next synth into the same directory. */
export function keepSettled(outdir: string, { digests }: Settled): void {
  const path = join(outdir, JUDGED_FILE);
  if (digests.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  const next = `${path}-${process.pid}`;
  writeFileSync(next, `${digests.join('\n')}\n`);
  renameSync(next, path);
}

/** In the package this file holds all code that judges. */
const judge = (): string => sha256(readFileSync(__filename, 'utf8'));

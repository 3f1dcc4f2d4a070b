import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../facts/sha256';
import { Settled } from '../verify/settled';

/**
 * File in the output directory with what was found of parts of a fleet, by digest. It belongs to one machine and into no
 * repository: where it is missing, as in CI, all is judged.
 */
export const JUDGED_FILE = '.fleet-judged';

/** Fleets of fewer clusters are judged as a whole each time: that is soon done. */
const FEWEST_CLUSTERS = 25;

/** What need not be judged again of a fleet, as its output directory knows. */
export function settledIn(outdir: string, clusters: number): Settled {
  if (clusters < FEWEST_CLUSTERS) return new Settled();
  const path = join(outdir, JUDGED_FILE);
  return new Settled(judge(), existsSync(path) ? entriesIn(readFileSync(path, 'utf8')) : new Map());
}

/** Remembers it for the next synth into the same directory. */
export function keepSettled(outdir: string, { entries }: Settled): void {
  const path = join(outdir, JUDGED_FILE);
  if (entries.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  const next = `${path}-${process.pid}`;
  writeFileSync(next, entries.map(([digest, found]) => `${digest} ${found}\n`).join(''));
  renameSync(next, path);
}

/** A line holds a digest and JSON; one that somebody has touched is none. */
function entriesIn(text: string): Map<string, string> {
  const lines = text.split('\n').map((line) => /^([0-9a-f]{64}) (\[.*\])$/.exec(line) ?? []);
  return new Map(
    lines.flatMap(([, digest, found]) => (digest !== undefined && isJson(found) ? [[digest, found]] : [])),
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** In the package this file holds all code that judges. */
const judge = (): string => sha256(readFileSync(__filename, 'utf8'));

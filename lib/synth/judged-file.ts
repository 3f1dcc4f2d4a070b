import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../facts/sha256';
import { packageFolder } from '../facts/user-stack';
import { Settled } from '../verify/settled';

/**
 * File in the output directory with what was found of parts of a fleet, by digest. It belongs to one machine and into no
 * repository: where it is missing, as in CI, all is judged.
 */
export const JUDGED_FILE = '.fleet-judged';

/** Fleets of fewer clusters are judged as a whole each time: that is soon done. */
const FEWEST_CLUSTERS = 25;

/** What need not be judged again of a fleet, as its output directory knows. */
export class Judged {
  public readonly settled: Settled;
  private readonly path: string;
  private readonly before: ReadonlyMap<string, string>;

  constructor(outdir: string, clusters: number) {
    this.path = join(outdir, JUDGED_FILE);
    const remembers = clusters >= FEWEST_CLUSTERS;
    this.before = remembers && existsSync(this.path) ? entriesIn(readFileSync(this.path, 'utf8')) : new Map();
    this.settled = remembers ? new Settled(judge(), this.before) : new Settled();
  }

  /** Remembers it for the next synth into the same directory. */
  public keep(): void {
    const { entries } = this.settled;
    if (entries.length === 0) {
      rmSync(this.path, { force: true });
      return;
    }
    // of a fleet that is settled as a whole nobody asked for the parts: the next change does
    if (entries.every(([digest]) => this.before.has(digest))) return;
    const next = `${this.path}-${process.pid}`;
    writeFileSync(next, sealed(entries.map(([digest, found]) => `${digest} ${found}\n`).join('')));
    renameSync(next, this.path);
  }
}

/** The first line is the digest of what follows, so that a file which somebody has touched is none. */
const sealed = (text: string): string => `${sha256(text)}\n${text}`;

/** A line holds a digest and JSON. */
function entriesIn(file: string): Map<string, string> {
  const text = file.slice(file.indexOf('\n') + 1);
  if (sealed(text) !== file) return new Map();
  const lines = text.split('\n').map((line) => /^([0-9a-f]{64}) (\[.*\])$/.exec(line) ?? []);
  return new Map(lines.flatMap(([, digest, found]) => (digest === undefined ? [] : [[digest, found]])));
}

/** In the package this file holds all code that judges; schemas are data of its version. */
function judge(): string {
  const manifest = join(packageFolder(), 'package.json');
  const files = [__filename, manifest].filter((file) => existsSync(file));
  return sha256(files.map((file) => readFileSync(file, 'utf8')).join('\n'));
}

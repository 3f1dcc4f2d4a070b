/**
 * `npm run bench`: what synthesis costs. Each case runs in a process of its own. Ratios within one run are what counts:
 * absolute times are those of the machine and of what else runs on it. Targets that are missed are printed, not failed:
 * a busy machine shifts ratios, too.
 *
 *     npm run build && npm run bench -- --peers 1000    all of it, and a company of a thousand clusters
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DIRECTORY } from './directory';
import { growths } from './fleets/growth';
import { fleetRatios } from './fleets/ratios';
import { peerRatios } from './peers/ratios';
import { benchRaw } from './raw/raw';
import { startRatios } from './start/ratios';
import { formatRatio } from './target';

/** Builds the programs of others that are compared, which takes minutes the first time. */
const PEERS = '--peers';

/** Exponent of the cost from a size to four times of it. */
const LINEAR = 1.15;

function main(): void {
  const work = mkdtempSync(join(DIRECTORY, 'multimesh-bench-'));
  const folderOf = (name: string) => {
    const folder = join(work, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const [size] = process.argv.slice(2).filter((argument) => argument !== PEERS);
  const clusters = size === undefined ? undefined : Number(size);
  try {
    console.log(`files in ${DIRECTORY}\n`);
    for (const ratio of fleetRatios(folderOf, clusters)) console.log(formatRatio(ratio));
    for (const ratio of startRatios()) console.log(formatRatio(ratio));
    const build = process.argv.includes(PEERS);
    for (const ratio of peerRatios(folderOf, build)) console.log(formatRatio(ratio));
    for (const { dimension, size, exponent, small, large } of growths(folderOf)) {
      const what = `exponent of CPU from ${size} to ${4 * size} ${dimension}`;
      const beside = `${small.cpu.toFixed(2)} s, ${large.cpu.toFixed(2)} s`;
      console.log(formatRatio({ what, ratio: exponent, atMost: LINEAR, beside }));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.log('\nobjects as such, in charts of clusters:');
  benchRaw();
}

main();

/** One measurement of a wide fleet, in a process of its own: `growth.ts <dimension> <size> <folder>`. */
import { Fleet } from '../../../lib';
import { type Cost, report, run } from '../child';
import { WIDE } from './wide';

type Dimension = keyof typeof WIDE;

/** How cost grows from one size to four times of it: the exponent, 1 where it grows with the work. */
export interface Growth {
  readonly dimension: Dimension;
  readonly size: number;
  readonly exponent: number;
  readonly small: Cost;
  readonly large: Cost;
}

const FACTOR = 4;

/** Sizes at which a process does little else than what is measured. */
const SIZES: Readonly<Record<Dimension, number>> = {
  exposures: 1_500,
  peerings: 1_000,
  consumers: 1_500,
  namespaces: 2_000,
  policies: 2_000,
  meshes: 2_000,
  paths: 20_000,
};

/** Every dimension in which a fleet may be large. */
export function growths(folderOf: (name: string) => string): Growth[] {
  return Object.entries(SIZES).map(([name, size]) => {
    const cost = (count: number) => run(__filename, [name, String(count), folderOf(`${name}-${count}`)], { runs: 2 });
    const [small, large] = [cost(size), cost(size * FACTOR)];
    const exponent = Math.log(large.cpu / small.cpu) / Math.log(FACTOR);
    return { dimension: name as Dimension, size, exponent, small, large };
  });
}

if (require.main === module) {
  const [dimension, size, outdir] = process.argv.slice(2);
  report(() => {
    const fleet = new Fleet({ outdir, print: () => {} });
    WIDE[dimension as Dimension](fleet, Number(size));
    fleet.synth();
  });
}

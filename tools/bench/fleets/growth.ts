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
  exposures: 500,
  peerings: 500,
  consumers: 500,
  namespaces: 1_000,
  policies: 1_000,
  meshes: 1_000,
  paths: 20_000,
};

/** Every dimension in which a fleet may be large. */
export function growths(folderOf: (name: string) => string): Growth[] {
  return Object.entries(SIZES).map(([name, size]) => {
    const cost = (count: number) => run(__filename, [name, String(count), folderOf(`${name}-${count}`)], {});
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

import { rmSync } from 'node:fs';
import path from 'node:path';
import { Fleet } from '../../lib';
import { REPOSITORY } from './paths';

/** Where fleets of scenarios are synthesized, relative to the repository; git ignores it. */
export const FLEETS = path.join('build', 'fleets');

/**
 * Synthesizes a fleet that only the testbed applies into `build/fleets/<name>`, which holds nothing else afterwards.
 *
 * @returns the folder
 */
export function synthesize(name: string, build: (fleet: Fleet) => void): string {
  const outdir = path.resolve(REPOSITORY, FLEETS, name);
  rmSync(outdir, { recursive: true, force: true });
  const fleet = new Fleet({ outdir });
  build(fleet);
  fleet.synth();
  return outdir;
}

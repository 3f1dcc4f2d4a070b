import { join } from 'path';
import { Fleet } from './lib';
import { scenarios } from './scenarios';

/** Synthesizes every scenario into a folder of its own. */
export function main(outdir = process.env.CDK8S_OUTDIR ?? 'dist'): void {
  for (const [name, build] of Object.entries(scenarios)) {
    const fleet = new Fleet({ outdir: join(outdir, name) });
    build(fleet);
    fleet.synth();
  }
}

if (require.main === module) main();

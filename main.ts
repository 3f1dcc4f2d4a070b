import { join } from 'node:path';
import { Fleet } from './lib';
import { scenarios } from './scenarios';

/**
 * Synthesizes every scenario into a folder of its own.
 *
 * @param announce is told the folder before each: findings that follow are about it.
 */
export function main(outdir = process.env.CDK8S_OUTDIR ?? 'dist', announce = (_folder: string) => {}): void {
  for (const [name, build] of Object.entries(scenarios)) {
    const folder = join(outdir, name);
    announce(folder);
    const fleet = new Fleet({ outdir: folder });
    build(fleet);
    fleet.synth();
  }
}

if (require.main === module) main(undefined, (folder) => process.stderr.write(`\n${folder}\n`));

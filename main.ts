import { join } from 'node:path';
import { Fleet } from './lib';
import { scenarios } from './scenarios';

/** How the scenarios are synthesized. */
interface MainOptions {
  /** @default - `dist`, or what the cdk8s CLI says */
  readonly outdir?: string;
  /** Is told the folder before each scenario: findings that follow are about it. */
  readonly announce?: (folder: string) => void;
  /** Writes nothing and fails where a folder is not what its scenario writes. */
  readonly dryRun?: boolean;
}

/** Synthesizes every scenario into a folder of its own. */
export function main({ outdir = process.env.CDK8S_OUTDIR ?? 'dist', announce, dryRun }: MainOptions = {}): void {
  for (const [name, build] of Object.entries(scenarios)) {
    const folder = join(outdir, name);
    announce?.(folder);
    const fleet = new Fleet({ outdir: folder });
    build(fleet);
    fleet.synth({ dryRun });
  }
}

if (require.main === module) {
  main({ announce: (folder) => process.stderr.write(`\n${folder}\n`), dryRun: process.argv.includes('--check') });
}

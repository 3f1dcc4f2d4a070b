import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MeshError } from '../facts/error';

/**
 * The name of the program that writes an output directory: the stated one, otherwise that of the npm package around the
 * current folder (a relative output directory is below it, too).
 *
 * @param stated one line of text.
 * @throws MESH2020 when it is none.
 */
export function programName(stated: string | undefined): string | undefined {
  if (stated === undefined) return packageName(process.cwd());
  if (!/^\S(.*\S)?$/.test(stated)) {
    throw new MeshError('MESH2020', 'Fleet', `program is ${JSON.stringify(stated)}; expected one line of text`);
  }
  return stated;
}

/** The name in the `package.json` of a folder or the nearest around it; undefined where none says one. */
function packageName(folder: string): string | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) {
    const around = dirname(folder);
    return around === folder ? undefined : packageName(around);
  }
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown };
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    // Whether the file is well-formed is npm's business.
    return undefined;
  }
}

/** Whether the cdk8s CLI started this program: it sets both variables. */
export function isStartedByCli(env: NodeJS.ProcessEnv): boolean {
  return env.CDK8S_OUTDIR !== undefined && env.CDK8S_RECORD_CONSTRUCT_METADATA !== undefined;
}

/** What a fleet says when the CLI started it. */
export const CLI_NOTE =
  'note: `cdk8s synth` removes the output directory before the program runs: a failed synth leaves none, and nothing can be told of changes or protected from vanishing. Run the program itself: npx ts-node -T main.ts\n';

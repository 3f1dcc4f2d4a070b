import { MeshError } from '../facts/error';

/**
 * The name of the program that writes an output directory.
 *
 * @param stated one line of text.
 * @throws MESH2020 when it is none.
 */
export function programName(stated: string | undefined): string | undefined {
  if (stated !== undefined && !/^\S(.*\S)?$/.test(stated)) {
    throw new MeshError('MESH2020', 'Fleet', `program is ${JSON.stringify(stated)}; expected one line of text`);
  }
  return stated;
}

/** Whether the cdk8s CLI started this program: it sets both variables. */
export function isStartedByCli(env: NodeJS.ProcessEnv): boolean {
  return env.CDK8S_OUTDIR !== undefined && env.CDK8S_RECORD_CONSTRUCT_METADATA !== undefined;
}

/** What a fleet says when the CLI started it. */
export const CLI_NOTE =
  'note: `cdk8s synth` removes the output directory before the program runs: a failed synth leaves none, and nothing can be told of changes or protected from vanishing. Run the program itself: npx ts-node main.ts\n';

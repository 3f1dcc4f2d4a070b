import { MeshError } from '../facts/error';
import type { Plan } from './plan';

/** Paths that a message names. */
const NAMED = 5;

/**
 * Refuses an output directory that a synth would change.
 *
 * @throws MESH2016 with the first files that differ.
 */
export function refuseStale(outdir: string, { changes, isDone }: Pick<Plan, 'changes' | 'isDone'>): void {
  if (isDone) return;
  const paths = [
    ...changes.added.map((path) => `${path} is missing`),
    ...changes.changed.map((path) => `${path} differs`),
    ...changes.removed.map((path) => `${path} is left over`),
  ];
  const named = paths.length === 0 ? ['fleet.index differs'] : paths.slice(0, NAMED);
  const more = paths.length > NAMED ? `, and ${paths.length - NAMED} more` : '';
  throw new MeshError(
    'MESH2016',
    outdir,
    `the directory is not what the program writes: ${named.join(', ')}${more}; run the program and commit the directory`,
  );
}

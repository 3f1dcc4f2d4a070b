import { resolve } from 'node:path';
import { MeshError } from '../facts/error';
import { isMarked } from '../facts/marks';
import { sha256 } from '../facts/sha256';
import type { Output, OutputFile, Plan } from '../synth/plan';
import { writeOutput } from '../synth/write';

/** A fleet, as others of the same run see it. */
interface Writer {
  readonly outdir: string;
  readonly clusters: readonly { readonly name: string }[];
}

/** What a fleet has written: SHA-256 of each file, by path. */
interface Written {
  readonly by: Writer;
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * What this run of a program has written, by directory. It is kept on the process, which is what it is about: every copy
 * of the package finds the same, and the next run knows nothing of it.
 */
function writtenByRun(): Map<string, Written> {
  const key = Symbol.for('cdk8s-multimesh.written');
  const slots = process as unknown as Record<symbol, Map<string, Written> | undefined>;
  slots[key] ??= new Map();
  return slots[key];
}

/**
 * Writes what a fleet says, unless that replaced what another fleet of the same run has just written: the program asks
 * for both, and one would be lost.
 *
 * @throws MESH2021 when it would change or remove a file of the other one; as `writeOutput`.
 */
export function writeOnce(fleet: Writer, output: Output): Plan {
  const { outdir } = fleet;
  // an app without clusters and outputs writes as cdk8s does; fleets of tests stand for runs of their own
  if (!output.indexed || isMarked(fleet, 'Run')) return writeOutput(outdir, output);
  const run = writtenByRun();
  refuseSecondWriter(fleet, output.files, run.get(resolve(outdir)));
  const plan = writeOutput(outdir, output);
  run.set(resolve(outdir), { by: fleet, digests: plan.digests });
  return plan;
}

function refuseSecondWriter(fleet: Writer, files: Iterable<OutputFile>, other: Written | undefined): void {
  if (other === undefined || other.by === fleet) return;
  const own = new Map(Array.from(files, ({ path, text }) => [path, sha256(text)]));
  const lost = [...other.digests].find(([path, digest]) => own.get(path) !== digest);
  if (lost === undefined) return;
  throw new MeshError(
    'MESH2021',
    fleet.outdir,
    `this fleet (${listOf(fleet)}) would replace ${lost[0]} and all else that another fleet of this program (${listOf(other.by)}) has just written there; put all clusters into one Fleet, or give each an outdir of its own: new Fleet({ outdir: '…' })`,
  );
}

function listOf({ clusters }: Writer): string {
  if (clusters.length === 0) return 'no cluster';
  return `${clusters.length === 1 ? 'cluster' : 'clusters'} ${clusters.map(({ name }) => name).join(', ')}`;
}

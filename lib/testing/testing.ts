import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest, PlacedManifest } from '../facts/manifest';
import { mark } from '../facts/marks';
import { Fleet } from '../fleet/fleet';
import type { FleetProps } from '../fleet/fleet-props';

/** Fleets in tests; for a Fleet what the `Testing` of cdk8s is for an App. */
export class Testing {
  /**
   * A fleet that prints nothing, and whose output directory is a new temporary folder. It stands for a run of its own:
   * several may write into one directory, one after the other, as a program does that is changed and run again.
   *
   * @param props options of the fleet; a stated `outdir` or `print` is used.
   */
  public static fleet(props: FleetProps = {}): Fleet {
    const fleet = new Fleet({
      print: () => {},
      ...props,
      outdir: props.outdir ?? mkdtempSync(join(tmpdir(), 'cdk8s-multimesh.')),
    });
    mark(fleet, 'Run');
    return fleet;
  }

  /**
   * The objects of each cluster as they would be written: by file and place in the file. Runs validators and checks;
   * writes nothing. Fit for a snapshot.
   *
   * @throws SynthError with all findings of severity `error`, the messages of validators.
   */
  public static synth(fleet: Fleet): { [cluster: string]: Manifest[] } {
    return byCluster(fleet, fleet.review().manifests);
  }

  private constructor() {}
}

/** The objects of each cluster, also of those that have none. */
export function byCluster(fleet: Fleet, placed: readonly PlacedManifest[]): { [cluster: string]: Manifest[] } {
  const manifests: { [cluster: string]: Manifest[] } = Object.fromEntries(fleet.clusters.map(({ name }) => [name, []]));
  for (const { cluster, manifest } of placed) {
    manifests[cluster].push(manifest);
  }
  return manifests;
}

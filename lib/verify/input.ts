import type { FleetDocument } from '../facts/fleet';
import type { Manifest, PlacedManifest } from '../facts/manifest';

/** What is judged: data alone, the same that `dist/` and hand-written files hold. Frozen. */
export interface VerifyInput {
  /** The objects that the fleet writes, by cluster, file and place in the file. */
  readonly manifests: readonly PlacedManifest[];
  /** What the fleet knows of itself, as in `dist/fleet.json`. */
  readonly facts: FleetDocument;
  /** Hand-written objects that meshes of the fleet named by `include()`. */
  readonly included: readonly IncludedManifest[];
}

/** A hand-written object: judged with what the fleet writes, never written. */
export interface IncludedManifest {
  /** Name of the cluster that it is in. */
  readonly cluster: string;
  /** The file that holds it. */
  readonly file: string;
  readonly manifest: Manifest;
}

import type { AppProps } from 'cdk8s';
import type { Finding } from '../facts/finding';
import type { FleetDocument } from '../facts/fleet';
import { anything, callable, checkOptions, flag, listOf, optional, text } from '../facts/guard';
import type { PlacedManifest } from '../facts/manifest';
import type { VerifyInput } from '../verify/input';

/** Options of a fleet: those of a cdk8s App, and where it prints. */
export interface FleetProps extends AppProps {
  /**
   * Takes what `synth()` tells people: findings that do not stop it, and the Secrets that must exist.
   * @default - standard error; standard output is left to YAML
   */
  readonly print?: (text: string) => void;
  /**
   * Name of this program. It stands in `fleet.index`, and no program of another name writes into the directory.
   * @default - the name in the nearest `package.json` from the current folder up; where there is none, nobody is kept out
   */
  readonly program?: string;
  /**
   * Clusters that are gone: their folders in the output directory may vanish. That of any other cluster may not, so
   * that an empty list from a configuration file deletes nothing.
   * @default - none
   */
  readonly removedClusters?: readonly string[];
}

/** Options of one synth. */
export interface SynthOptions {
  /**
   * Writes nothing, and fails where the output directory is not what the program writes: for CI.
   * @default false
   */
  readonly dryRun?: boolean;
}

/** What a synth writes, before it is written; for tests. */
export interface Review {
  readonly manifests: readonly PlacedManifest[];
  /** Warnings, then infos. */
  readonly findings: readonly Finding[];
  readonly facts: FleetDocument;
}

/** Judges the objects of all clusters and what is known of them. Must not change the construct tree. */
export type FleetCheck = (input: VerifyInput) => Finding[];

/** Checks the kinds of the options of a fleet. @throws MESH1006 naming the one that is of another kind. */
export function checkFleetProps(props: FleetProps): void {
  checkOptions<FleetProps>(props, 'Fleet', {
    print: optional(callable),
    program: optional(text),
    removedClusters: optional(listOf(text)),
    outdir: optional(text),
    outputFileExtension: optional(text),
    recordConstructMetadata: optional(flag),
    yamlOutputType: anything,
    resolvers: optional(listOf(anything)),
  });
}

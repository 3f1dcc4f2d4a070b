import type { Finding } from '../facts/finding';
import type { FleetDocument } from '../facts/fleet';
import { describeManifest, type PlacedManifest } from '../facts/manifest';
import { deepFreeze } from '../synth/deep-freeze';
import { type Emission, placedManifests } from '../synth/emission';
import { type FleetVerdict, verifyFleet } from '../verify/fleet-verdict';
import type { VerifyInput } from '../verify/input';
import type { Settled } from '../verify/settled';
import type { FleetCheck } from './fleet-props';
import { findingsOf } from './own-findings';

/** What the fleet adds to what its charts say. */
export interface Sources {
  facts(): FleetDocument;
  included(): VerifyInput['included'];
}

/** One run of a synth: what it has collected, and what is derived from it once somebody asks. */
export class Synthesis {
  private collected?: readonly PlacedManifest[];
  private isFrozen = false;
  private stated?: FleetDocument;
  private judged?: FleetVerdict;

  constructor(
    public readonly emission: Emission,
    private readonly sources: Sources,
  ) {}

  /** The objects with their places, frozen: for code that is not ours. */
  public get manifests(): readonly PlacedManifest[] {
    if (!this.isFrozen) deepFreeze(this.placed);
    this.isFrozen = true;
    return this.placed;
  }

  private get placed(): readonly PlacedManifest[] {
    this.collected ??= placedManifests(this.emission);
    return this.collected;
  }

  public get facts(): FleetDocument {
    this.stated ??= this.sources.facts();
    return this.stated;
  }

  /** What became of the calls that the program states, once the fleet is judged. */
  public get proof(): FleetVerdict['proof'] {
    return this.judged?.proof;
  }

  /**
   * What is wrong with the objects, what rules find in the fleet, and the user's own checks.
   *
   * @param isEmpty whether there is nothing that rules could be about.
   */
  public findings(
    checks: readonly FleetCheck[],
    { isEmpty, settled }: { readonly isEmpty: boolean; readonly settled?: Settled },
  ): Finding[] {
    const input = this.input(() => this.placed);
    if (!isEmpty || input.included.length > 0) this.judged = verifyFleet(input, settled);
    const forOthers = this.input(() => this.manifests);
    return [
      ...this.emission.findings,
      ...(this.judged?.findings ?? []),
      ...checks.flatMap((check) => findingsOf(check, forOthers)),
    ];
  }

  /** Construct paths that write an object, by how findings call it. */
  public pathsOf(object: string): string[] {
    return this.placed
      .filter(({ cluster, manifest }) => object === describeManifest(manifest, cluster))
      .map(({ path }) => path);
  }

  /** The objects are placed when somebody asks for them. */
  private input(manifests: () => readonly PlacedManifest[]): VerifyInput {
    return {
      get manifests() {
        return manifests();
      },
      facts: this.facts,
      included: this.sources.included(),
    };
  }
}

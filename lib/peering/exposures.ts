import { byText } from '../facts/by-text';
import type { NextHop } from '../facts/destination';
import { MeshError } from '../facts/error';
import type { ExposureFacts } from '../facts/exposure';
import type { MeshService } from '../facts/service';
import type { CallConditions } from '../mesh/call-conditions';

/** What a peering knows of one exposure. */
export interface Noted<F extends ExposureFacts = ExposureFacts> {
  readonly facts: F;
  /** At a consumer of ours. */
  readonly nextHop?: NextHop;
  /** Whether others answer while they can. */
  readonly standsBy?: boolean;
  /** At a provider of ours. */
  readonly service?: MeshService;
  /** What its gateway asks of calls besides. */
  readonly conditions?: CallConditions;
  /** Principals of the provider's own mesh that go on calling the service. */
  readonly alsoFrom?: readonly string[];
}

/** What a peering knows of its exposures. */
export class Exposures<F extends ExposureFacts> {
  private readonly known = new Map<string, Noted<F>>();

  constructor(
    /** Construct path of the peering. */
    private readonly where: string,
  ) {}

  /** @throws MESH1218 for one that is known already. */
  public add(noted: Noted<F>): void {
    const { key } = noted.facts;
    if (this.known.has(key)) {
      throw new MeshError('MESH1218', this.where, `'${key}' is exposed twice; expose it once, with all access rules`);
    }
    this.known.set(key, noted);
  }

  /** Notes what the consumer's half makes of one. */
  public reach({ key }: F, reached: Required<Pick<Noted, 'nextHop' | 'standsBy'>>): void {
    this.known.set(key, { ...reached, ...(this.known.get(key) as Noted<F>) });
  }

  /** All of them, by key. */
  public get sorted(): Noted<F>[] {
    return [...this.known.values()].sort(byText(({ facts: { key } }) => key));
  }
}

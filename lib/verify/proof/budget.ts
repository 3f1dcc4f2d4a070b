import type { ExposureSummary, PeeringSummary } from '../../facts/fleet';
import type { Claim } from './claim';

/** Up to so many exposures the calls of all are traced: that takes some seconds of the processor. */
const ALL = 400;

/** Of an exposure in a fleet that has more, so many calls that must not be answered. */
const DENIED = 2;

/** Which exposures of a fleet are traced, and by how many calls. */
export class Budget {
  private readonly isTight: boolean;

  constructor(peerings: readonly PeeringSummary[]) {
    this.isTight = peerings.reduce((sum, { exposures }) => sum + exposures.length, 0) > ALL;
  }

  /** Of a fleet that has very many one of each peering, another one for the next: one program writes all of them. */
  public exposures({ exposures }: PeeringSummary, turn: number): readonly ExposureSummary[] {
    return this.isTight ? exposures.slice(turn % exposures.length).slice(0, 1) : exposures;
  }

  /** One call that must be answered, and some that must not. */
  public calls(claims: readonly Claim[], turn: number): readonly Claim[] {
    if (!this.isTight) return claims;
    const denied = claims.filter(({ isServed }) => !isServed);
    const chosen = denied.map((_, step) => denied[(turn * DENIED + step) % denied.length]).slice(0, DENIED);
    return [...claims.filter(({ isServed }) => isServed).slice(0, 1), ...chosen];
  }
}

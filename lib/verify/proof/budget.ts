import type { ExposureSummary, PeeringSummary } from '../../facts/fleet';
import type { Claim } from './claim';

/** Up to so many exposures the calls of all are traced: that takes some seconds of the processor. */
const ALL = 400;

/** Of an exposure in a fleet that has more, so many calls that must not be answered. */
const DENIED = 2;

/** Of such a fleet, so many peerings of one mesh: a call at its gateway is held against the policies of all of them. */
const MOST_OF_MESH = 200;

/** Which exposures of a fleet are traced, and by how many calls. */
export class Budget {
  private readonly isTight: boolean;
  private readonly taken = new Map<string, number>();

  constructor(peerings: readonly PeeringSummary[]) {
    this.isTight = peerings.reduce((sum, { exposures }) => sum + exposures.length, 0) > ALL;
  }

  /** Whether a peering is traced; asked once for each, in their order. */
  public takes({ consumer, provider }: PeeringSummary): boolean {
    const meshes = [consumer, provider];
    if (!this.isTight) return true;
    if (meshes.some((mesh) => (this.taken.get(mesh) ?? 0) >= MOST_OF_MESH)) return false;
    for (const mesh of meshes) this.taken.set(mesh, (this.taken.get(mesh) ?? 0) + 1);
    return true;
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

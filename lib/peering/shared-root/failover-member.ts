import type { NextHop } from '../../facts/destination';
import type { Mesh } from '../../mesh/mesh';
import type { SharedRootFacts } from './facts';

/** How a peering uses its place in a failover. */
export interface FailoverUse {
  readonly mesh: Mesh;
  readonly virtualIp?: string;
  /** Construct path of the peering. */
  readonly where: string;
}

/** A peering's place in a failover. */
export interface FailoverMember {
  /** @internal adds the endpoints of an exposure. */
  join(facts: SharedRootFacts, use: FailoverUse): NextHop;
}

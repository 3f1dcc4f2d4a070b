import type { ExposureSummary, PeeringSummary } from '../../facts/fleet';
import type { Call } from '../run/call';
import type { Caller } from './callers';

/** Something that a program states about one call. */
export interface Claim {
  readonly peering: PeeringSummary;
  readonly exposure: ExposureSummary;
  /** A workload of a consumer of ours, or somebody outside of meshes. */
  readonly caller: Caller | 'outside';
  readonly call: Omit<Call, 'from'>;
  /** Whether the exposed service answers it. */
  readonly isServed: boolean;
  /** Whether it is traced in both orders of objects whose age nobody states: one call of each way is enough. */
  readonly isThorough: boolean;
  /** Why, in the terms of the program. */
  readonly because: string;
}

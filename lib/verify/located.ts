import type { Finding } from '../facts/finding';
import type { Ref } from './world/resource';

/** A finding with the places in files that it is about. */
export interface LocatedFinding extends Finding {
  /** The field that is wrong first; empty where no file holds what it is about. */
  readonly refs: readonly Ref[];
}

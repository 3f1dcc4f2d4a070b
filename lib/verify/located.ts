import type { Finding } from '../facts/finding';
import type { Trace } from './trace';
import type { Ref } from './world/resource';

/** A finding with the places in files that it is about. */
export interface LocatedFinding extends Finding {
  /** The field that is wrong first; empty where no file holds what it is about. */
  readonly refs: readonly Ref[];
  /** The call that shows it, where one was made. */
  readonly trace?: Trace;
  /** Present where somebody says that it is meant. */
  readonly accepted?: AcceptedBy;
}

/** Who says that a finding is meant, and why. */
export interface AcceptedBy {
  /** An annotation of the object, a file beside the manifests, or the program that wrote them. */
  readonly by: 'annotation' | 'file' | 'program';
  readonly reason: string;
}

import { admit } from '../verify/admission/findings';
import type { Snapshot } from '../verify/world/snapshot';
import { World } from '../verify/world/world';

/** The clusters of a snapshot as they come to be: without the objects that they would refuse. */
export const worldOf = (snapshot: Snapshot): World => new World(snapshot.facts, admit(snapshot).resources);

import { admit } from '../verify/admission/findings';
import { fleetFacts } from '../verify/world/fleet-facts';
import { mergeFacts } from '../verify/world/read-facts';
import type { Snapshot } from '../verify/world/snapshot';
import { World } from '../verify/world/world';

/** The clusters of a snapshot as they come to be: without the objects that they would refuse. */
export function worldOf(snapshot: Snapshot): World {
  const { facts, fleet } = snapshot;
  return new World(fleet ? mergeFacts([fleetFacts(fleet), facts]) : facts, admit(snapshot).resources);
}

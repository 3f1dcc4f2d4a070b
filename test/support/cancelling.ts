import { type FleetShape, type PeeringShape, strategyOf } from './random-fleet';

/** A fleet without one exposure, and the peering that had it. */
export function withoutExposure({ meshes, peerings }: FleetShape, choice: number): Cancelled {
  const all = peerings.flatMap((peering) => peering.exposures.map((exposure) => ({ peering, exposure })));
  const { peering, exposure } = all[choice % all.length];
  const exposures = peering.exposures.filter((other) => other !== exposure);
  const rest = peerings.map((other) => (other === peering ? { ...peering, exposures } : other));
  return { peering, rest: { meshes, peerings: rest } };
}

/** A fleet without the exposures of one peering, which stays, and that peering. */
export function withoutExposures({ meshes, peerings }: FleetShape, choice: number): Cancelled {
  const peering = peerings[choice % peerings.length];
  const rest = peerings.map((other) => (other === peering ? { ...peering, exposures: [] } : other));
  return { peering, rest: { meshes, peerings: rest } };
}

/** A fleet without one peering, and that peering. */
export function withoutPeering({ meshes, peerings }: FleetShape, choice: number): Cancelled {
  const peering = peerings[choice % peerings.length];
  return { peering, rest: { meshes, peerings: peerings.filter((other) => other !== peering) } };
}

interface Cancelled {
  readonly peering: PeeringShape;
  readonly rest: FleetShape;
}

/** Takes out of an object's JSON what is composed from all peerings of a fleet. */
export function withoutComposed({ peerings }: FleetShape): (json: string) => string {
  return (json) =>
    peerings.reduce(
      (rest, { strategy, options }) => strategyOf(strategy).withoutComposed?.(rest, options) ?? rest,
      json,
    );
}

import type { MeshShape } from './place';
import { type FleetShape, type PeeringShape, strategyOf } from './random-fleet';

/** A fleet whose calls do what it states, as far as a fleet can: what no synth writes is not in it. */
export const soundFleet = (shape: FleetShape): FleetShape => withoutContradictions(withOwnAddresses(shape));

/** Two gateways never have one address: which of them has it, nobody could say. */
function withOwnAddresses({ meshes, peerings }: FleetShape): FleetShape {
  const taken = new Set<string>();
  const own = (mesh: MeshShape): MeshShape => {
    const { address } = mesh.ingress;
    const isTaken = taken.has(address === 'a port of nodes' ? 'IP addresses' : address);
    taken.add(address === 'a port of nodes' ? 'IP addresses' : address);
    return isTaken ? { ...mesh, ingress: { ...mesh.ingress, address: 'the host itself' } } : mesh;
  };
  return { meshes: { a: own(meshes.a), 'a-b': own(meshes['a-b']), b: own(meshes.b) }, peerings };
}

/**
 * Two things that a fleet may state and that cannot work: TLS of applications by another name than its server name, and
 * a workload whose policy lets in a private gateway alone, behind another gateway.
 */
function withoutContradictions({ meshes, peerings }: FleetShape): FleetShape {
  const isPrivate = ({ strategy }: PeeringShape) => strategy === 'PrivateGatewayPeering';
  const placesOf = ({ provider, exposures }: PeeringShape) => exposures.map(({ service }) => `${provider} ${service}`);
  const closed = new Set(peerings.filter(isPrivate).flatMap(placesOf));
  const fitting = peerings.map((peering) => {
    const isTls = strategyOf(peering.strategy).protocol(peering.options) === 'tls';
    const exposures = peering.exposures
      .filter(({ service }) => isPrivate(peering) || !closed.has(`${peering.provider} ${service}`))
      .map((exposed) => (isTls ? { ...exposed, routed: 'not' as const } : exposed));
    return { ...peering, exposures };
  });
  return { meshes, peerings: fitting.filter(({ exposures }) => exposures.length > 0) };
}

import * as fc from 'fast-check';
import { Fleet } from '../../../lib';
import { judgeFleet } from '../../../lib/verify/fleet-verdict';
import { programOf } from '../../support/fleet-program';
import type { MeshShape } from '../../support/place';
import { anyFleet, type FleetShape, type PeeringShape, strategyOf } from '../../support/random-fleet';
import { STRATEGIES } from '../../support/strategies';

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

/** What clusters would do with a fleet. */
function verdictOn(shape: FleetShape) {
  const fleet = new Fleet({ print: () => {} });
  programOf(withoutContradictions(withOwnAddresses(shape)))(fleet);
  return judgeFleet({ manifests: fleet.manifests(), facts: fleet.facts(), included: [] });
}

describe.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))('%s, in any fleet', (_, strategy) => {
  test('every stated call does what is stated, and every object is taken', () => {
    let calls = 0;
    fc.assert(
      fc.property(anyFleet(strategy), (shape) => {
        const { findings, proof } = verdictOn(shape);
        expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
        calls += proof?.calls ?? 0;
      }),
      { numRuns: 25 },
    );
    expect(calls).toBeGreaterThan(100);
  });
});

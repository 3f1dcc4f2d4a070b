import * as fc from 'fast-check';
import { Fleet } from '../../../lib';
import { judgeFleet } from '../../../lib/verify/fleet-verdict';
import { programOf } from '../../support/fleet-program';
import { anyFleet, type FleetShape } from '../../support/random-fleet';
import { soundFleet } from '../../support/sound-fleet';
import { STRATEGIES } from '../../support/strategies';

/** What clusters would do with a fleet. */
function verdictOn(shape: FleetShape) {
  const fleet = new Fleet({ print: () => {} });
  programOf(soundFleet(shape))(fleet);
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

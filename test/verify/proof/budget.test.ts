import type { PeeringSummary } from '../../../lib/facts/fleet';
import { Budget } from '../../../lib/verify/proof/budget';

const peerings = (count: number, exposures: number): PeeringSummary[] =>
  Array.from({ length: count }, (_, index) => ({
    ...({ consumer: 'shop', provider: `vendor-${index}` } as PeeringSummary),
    exposures: Array.from({ length: exposures }, () => ({}) as PeeringSummary['exposures'][number]),
  }));

test('of a fleet that has many exposures, so many peerings of a mesh are traced, in their order', () => {
  const many = peerings(500, 1);
  const budget = new Budget(many);
  expect(many.map((peering) => budget.takes(peering))).toEqual(many.map((_, index) => index < 200));
});

test('of other fleets all are', () => {
  const some = peerings(300, 1);
  const budget = new Budget(some);
  expect(some.every((peering) => budget.takes(peering))).toBe(true);
});

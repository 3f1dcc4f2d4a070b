import fc from 'fast-check';
import { type Sharer, Sharers } from '../../../lib/peering/ingress/sharers';

const anySharer = fc.record({
  access: fc.constantFrom('GET', 'POST'),
  conditions: fc.constantFrom('{}', '{"ipBlocks":["10.0.0.0/8"]}'),
  principal: fc.constantFrom('a', 'b', undefined),
});

/** What it means, pair by pair. */
function opponentAmong(sharers: readonly Sharer[], sharer: Sharer): Sharer | undefined {
  return sharers.find((one) => {
    const isUnlike = one.access !== sharer.access || one.conditions !== sharer.conditions;
    const isNamed = one.principal !== undefined && sharer.principal !== undefined;
    return isUnlike && !(isNamed && one.principal !== sharer.principal);
  });
}

describe('Sharers', () => {
  it('finds the opponent that comparing each with all others finds', () => {
    fc.assert(
      fc.property(fc.array(anySharer, { maxLength: 12 }), (stated) => {
        const sharers = new Sharers();
        const added: Sharer[] = [];
        for (const [index, one] of stated.entries()) {
          const sharer = { ...one, where: `peering-${index}` };
          const opponent = opponentAmong(added, sharer);
          expect(sharers.opponentOf(sharer)?.where).toBe(opponent?.where);
          if (opponent !== undefined) continue;
          sharers.add(sharer);
          added.push(sharer);
        }
        expect(sharers.size).toBe(added.length);
      }),
    );
  });
});

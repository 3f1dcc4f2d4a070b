import fc from 'fast-check';
import { decide, type PolicySubject } from '../../../lib/verify/run/policy';
import { unsaidIn } from '../../../lib/verify/run/unsaid';
import type { Condition, TextMatch } from '../../../lib/verify/view/condition';
import { type Policy, PolicyIndex } from '../../../lib/verify/view/policy-index';
import type { Rbac } from '../../../lib/verify/view/types';

const HOSTS = ['a.example.com', 'B.example.com', 'a.example.com:80', 'b.example.com'];
const PEERS = ['spiffe://x/ns/a/sa/a', 'spiffe://x/ns/b/sa/b', 'a.example.com'];

const anyMatch = (values: readonly string[]): fc.Arbitrary<TextMatch> =>
  fc.oneof(
    fc.record({ kind: fc.constant('exact' as const), value: fc.constantFrom(...values), ignoreCase: fc.boolean() }),
    fc.constantFrom<TextMatch>(
      { kind: 'prefix', value: 'a.example.com:', ignoreCase: true },
      { kind: 'prefix', value: 'spiffe://x/' },
      { kind: 'suffix', value: '.example.com' },
      { kind: 'present', value: '' },
    ),
  );

const { condition: anyCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.record({ variable: fc.constant('host' as const), match: anyMatch(HOSTS) }),
    fc.record({ variable: fc.constant('peer' as const), match: anyMatch(PEERS) }),
    fc.constantFrom<Condition>(
      { destinationPort: 80 },
      { address: 'source', block: '10.0.0.0/8' },
      { variable: 'header x-team', match: { kind: 'exact', value: 'a' } },
      { unknown: 'request.auth.principal x' },
    ),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));

const anySubject: fc.Arbitrary<PolicySubject> = fc.record({
  sourceIp: fc.constantFrom('10.1.1.1', '192.0.2.1'),
  ip: fc.constant('10.2.2.2'),
  port: fc.constantFrom(80, 443),
  peer: fc.option(
    fc.record({
      uris: fc.subarray(PEERS.slice(0, 2)),
      dns: fc.subarray(PEERS.slice(2)),
      subject: fc.constant(''),
    }),
    { nil: undefined },
  ),
  request: fc.option(
    fc
      .record({ kind: fc.constant('http' as const), host: fc.constantFrom(...HOSTS) })
      .map(
        (request) =>
          ({ layer: 'http 1', method: 'GET', path: '/', headers: {}, ...request }) as unknown as NonNullable<
            PolicySubject['request']
          >,
      ),
    { nil: undefined },
  ),
});

const filter = (action: Rbac['action'], conditions: readonly Condition[], isIndexed: boolean): Rbac => {
  const policies: Policy[] = conditions.map((condition, place) => {
    const name = `policy-${place}`;
    return { name, condition, ref: { object: name, field: 'spec' } as Policy['ref'] };
  });
  const ref = { object: 'filter', field: 'spec' } as Rbac['ref'];
  return { action, policies, ref, ...(isIndexed && { index: new PolicyIndex(policies) }) };
};

test('policies that are looked up decide as if each were asked', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Rbac['action']>('ALLOW', 'DENY'),
      fc.array(anyCondition, { maxLength: 12 }),
      anySubject,
      (action, conditions, subject) => {
        const [asked, lookedUp] = [false, true].map((isIndexed) => [filter(action, conditions, isIndexed)]);
        expect(decide(lookedUp, subject)).toEqual(decide(asked, subject));
        expect(unsaidIn(lookedUp, subject)).toEqual(unsaidIn(asked, subject));
      },
    ),
    { numRuns: 2000 },
  );
});

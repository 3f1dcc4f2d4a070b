import { suspectsOf } from '../../../lib/verify/explain/suspects';
import { Tracer } from '../../../lib/verify/trace';
import { resource } from '../../../lib/verify/world/resource';
import { World } from '../../../lib/verify/world/world';
import { golden } from '../../../tools/oracle/golden';

const GOLDEN = golden('03-sidecar-mutual-tls');
const RULE = 'DestinationRule prod-travel-agency/partner-insurances @c1';

/** What took no part in the call of the golden, where its DestinationRule is changed. */
function suspects(from: string, to: string): string[] {
  const resources = GOLDEN.resources.map((one) => {
    if (one.kind !== 'DestinationRule' || one.name !== 'partner-insurances') return one;
    const text = JSON.stringify(one.manifest);
    expect(text).toContain(from);
    return resource(one.cluster, JSON.parse(text.replace(from, to)), one.source);
  });
  const world = new World(GOLDEN.facts, resources);
  const url = 'http://insurances:8000/insurances/London';
  const { ways } = new Tracer(world).traceOnce({ from: 'c1/prod-travel-agency/travels', url });
  return suspectsOf(world, ways[0]).map(({ object, field, note }) => `${object} ${field} ${note}`);
}

test('a DestinationRule of nearly the host is named, with what it is for', () => {
  expect(suspects('"host":"insurances.', '"host":"insurance.')).toEqual([
    `${RULE} spec.host is for insurance.partner.example`,
  ]);
});

test('one of the host itself is named with the field for which it takes no part', () => {
  expect(suspects('"app":"travels"', '"app":"other"')).toEqual([`${RULE} spec.workloadSelector selects other pods`]);
  expect(suspects('"namespace":"prod-travel-agency"', '"namespace":"elsewhere"')).toEqual([
    'DestinationRule elsewhere/partner-insurances @c1 spec.exportTo is not exported to prod-travel-agency',
  ]);
});

test('nobody is suspected where the call is answered, or where TLS is not what fails', () => {
  expect(suspects('"app":"travels"', '"app":"travels"')).toEqual([]);
  expect(suspects('"partner-client"', '"elsewhere"')).toEqual([]);
});

import * as fc from 'fast-check';
import { synth } from '../support/model';
import { consumersHalf, providersHalf, type Shape, shape, together } from './exposures';

/** Files that clusters read, and the contract of the peering; a mesh contract is for another repository alone. */
function shared(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !path.startsWith('fleet.') && !path.endsWith('.mesh.json')),
  );
}

/** What two repositories write, the contract being all that passes between them. */
function apart(shape: Shape): Record<string, string> {
  const provided = shared(synth(providersHalf(shape)));
  return { ...provided, ...shared(synth(consumersHalf(shape, provided['contracts/premium.json']))) };
}

describe('two repositories write what one would: the same files, the same bytes', () => {
  const common: Shape = {
    mode: 'mutual',
    address: 'hostname',
    client: 'spiffe',
    server: 'dns',
    credential: 'secret',
    denyByDefault: true,
    exposures: [
      { service: 'insurances', subset: false, access: [{ methods: ['GET'], paths: ['/insurances/*'] }] },
      { service: 'insurances', subset: true, access: [] },
      { service: 'quotes', subset: false, dialled: 8080, access: [{}, { methods: ['POST'] }] },
    ],
  };

  test.each(['plain', 'simple', 'mutual', 'application'] as const)('%s', (mode) => {
    const one = shared(synth(together({ ...common, mode })));
    expect(apart({ ...common, mode })).toEqual(one);
    expect(Object.keys(one).sort()).toEqual([
      'contracts/premium.json',
      'east/agency.premium.consumer.k8s.yaml',
      'west/partner.broker.insurances.k8s.yaml',
      'west/partner.premium.provider.k8s.yaml',
      'west/partner.public.k8s.yaml',
    ]);
  });

  test('whatever is exposed, and however', () => {
    fc.assert(
      fc.property(shape, (any) => {
        expect(apart(any)).toEqual(shared(synth(together(any))));
      }),
      { numRuns: 40 },
    );
  });
});

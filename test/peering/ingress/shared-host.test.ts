import { programOf } from '../../support/fleet-program';
import { manifestsOf } from '../../support/model';
import { USUAL } from '../../support/place';
import { direct } from '../../support/strategies/direct';

// GIVEN consumers of one service, at one host of the provider's gateway

const [GATEWAY, HOST] = ['public-all-b-a-mds-b-example', 'all.b.a.mds.b.example'];

/** What the provider's cluster has of peerings `to-<consumer>`. */
function provided(consumers: readonly ('a' | 'a-b')[], client: 'spiffe' | 'dns') {
  const peerings = consumers.map((consumer) => ({
    id: `to-${consumer}`,
    strategy: direct.name,
    consumer,
    provider: 'b' as const,
    options: { ...direct.samples.mutual, client },
    exposures: [{ service: ['a', 'b'] as const, serverPort: 443, access: [{}], routed: 'not' as const }],
  }));
  return manifestsOf(programOf({ meshes: { a: USUAL, 'a-b': USUAL, b: USUAL }, peerings })).cluster('cluster-b');
}

test('two meshes that call one service share its route, and each has an ALLOW of its own', () => {
  const objects = provided(['a', 'a-b'], 'spiffe').all.filter(({ kind }) =>
    ['Gateway', 'VirtualService', 'AuthorizationPolicy', 'DestinationRule'].includes(kind),
  );
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).sort()).toEqual([
    'AuthorizationPolicy gateways/out.deny-all',
    'AuthorizationPolicy gateways/public.deny-all',
    'AuthorizationPolicy gateways/to-a-b.a.b.8000',
    'AuthorizationPolicy gateways/to-a.a.b.8000',
    `Gateway gateways/${GATEWAY}`,
    `VirtualService gateways/public.${HOST}`,
  ]);
});

test('the one composed value: names of clients that no policy can name are listed by the server, so it changes with them', () => {
  const has = (consumers: readonly ('a' | 'a-b')[], subjectAltNames: string[]) =>
    provided(consumers, 'dns').has('Gateway', `gateways/${GATEWAY}`, {
      spec: { servers: [{ tls: { subjectAltNames } }] },
    });
  has(['a', 'a-b'], ['web.a-b.example', 'web.a.example']);
  has(['a-b', 'a'], ['web.a-b.example', 'web.a.example']);
  has(['a'], ['web.a.example']);
});

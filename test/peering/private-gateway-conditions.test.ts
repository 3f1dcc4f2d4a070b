import {
  Access,
  Fleet,
  type GatewayProps,
  JwtRule,
  Mesh,
  PeeringTls,
  PrivateGatewayPeering,
  type PrivateStated,
} from '../../lib';
import { messageOf, objectsOf, synth } from '../support/model';
import { called, calling, clientOf, get, peered, server, servicesOf } from './private-gateways';

const jwks = JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', x: 'AQAB', y: 'AQAB' }] });
const token = (...audiences: string[]) => JwtRule.inline({ issuer: 'https://login.example', audiences, jwks });
const bytes = [Access.tcp()];

type Stated = Partial<PrivateStated>;

/** The requests of one service, and the bytes of another, with what is asked of their calls. */
const exposed = (asked: Stated, gateway: Partial<GatewayProps> = {}, ofBytes: Stated = {}) =>
  objectsOf((fleet) => {
    const { peering, services } = peered(fleet, gateway);
    peering.expose(services.web, { allow: get, ...asked });
    peering.expose(services.db, { allow: bytes, gatewayPort: 31400, ...(ofBytes as object) });
  });

type Objects = ReturnType<typeof exposed>;

const named = (objects: Objects, kind: string, name: string) =>
  objects.find(kind).find(({ metadata }) => metadata.name === name)?.spec as Record<string, never>;

const serversOf = (objects: Objects) =>
  objects
    .find('Gateway')
    .flatMap(({ spec }) => (spec as { servers: { port: { number: number }; tls: object }[] }).servers);

/** What an exposure says that asks something. */
const refusal = (expose: (sides: ReturnType<typeof peered>) => unknown, gateway: Partial<GatewayProps> = {}) =>
  messageOf(() => expose(peered(new Fleet(), gateway)));

describe('what a private gateway asks of calls is part of the policy of its peer', () => {
  test('addresses, for requests and for bytes', () => {
    const objects = exposed({ ipBlocks: ['10.0.0.0/24'] }, {}, { remoteIpBlocks: ['2001:db8::/32', '10.0.0.7'] });
    expect(named(objects, 'AuthorizationPolicy', 'p.app.web.8000').rules).toEqual([
      {
        from: [{ source: { principals: ['c1.example/egw'], ipBlocks: ['10.0.0.0/24'] } }],
        to: [{ operation: { ports: ['15443'], methods: ['GET'], paths: ['/app/web/8000/_/*'] } }],
      },
    ]);
    expect(named(objects, 'AuthorizationPolicy', 'p.app.db.9000').rules).toEqual([
      {
        from: [{ source: { principals: ['c1.example/egw'], remoteIpBlocks: ['10.0.0.7', '2001:db8::/32'] } }],
        to: [{ operation: { ports: ['31400'] } }],
        when: [{ key: 'connection.sni', values: ['c2.example.com'] }],
      },
    ]);
  });

  test('tokens, which one RequestAuthentication of the gateway verifies for all of its peers', () => {
    const objects = objectsOf((fleet) => {
      const { peering, services, provider, ingress } = peered(fleet);
      peering.expose(services.web, { allow: get, jwtRules: [token('web')] });
      const tls = PeeringTls.mutual({ client: clientOf('c3'), server });
      const sides = { ...calling(fleet, 'c3'), provider, ingress, tls, host: 'c2.example.com' };
      const other = new PrivateGatewayPeering(fleet, 'q', sides);
      other.expose(services.web, { allow: get, subset: 'v1', jwtRules: [token('v1')] });
    });
    expect(objects.one('RequestAuthentication')).toMatchObject({
      metadata: { namespace: 'gws' },
      spec: {
        selector: { matchLabels: { istio: 'igw' } },
        jwtRules: [{ issuer: 'https://login.example', audiences: ['v1', 'web'], jwks, forwardOriginalToken: false }],
      },
    });
    expect(named(objects, 'AuthorizationPolicy', 'p.app.web.8000').rules).toEqual([
      {
        from: [{ source: { principals: ['c1.example/egw'], requestPrincipals: ['https://login.example/*'] } }],
        to: [{ operation: { ports: ['15443'], methods: ['GET'], paths: ['/app/web/8000/_/*'] } }],
        when: [
          { key: 'request.auth.claims[iss]', values: ['https://login.example'] },
          { key: 'request.auth.audiences', values: ['web'] },
        ],
      },
    ]);
  });

  test('addresses, where policies are one EnvoyFilter', () => {
    const both = { ipBlocks: ['10.0.0.7'], remoteIpBlocks: ['203.0.113.0/24', '2001:db8::1'] };
    const objects = exposed(both, { policies: 'EnvoyFilter' }, { ipBlocks: ['10.0.0.0/24', '10.0.1.0/24'] });
    const { configPatches } = objects.one('EnvoyFilter').spec as {
      configPatches: { patch: { value: { typed_config: { rules: { policies: object } } } } }[];
    };
    const authenticated = { authenticated: { principal_name: { exact: 'spiffe://c1.example/egw' } } };
    const block = (address_prefix: string, prefix_len: number) => ({ address_prefix, prefix_len });
    expect(configPatches.map(({ patch }) => patch.value.typed_config.rules.policies)).toMatchObject([
      {
        'p.app.web.8000': {
          principals: [
            {
              and_ids: {
                ids: [
                  authenticated,
                  { direct_remote_ip: block('10.0.0.7', 32) },
                  {
                    or_ids: {
                      ids: [{ remote_ip: block('2001:db8::1', 128) }, { remote_ip: block('203.0.113.0', 24) }],
                    },
                  },
                ],
              },
            },
          ],
        },
      },
      {
        'p.app.db.9000': {
          principals: [
            {
              and_ids: {
                ids: [
                  authenticated,
                  {
                    or_ids: {
                      ids: [{ direct_remote_ip: block('10.0.0.0', 24) }, { direct_remote_ip: block('10.0.1.0', 24) }],
                    },
                  },
                ],
              },
            },
          ],
        },
      },
    ]);
  });

  test('of which the contract says nothing', () => {
    const contractOf = (asked: Stated) =>
      synth((fleet) => {
        const { peering, services } = peered(fleet);
        peering.expose(services.web, { allow: get, ...asked });
      })['contracts/p.json'];
    expect(contractOf({})).toContain('app/web:8000');
    expect(contractOf({ ipBlocks: ['10.0.0.7'], serverTls: { minProtocolVersion: 'TLSV1_3' } })).toEqual(
      contractOf({}),
    );
  });
});

describe('TLS of a private gateway', () => {
  const TLS13 = { minProtocolVersion: 'TLSV1_3' } as const;
  const TLS12 = { maxProtocolVersion: 'TLSV1_2' } as const;

  test('is what the gateway states, and what an exposure states for its port', () => {
    const servers = serversOf(exposed({}, { serverTls: TLS13 }, { serverTls: TLS12 }));
    const tls = (number: number) => servers.find(({ port }) => port.number === number)?.tls;
    expect(tls(15443)).toEqual({ mode: 'MUTUAL', credentialName: 'server', ...TLS13 });
    expect(tls(31400)).toEqual({ mode: 'MUTUAL', credentialName: 'server', ...TLS12 });
  });

  test('is one for all requests of a port', () => {
    const message = refusal(({ peering, services }) => {
      peering.expose(services.web, { allow: get, serverTls: TLS13 });
      peering.expose(services.web, { allow: get, subset: 'v1' });
    });
    expect(message).toBe(
      `MESH1160 p: serverTls of host 'c2.example.com' at port 15443 of gateway c2-cluster/c2/igw is {"minProtocolVersion":"TLSV1_3"} for other exposures, here nothing; clients see one server: state the same, or expose it at another port with gatewayPort`,
    );
  });

  test('may differ between names of applications', () => {
    const objects = objectsOf((fleet) => {
      const { peering, services } = peered(fleet);
      peering.expose(services.own, { allow: bytes, host: 'a.example', serverTls: TLS13 });
      peering.expose(services.own, { allow: bytes, subset: 'v1', host: 'b.example' });
    });
    expect(serversOf(objects).filter(({ port }) => port.number === 15444)).toMatchObject([
      { hosts: ['a.example'], tls: { ...TLS13 } },
      { hosts: ['b.example'], tls: { mode: 'MUTUAL', credentialName: 'server' } },
    ]);
  });
});

describe('it is refused', () => {
  test.each<[string, (sides: ReturnType<typeof peered>) => unknown, Partial<GatewayProps>, string]>([
    [
      'tokens, by an EnvoyFilter',
      ({ peering, services }) => peering.expose(services.web, { allow: get, jwtRules: [token('web')] }),
      { policies: 'EnvoyFilter' },
      "MESH1157 p: 'jwtRules' asks for tokens, but the policies of gateway c2-cluster/c2/igw are an EnvoyFilter, and where Envoy puts what it read of a token differs by version; leave policies: 'EnvoyFilter' out",
    ],
    [
      'tokens of bytes',
      ({ peering, services }) =>
        peering.expose(services.db, { allow: bytes, gatewayPort: 31400, jwtRules: [token('db')] } as never),
      {},
      'MESH1155 p: jwtRules asks for tokens of https://login.example, but a tcp port carries bytes, so the gateway sees no requests that would carry one; leave it out',
    ],
    [
      'tokens inside of the TLS of an application',
      ({ peering, services }) => peering.expose(services.own, { allow: bytes, jwtRules: [token('own')] } as never),
      {},
      "MESH1155 p: jwtRules asks for tokens of https://login.example, but a tls port carries an application's own TLS, so the gateway sees no requests that would carry one; leave it out",
    ],
    [
      'no addresses',
      ({ peering, services }) => peering.expose(services.web, { allow: get, ipBlocks: [] }),
      {},
      "MESH1151 p: 'ipBlocks' is empty, so nobody could call; name blocks such as '203.0.113.0/24', or leave it out for all addresses",
    ],
    [
      'a redirect, which nobody would be led by',
      ({ peering, services }) => peering.expose(services.web, { allow: get, httpsRedirect: true } as never),
      {},
      "MESH1006 p: 'httpsRedirect' is no option of an exposure of PrivateGatewayPeering, which would do nothing with it; leave it out, or use DirectPeering or EgressGatewayPeering",
    ],
    [
      'TLS of no version',
      ({ peering, services }) =>
        peering.expose(services.web, {
          allow: get,
          serverTls: { minProtocolVersion: 'TLSV1_3', maxProtocolVersion: 'TLSV1_2' },
        }),
      {},
      'MESH1159 p: serverTls has minProtocolVersion TLSV1_3 above maxProtocolVersion TLSV1_2; no client could connect',
    ],
  ])('%s', (_, expose, gateway, message) => {
    expect(refusal(expose, gateway)).toBe(message);
  });

  test('where the same issuer has other keys for another peering', () => {
    const message = refusal(({ peering, services }) => {
      peering.expose(services.web, { allow: get, jwtRules: [token('a')] });
      const jwksUri = 'https://login.example/keys';
      const remote = JwtRule.remote({ issuer: 'https://login.example', audiences: 'any', jwksUri });
      peering.expose(services.web, { allow: get, subset: 'v1', jwtRules: [remote] });
    });
    expect(message).toMatch(/^MESH1156 p: issuer 'https:\/\/login.example' has other keys/);
  });
});

test('a consumer that is somebody else’s is asked the same', () => {
  const objects = objectsOf((fleet) => {
    const { provider, ingress } = called(fleet);
    const consumer = Mesh.external(fleet, 'c9', { trustDomain: 'c9.example' });
    const tls = PeeringTls.mutual({ client: clientOf('c9'), server });
    const peering = new PrivateGatewayPeering(fleet, 'p', { consumer, provider, ingress, tls, host: 'c2.example.com' });
    peering.expose(servicesOf(provider).web, { allow: get, ipBlocks: ['192.0.2.0/24'] });
  });
  expect(named(objects, 'AuthorizationPolicy', 'p.app.web.8000').rules).toMatchObject([
    { from: [{ source: { principals: ['c9.example/egw'], ipBlocks: ['192.0.2.0/24'] } }] },
  ]);
});

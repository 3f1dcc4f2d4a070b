import {
  Access,
  Credential,
  DirectPeering,
  type ExposeOptions,
  External,
  Fleet,
  type GatewayProps,
  Identity,
  JwtRule,
  Ossm,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
} from '../../../lib';
import { agencyAndPartner, byIdentity, messageOf, objectsOf, synth } from '../../support/model';

const CA = TrustBundle.declared('partner-ca');
const server = Credential.secret('public', { identity: Identity.dns('a.partner.example'), signer: CA });
const KEY = { kty: 'EC', crv: 'P-256', x: 'AQAB', y: 'AQAB' };
const jwks = JSON.stringify({ keys: [KEY] });
const token = (
  audiences: string[] | 'any',
  more: { issuer?: string; jwks?: string; forwardOriginalToken?: boolean } = {},
) => JwtRule.inline({ issuer: 'https://login.example', audiences, jwks, ...more });

interface Exposed {
  readonly host?: string;
  readonly port?: Port;
  readonly options?: Partial<ExposeOptions>;
  readonly jwtRules?: JwtRule[];
}

/** Exposures of one gateway, each through a peering of its own. */
function exposed(exposures: Record<string, Exposed>, gateway: Partial<GatewayProps> = {}, tls?: PeeringTls) {
  return (fleet: Fleet) => {
    const platform = gateway.route ? { platform: Ossm.v3_1() } : {};
    const { partner, ingress } = agencyAndPartner(fleet, gateway, platform);
    for (const [
      name,
      { port = Port.http(8000), host = `${name}.partner.example`, options, jwtRules },
    ] of Object.entries(exposures)) {
      const service = partner.service(name, { namespace: 'broker', ports: [port] });
      const consumer = External.client(`${name}-client`);
      const peering = new DirectPeering(fleet, name, {
        consumer,
        provider: partner,
        ingress,
        tls: tls ?? PeeringTls.simple({ server }),
      });
      const allow = [port.protocol === 'tcp' || port.protocol === 'tls' ? Access.tcp() : Access.http()];
      peering.expose(service as never, { host, allow, ...(jwtRules && { jwtRules }), ...options });
    }
  };
}

const failure = (program: (fleet: Fleet) => void) => messageOf(() => program(new Fleet()));
const specsOf = (program: (fleet: Fleet) => void, kind: string) =>
  objectsOf(program)
    .all.filter((one) => one.kind === kind)
    .map(({ spec }) => spec as Record<string, unknown>);

test('a gateway has one RequestAuthentication for each issuer, for all audiences of its exposures', () => {
  const program = exposed({
    orders: { jwtRules: [token(['orders'])] },
    invoices: { jwtRules: [token(['invoices', 'orders'])] },
    rates: { jwtRules: [token('any', { issuer: 'https://bank.example' }), token(['rates'])] },
    status: {},
  });
  const selector = { matchLabels: { istio: 'public' } };
  const rule = { forwardOriginalToken: false, jwks };
  expect(specsOf(program, 'RequestAuthentication')).toEqual([
    { selector, jwtRules: [{ issuer: 'https://bank.example', ...rule }] },
    { selector, jwtRules: [{ issuer: 'https://login.example', audiences: ['invoices', 'orders', 'rates'], ...rule }] },
  ]);
});

test('each exposure asks for its own tokens, in the rule that allows its host', () => {
  const program = exposed({
    rates: { jwtRules: [token(['rates']), token('any', { issuer: 'https://bank.example' })] },
    status: {},
  });
  const to = (host: string) => [{ operation: { hosts: [host, `${host}:*`], ports: ['8443'] } }];
  const policies = specsOf(program, 'AuthorizationPolicy').filter(({ rules }) => rules !== undefined);
  expect(policies.map(({ rules }) => rules)).toEqual([
    [
      {
        from: [{ source: { requestPrincipals: ['https://bank.example/*'] } }],
        to: to('rates.partner.example'),
        when: [{ key: 'request.auth.claims[iss]', values: ['https://bank.example'] }],
      },
      {
        from: [{ source: { requestPrincipals: ['https://login.example/*'] } }],
        to: to('rates.partner.example'),
        when: [
          { key: 'request.auth.claims[iss]', values: ['https://login.example'] },
          { key: 'request.auth.audiences', values: ['rates'] },
        ],
      },
    ],
    [{ to: to('status.partner.example') }],
  ]);
});

test('one issuer whose tokens are for anybody at one exposure is verified so for all, and asked for by each', () => {
  const program = exposed({ a: { jwtRules: [token(['a'])] }, b: { jwtRules: [token('any')] } });
  expect(specsOf(program, 'RequestAuthentication')).toMatchObject([
    { jwtRules: [{ issuer: 'https://login.example' }] },
  ]);
  expect(specsOf(program, 'RequestAuthentication')[0].jwtRules).not.toMatchObject([{ audiences: expect.anything() }]);
});

test('the last exposure that goes takes the RequestAuthentication along, and leaves all others as they are', () => {
  const one = byIdentity(exposed({ status: {} }));
  const two = byIdentity(exposed({ status: {}, orders: { jwtRules: [token(['orders'])] } }));
  const [name] = [...two.keys()].filter((id) => id.startsWith('RequestAuthentication'));
  expect(name).toBe('RequestAuthentication gateways/public.jwt.login-example-ced4229bf4 @partner-cluster');
  for (const [id, object] of one) expect(two.get(id)).toBe(object);
});

test('issuers that look alike have names of their own', () => {
  const program = exposed({
    a: {
      jwtRules: [
        token('any', { issuer: 'https://login.example/a' }),
        token('any', { issuer: 'https://login.example/A' }),
      ],
    },
    b: { jwtRules: [token('any', { issuer: `https://${'a'.repeat(300)}.example` })] },
  });
  const names = objectsOf(program)
    .all.filter(({ kind }) => kind === 'RequestAuthentication')
    .map(({ metadata }) => metadata.name);
  expect(new Set(names).size).toBe(3);
});

test('what the provider asks is in fleet.json, and not in the contract', () => {
  const files = synth(exposed({ orders: { jwtRules: [token(['orders'])] } }));
  expect(JSON.parse(files['fleet.json']).peerings[0].exposures[0].conditions).toEqual({
    tokens: [{ issuer: 'https://login.example', audiences: ['orders'] }],
  });
  expect(files['contracts/orders.json']).toBe(synth(exposed({ orders: {} }))['contracts/orders.json']);
});

test('behind a Route that ends TLS the gateway sees requests, too', () => {
  const program = exposed({ orders: { jwtRules: [token(['orders'])] } }, { route: RouteFront.edge() });
  expect(specsOf(program, 'RequestAuthentication')).toHaveLength(1);
});

const other = JSON.stringify({ keys: [{ ...KEY, x: 'AQAC' }] });

test.each<[string, (fleet: Fleet) => void, string]>([
  [
    'no token',
    exposed({ orders: { jwtRules: [] } }),
    "MESH1153 orders: 'jwtRules' is empty, so no token would do; state one, or leave it out where none is asked for",
  ],
  [
    'an issuer twice',
    exposed({ orders: { jwtRules: [token(['a']), token(['b'])] } }),
    "MESH1153 orders: 'jwtRules' has issuer 'https://login.example' twice; state it once, with all audiences",
  ],
  [
    'bytes',
    exposed({ orders: { port: Port.tcp(9000), jwtRules: [token(['a'])] } }),
    'MESH1155 orders: jwtRules asks for tokens of https://login.example, but a tcp port carries bytes, so the gateway sees no requests that would carry one; leave it out',
  ],
  [
    'TLS of an application',
    exposed(
      { orders: { port: Port.tls(443), jwtRules: [token(['a'])] } },
      {},
      PeeringTls.application({ server: Identity.dns('orders.partner.example') }),
    ),
    "MESH1155 orders: jwtRules asks for tokens of https://login.example, but a tls port carries an application's own TLS, so the gateway sees no requests that would carry one; leave it out",
  ],
  [
    'other keys of an issuer',
    exposed({ orders: { jwtRules: [token(['a'])] }, invoices: { jwtRules: [token(['a'], { jwks: other })] } }),
    "MESH1156 invoices: issuer 'https://login.example' has other keys, headers, parameters or forwarding for peering 'orders' at gateway partner-cluster/partner/public, which believes a token that any rule accepts; state one JwtRule for both, of which audiences alone may differ",
  ],
  [
    'a token of one issuer that is forwarded by one of two',
    exposed({
      orders: { jwtRules: [token(['a'])] },
      invoices: { jwtRules: [token(['a'], { forwardOriginalToken: true })] },
    }),
    "MESH1156 invoices: issuer 'https://login.example' has other keys, headers, parameters or forwarding for peering 'orders' at gateway partner-cluster/partner/public, which believes a token that any rule accepts; state one JwtRule for both, of which audiences alone may differ",
  ],
  [
    'an open gateway',
    exposed({ orders: { jwtRules: [token(['a'])] } }, { denyByDefault: false }),
    "MESH1157 orders: 'jwtRules' is a condition of a policy that allows calls, but gateway partner-cluster/partner/public lets everybody through that its routes know; set denyByDefault: true on the gateway",
  ],
  [
    'two consumers of a host, of which one needs no token',
    exposed({
      orders: { jwtRules: [token(['a'])], host: 'a.partner.example' },
      invoices: { host: 'a.partner.example' },
    }),
    "MESH1204 invoices: host 'a.partner.example' of gateway partner-cluster/partner/public already leads to orders.broker.svc.cluster.local:8000 with simple TLS and Secret public, not to invoices.broker.svc.cluster.local:8000 with simple TLS and Secret public; give this exposure a host of its own",
  ],
])('%s: refused', (_, program, message) => {
  expect(failure(program)).toBe(message);
});

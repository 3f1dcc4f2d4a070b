import {
  Access,
  Callers,
  ControlPlane,
  EgressGatewayPeering,
  type EgressTls,
  External,
  Fleet,
  Gateway,
  type GatewayProps,
  Identity,
  Mesh,
  PeeringTls,
  Port,
  type Protocol,
} from '../../../lib';
import type { EgressCallers } from '../../../lib/peering/egress/egress-callers';
import { mesh, messageOf, objectsOf, synthErrors } from '../../support/model';
import { bank, HOST } from '../bank';

interface Case {
  readonly allow: Access[];
  readonly port?: Port<Protocol>;
  readonly tls?: EgressTls;
  readonly callers?: EgressCallers;
  readonly gateway?: Partial<GatewayProps>;
  readonly onlyWayOut?: string[];
  readonly normalized?: boolean;
}

const principal = (account: string) => `agency.example/ns/${account.replace('/', '/sa/')}`;

/** A server of somebody else behind the egress gateway. */
const through =
  ({ allow, port, tls = PeeringTls.plain(), callers, gateway, onlyWayOut, normalized = true }: Case) =>
  (fleet: Fleet) => {
    const controlPlane = ControlPlane.existing('istio-system', {
      dnsCapture: true,
      ...(normalized && { pathNormalization: 'DECODE_AND_MERGE_SLASHES' as const }),
    });
    const consumer = mesh(fleet, 'agency', { controlPlane }, 'east');
    for (const namespace of ['travel', 'batch']) consumer.namespace(namespace);
    const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress', ...gateway });
    const provider = port ? External.server({ host: HOST, ports: [port] }) : bank;
    const peering = new EgressGatewayPeering<EgressTls>(fleet, 'bank', {
      ...{ consumer, provider, egress, tls, callers, onlyWayOut },
    });
    return peering.expose(provider as never, { host: HOST, allow });
  };
const rulesOf = (stated: Case) =>
  (objectsOf(through(stated)).one('AuthorizationPolicy', 'egress/bank-443').spec as { rules: unknown }).rules;
const refused = (stated: Case) => messageOf(() => through(stated)(new Fleet()));

describe('the egress gateway decides what may be called of a server that is not ours', () => {
  const operation = { hosts: [HOST, `${HOST}:*`], ports: ['8443'] };

  test('by method and path, for its callers', () => {
    const allow = [Access.http({ methods: ['GET'], paths: ['/rates/*'] }), Access.http({ methods: ['POST'] })];
    const from = [{ source: { principals: ['agency.example/ns/travel/*'] } }];
    expect(rulesOf({ allow, callers: Callers.namespaces('travel') })).toEqual([
      { from, to: [{ operation: { ...operation, methods: ['GET'], paths: ['/rates/*'] } }] },
      { from, to: [{ operation: { ...operation, methods: ['POST'] } }] },
    ]);
  });

  test('by who calls: some may do more than others', () => {
    const allow = [
      Access.http({ from: [principal('travel/web')] }),
      Access.http({ from: ['agency.example/ns/batch/*'], methods: ['GET'] }),
    ];
    expect(rulesOf({ allow, callers: Callers.namespaces('travel', 'batch') })).toEqual([
      { from: [{ source: { principals: ['agency.example/ns/travel/sa/web'] } }], to: [{ operation }] },
      {
        from: [{ source: { principals: ['agency.example/ns/batch/*'] } }],
        to: [{ operation: { ...operation, methods: ['GET'] } }],
      },
    ]);
  });

  test('by who calls, where it sees bytes in TLS that it ends', () => {
    const allow = [Access.tcp({ from: [principal('travel/web')] })];
    const objects = objectsOf(through({ allow, port: Port.tcp(5432) }));
    expect(objects.one('AuthorizationPolicy', 'egress/bank-5432').spec).toMatchObject({
      rules: [
        {
          from: [{ source: { principals: ['agency.example/ns/travel/sa/web'] } }],
          when: [{ key: 'connection.sni', values: [HOST] }],
        },
      ],
    });
  });

  test.each([
    ['requests', { allow: [] }],
    ['bytes', { allow: [], port: Port.tcp(5432) }],
    ['the TLS of applications', { allow: [], port: Port.tls(443), tls: PeeringTls.plain() }],
  ])('nobody: %s are led to the gateway, which lets none through', (_, stated) => {
    const objects = objectsOf(through(stated));
    expect(objects.all.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toContain(
      'AuthorizationPolicy out.deny-all',
    );
    expect(objects.all.filter(({ metadata }) => metadata.name.startsWith('bank')).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['Gateway', 'VirtualService', 'ServiceEntry']),
    );
    expect(
      objects.all.filter(({ kind, metadata }) => kind === 'AuthorizationPolicy' && metadata.name.startsWith('bank')),
    ).toEqual([]);
  });

  test("of a partner's mesh, too", () => {
    const objects = objectsOf((fleet) => {
      const consumer = mesh(fleet, 'agency', {}, 'east');
      const provider = Mesh.external(fleet, 'partner', { trustDomain: 'partner.example' });
      new EgressGatewayPeering(fleet, 'premium', {
        consumer,
        provider,
        egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }),
        tls: PeeringTls.plain(),
      }).expose(provider.service('broker', { namespace: 'broker', ports: [Port.http(8000)] }), {
        host: 'broker.partner.example',
        allow: [Access.http({ methods: ['GET'] })],
      });
    });
    expect(objects.one('AuthorizationPolicy', 'egress/premium-broker-broker-8000').spec).toMatchObject({
      rules: [{ to: [{ operation: { methods: ['GET'] } }] }],
    });
  });
});

describe('what the gateway cannot see is refused', () => {
  const open = { denyByDefault: false };
  const identity = [principal('travel/web')];

  test.each<[string, Case, string]>([
    [
      'limits at a gateway that lets everybody through',
      { allow: [Access.http({ methods: ['GET'] })], gateway: open },
      'MESH1206 bank: an access rule limits methods or paths, but gateway east/agency/out lets everybody through; set denyByDefault: true on the gateway, or leave the limit out; the rule would be widened',
    ],
    [
      'callers there',
      { allow: [Access.http({ from: identity })], gateway: open },
      'MESH1206 bank: an access rule names callers (agency.example/ns/travel/sa/web), but gateway east/agency/out lets everybody through; set denyByDefault: true on the gateway, or leave the limit out; the rule would be widened',
    ],
    [
      'nobody there',
      { allow: [], gateway: open },
      "MESH1206 bank: 'allow' is empty, but nothing of ours stands before api.bank.example to deny the calls; leave the exposure out; the rule would be widened",
    ],
    [
      "callers of the application's own TLS",
      { allow: [Access.tcp({ from: identity })], port: Port.tls(443) },
      "MESH1206 bank: an access rule names callers (agency.example/ns/travel/sa/web), but the application's own TLS shows the egress gateway no identity; leave 'from' out; the rule would be widened",
    ],
    [
      'methods of bytes',
      { allow: [Access.http({ methods: ['GET'] })], port: Port.tcp(5432) },
      'MESH1206 bank: an Access.http rule does not fit what the provider sees through PeeringTls.plain; expected Access.tcp; the rule would be widened',
    ],
    [
      'somebody of another mesh',
      { allow: [Access.http({ from: ['other.example/ns/travel/sa/web'] })] },
      "MESH1227 bank: an access rule names 'other.example/ns/travel/sa/web', who is none of the callers (agency.example/*); add them to callers, or leave them out of 'from'",
    ],
    [
      'somebody who does not see the host',
      { allow: [Access.http({ from: [principal('batch/job')] })], callers: Callers.namespaces('travel') },
      "MESH1227 bank: an access rule names 'agency.example/ns/batch/sa/job', who is none of the callers (agency.example/ns/travel/*); add them to callers, or leave them out of 'from'",
    ],
    [
      'more than the callers',
      {
        allow: [Access.http({ from: ['agency.example/ns/travel/*'] })],
        callers: Callers.serviceAccounts('travel/web'),
      },
      "MESH1227 bank: an access rule names 'agency.example/ns/travel/*', who is none of the callers (agency.example/ns/travel/sa/web); add them to callers, or leave them out of 'from'",
    ],
  ])('%s', (_, stated, message) => {
    expect(refused(stated)).toBe(message);
  });
});

describe('what is said of limits', () => {
  const limited = [Access.http({ methods: ['GET'] })];
  const around = 'MESH1228: peering bank limits calls at gateway east/agency/out, which pods of';

  test('that pods which may dial outside themselves go around them', () => {
    expect(synthErrors(through({ allow: limited }))).toContain(`info ${around} batch, travel can go around\n`);
    const onlyTravel = { allow: limited, callers: Callers.namespaces('travel') };
    expect(synthErrors(through(onlyTravel))).toContain(`info ${around} travel can go around\n`);
  });

  test('nothing, where they have no other way out, or nothing is limited', () => {
    const closed = { callers: Callers.namespaces('travel'), onlyWayOut: ['travel'] };
    expect(synthErrors(through({ allow: limited, ...closed }))).not.toContain('MESH1228');
    expect(synthErrors(through({ allow: [Access.http()] }))).not.toContain('MESH1228');
  });

  test('that escaped slashes pass a rule for paths, which is for the mesh of the gateway to change', () => {
    const allow = [Access.http({ paths: ['/public/*'] })];
    expect(synthErrors(through({ allow, normalized: false }))).toContain(
      'MESH3011: exposure api.bank.example:443 of peering bank limits paths, and agency has pathNormalization BASE (by default)',
    );
    expect(synthErrors(through({ allow }))).not.toContain('MESH3011');
  });
});

test('a name of the application is told to the gateway by nothing but its SNI', () => {
  const tls = PeeringTls.application({ server: Identity.dns(HOST) });
  expect(rulesOf({ allow: [Access.tcp()], port: Port.tls(443), tls })).toEqual([
    { to: [{ operation: { ports: ['8443'] } }], when: [{ key: 'connection.sni', values: [HOST] }] },
  ]);
});

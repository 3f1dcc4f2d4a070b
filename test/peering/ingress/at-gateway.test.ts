import {
  Access,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  type ExposeOptions,
  External,
  Fleet,
  Gateway,
  GatewayPort,
  type GatewayProps,
  Identity,
  Mesh,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
} from '../../../lib';
import { agencyAndPartner, mesh, messageOf, objectsOf, synth } from '../../support/model';

const CA = TrustBundle.declared('partner-ca');
const server = Credential.secret('public', { identity: Identity.dns('a.partner.example'), signer: CA });
const client = (name: string) => new PeerEnd(Identity.spiffe(`${name}.example/egress`), CA);
const HOST = 'a.partner.example';

interface Exposed {
  readonly gateway?: Partial<GatewayProps>;
  readonly tls?: PeeringTls;
  readonly port?: Port;
}

/** One exposure to an outside client. */
function exposed(options: Partial<ExposeOptions>, more: Exposed = {}) {
  const { gateway, tls = PeeringTls.simple({ server }), port = Port.http(8000) } = more;
  return (fleet: Fleet) => {
    const { partner, ingress } = agencyAndPartner(fleet, gateway);
    const consumer = Mesh.external(fleet, 'client', { trustDomain: 'client.example' });
    const service = partner.service('quotes', { namespace: 'broker', ports: [port] });
    const allow = [port.protocol === 'tcp' || port.protocol === 'tls' ? Access.tcp() : Access.http()];
    const peering = new DirectPeering(fleet, 'quotes', { consumer, provider: partner, ingress, tls });
    peering.expose(service as never, { host: HOST, allow, ...options });
  };
}

const failure = (program: (fleet: Fleet) => void) => messageOf(() => program(new Fleet()));
const rulesOf = (program: (fleet: Fleet) => void) =>
  objectsOf(program)
    .all.filter(({ kind, metadata }) => kind === 'AuthorizationPolicy' && metadata.name.startsWith('quotes.'))
    .flatMap(({ spec }) => (spec as { rules: object[] }).rules);

describe('addresses of callers', () => {
  const ipBlocks = ['203.0.113.0/24', '2001:db8::/32', '203.0.113.0/24'];
  const from = [{ source: { ipBlocks: ['2001:db8::/32', '203.0.113.0/24'] } }];

  test('are part of the one rule that allows requests', () => {
    expect(
      rulesOf(exposed({ ipBlocks, allow: [Access.http({ methods: ['GET'] }), Access.http({ paths: ['/a'] })] })),
    ).toEqual([
      {
        from,
        to: [{ methods: ['GET'] }, { paths: ['/a'] }].map((own) => ({
          operation: { hosts: [HOST, `${HOST}:*`], ports: ['8443'], ...own },
        })),
      },
    ]);
  });

  test('are part of the one rule that allows bytes, inside TLS and in clear text, and TLS of applications', () => {
    const when = [{ key: 'connection.sni', values: [HOST] }];
    const to = (port: string) => [{ operation: { ports: [port] } }];
    const tcp = Port.tcp(9000);
    expect(rulesOf(exposed({ ipBlocks }, { port: tcp }))).toEqual([{ from, to: to('8443'), when }]);
    const clear = { port: tcp, tls: PeeringTls.plain(), gateway: { ports: [GatewayPort.tcp(9000)] } };
    expect(rulesOf(exposed({ ipBlocks }, clear))).toEqual([{ from, to: to('9000') }]);
    const application = PeeringTls.application({ server: Identity.dns(HOST) });
    expect(rulesOf(exposed({ ipBlocks }, { port: Port.tls(443), tls: application }))).toEqual([
      { from, to: to('8443'), when },
    ]);
  });

  test('stand beside the client that a certificate names, and beside what a proxy tells: all must hold', () => {
    const tls = PeeringTls.mutual({ client: client('agency'), server });
    expect(rulesOf(exposed({ ipBlocks: ['10.0.0.1'], remoteIpBlocks: ['203.0.113.4'] }, { tls }))).toMatchObject([
      {
        from: [
          {
            source: { principals: ['agency.example/egress'], ipBlocks: ['10.0.0.1'], remoteIpBlocks: ['203.0.113.4'] },
          },
        ],
      },
    ]);
  });

  test('allow nothing where nothing is allowed', () => {
    expect(rulesOf(exposed({ ipBlocks, allow: [] }))).toEqual([]);
  });

  test('are no business of the consumer: the contract is the same', () => {
    const contract = (options: Partial<ExposeOptions>) => synth(exposed(options))['contracts/quotes.json'];
    expect(contract({ ipBlocks })).toBe(contract({}));
    const fleet = JSON.parse(synth(exposed({ ipBlocks }))['fleet.json']);
    expect(fleet.peerings[0].exposures[0].conditions).toEqual({ ipBlocks: ['2001:db8::/32', '203.0.113.0/24'] });
  });

  test('of two consumers of a host are told apart by certificates, or are the same', () => {
    const two =
      (first: Partial<ExposeOptions>, second: Partial<ExposeOptions>, tls: (name: string) => PeeringTls) =>
      (fleet: Fleet) => {
        const { partner, ingress, broker } = agencyAndPartner(fleet);
        for (const [name, options] of Object.entries({ east: first, west: second })) {
          const consumer = Mesh.external(fleet, name, { trustDomain: `${name}.example` });
          const peering = new DirectPeering(fleet, `quotes.${name}`.replace('.', '-'), {
            consumer,
            provider: partner,
            ingress,
            tls: tls(name),
          });
          peering.expose(broker, { host: HOST, allow: [Access.http()], ...options });
        }
      };
    const [east, west] = [{ ipBlocks: ['203.0.113.0/24'] }, { ipBlocks: ['198.51.100.0/24'] }];
    const mutual = (name: string) => PeeringTls.mutual({ client: client(name), server });
    const simple = () => PeeringTls.simple({ server });
    expect(objectsOf(two(east, west, mutual)).all.filter(({ kind }) => kind === 'AuthorizationPolicy')).toHaveLength(3);
    expect(() => objectsOf(two(east, east, simple))).not.toThrow();
    expect(failure(two(east, west, simple))).toBe(
      "MESH1206 quotes-west: peering 'quotes-east' exposes host 'a.partner.example' with other conditions, and the gateway cannot tell the two consumers apart, so each could do what the other may; state the same conditions, or give this exposure a host of its own",
    );
    const one = () => mutual('desk');
    expect(() => objectsOf(two(east, east, one))).not.toThrow();
    for (const open of [west, {}]) {
      expect(failure(two(east, open, one))).toBe(
        "MESH1206 quotes-west: peering 'quotes-east' exposes host 'a.partner.example' with other conditions, and the gateway cannot tell the two consumers apart, who both are desk.example/egress, so each could do what the other may; state the same conditions, or give this exposure a host of its own",
      );
    }
    expect(failure(two({ allow: [Access.http({ methods: ['GET'] })] }, {}, one))).toContain(
      'with other access rules, and the gateway cannot tell the two consumers apart, who both are desk.example/egress',
    );
  });

  test('work on OpenShift Service Mesh 2, too', () => {
    const program = (fleet: Fleet) => {
      const partner = mesh(fleet, 'partner', { platform: Ossm.v2_6() });
      partner.namespace('gateways');
      const ingress = new Gateway(partner, 'public', {
        kind: 'ingress',
        namespace: 'gateways',
        externalTrafficPolicy: 'Local',
      });
      const service = partner.service('quotes', { namespace: 'broker', ports: [Port.http(8000)] });
      const consumer = External.client('client');
      new DirectPeering(fleet, 'quotes', {
        consumer,
        provider: partner,
        ingress,
        tls: PeeringTls.simple({ server }),
      }).expose(service, { host: HOST, allow: [Access.http()], ipBlocks });
    };
    expect(rulesOf(program)).toMatchObject([{ from }]);
    expect(objectsOf(program).one('Service').spec).toMatchObject({
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
    });
  });

  test.each<[string, Partial<ExposeOptions>, Exposed, string]>([
    [
      'an empty list',
      { ipBlocks: [] },
      {},
      "MESH1151 quotes: 'ipBlocks' is empty, so nobody could call; name blocks such as '203.0.113.0/24', or leave it out for all addresses",
    ],
    [
      'a block of every address, as a proxy tells',
      { remoteIpBlocks: ['::/0'] },
      {},
      "MESH1151 quotes: 'remoteIpBlocks' has '::/0', which is every IPv6 address: the weaker choice, which limits nothing; leave remoteIpBlocks out, which says so",
    ],
    [
      'a gateway that is open',
      { ipBlocks: ['10.0.0.1'] },
      { gateway: { denyByDefault: false } },
      "MESH1157 quotes: 'ipBlocks' is a condition of a policy that allows calls, but gateway partner-cluster/partner/public lets everybody through that its routes know; set denyByDefault: true on the gateway",
    ],
    [
      'a router that passes TLS on',
      { ipBlocks: ['10.0.0.1'] },
      { gateway: { route: RouteFront.passthrough() } },
      'MESH1152 quotes: ipBlocks names addresses that connections come from (10.0.0.1), but those to gateway partner-cluster/partner/public come from the router of the Route in front of it; limit addresses at the Route (haproxy.router.openshift.io/ip_whitelist), or expose through a gateway without a Route',
    ],
    [
      'a router that reads requests',
      { ipBlocks: ['10.0.0.1'] },
      { gateway: { route: RouteFront.edge() } },
      'MESH1152 quotes: ipBlocks names addresses that connections come from (10.0.0.1), but those to gateway partner-cluster/partner/public come from the router of the Route in front of it; state remoteIpBlocks, which the router tells in X-Forwarded-For',
    ],
    [
      'a router that passes TLS on and tells nothing',
      { remoteIpBlocks: ['10.0.0.1'] },
      { gateway: { route: RouteFront.passthrough() } },
      'MESH1152 quotes: remoteIpBlocks names addresses that a proxy tells (10.0.0.1), but the router before gateway partner-cluster/partner/public passes TLS on and tells none; expose through a gateway without a Route, with ipBlocks',
    ],
  ])('are refused for %s', (_, options, more, message) => {
    // a Route needs a platform with Routes; what it shows is checked before
    const platform = more.gateway?.route ? { platform: Ossm.v3_1() } : {};
    const program = (fleet: Fleet) => {
      const { partner, ingress, broker } = agencyAndPartner(fleet, more.gateway, platform);
      const consumer = External.client('client');
      const peering = new DirectPeering(fleet, 'quotes', {
        consumer,
        provider: partner,
        ingress,
        tls: PeeringTls.simple({ server }),
      });
      peering.expose(broker, { host: HOST, allow: [Access.http()], ...options });
    };
    expect(failure(program)).toBe(message);
  });

  test('behind a router that reads requests are those that it tells', () => {
    const program = (fleet: Fleet) => {
      const { partner, ingress } = agencyAndPartner(fleet, { route: RouteFront.edge() }, { platform: Ossm.v3_1() });
      const service = partner.service('quotes', { namespace: 'broker', ports: [Port.http(8000)] });
      new DirectPeering(fleet, 'quotes', {
        consumer: External.client('client'),
        provider: partner,
        ingress,
        tls: PeeringTls.simple({ server }),
      }).expose(service, { host: HOST, allow: [Access.http()], remoteIpBlocks: ['203.0.113.0/24'] });
    };
    expect(rulesOf(program)).toMatchObject([{ from: [{ source: { remoteIpBlocks: ['203.0.113.0/24'] } }] }]);
  });

  test('are refused where nothing of ours stands before the provider', () => {
    const program = (fleet: Fleet) => {
      const consumer = mesh(fleet, 'agency');
      const provider = External.server({ host: 'api.bank.example', ports: [Port.http(80)] });
      const sides = { consumer, provider, tls: PeeringTls.plain() };
      new EgressGatewayPeering(fleet, 'bank', {
        ...sides,
        egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }),
      }).expose(provider, { host: provider.host, allow: [Access.http()], ipBlocks: ['10.0.0.1'] });
    };
    expect(failure(program)).toBe(
      "MESH1215 bank: 'ipBlocks' is stated, but the provider api.bank.example is not ours, so nothing would be written; leave it out",
    );
  });
});

describe('the Service of a gateway', () => {
  const service = (gateway: Partial<GatewayProps>) =>
    objectsOf((fleet) => agencyAndPartner(fleet, gateway)).one('Service').spec;

  test('keeps the address of callers where that is stated', () => {
    expect(service({ externalTrafficPolicy: 'Local' })).toMatchObject({ externalTrafficPolicy: 'Local' });
    expect(service({})).not.toHaveProperty('externalTrafficPolicy');
  });

  test.each<[Partial<GatewayProps>, string]>([
    [
      { kind: 'egress' },
      "MESH1152 partner-cluster/partner/public: externalTrafficPolicy 'Local' is stated, but the gateway's Service is of type ClusterIP: pods of the mesh call an egress gateway; leave it out",
    ],
    [
      { route: RouteFront.passthrough() },
      "MESH1152 partner-cluster/partner/public: externalTrafficPolicy 'Local' is stated, but the gateway's Service is of type ClusterIP: the router of the Route in front of it calls it; leave it out",
    ],
  ])('refuses it where nothing outside calls: %j', (gateway, message) => {
    const program = (fleet: Fleet) =>
      agencyAndPartner(fleet, { externalTrafficPolicy: 'Local', ...gateway }, { platform: Ossm.v3_1() });
    expect(failure(program)).toBe(message);
  });
});

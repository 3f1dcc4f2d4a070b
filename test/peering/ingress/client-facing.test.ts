import {
  Access,
  Address,
  Credential,
  DirectPeering,
  type ExposeOptions,
  External,
  Fleet,
  GatewayPort,
  type GatewayProps,
  Identity,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
} from '../../../lib';
import { agencyAndPartner, messageOf, objectsOf } from '../../support/model';

const CA = TrustBundle.declared('partner-ca');
const server = Credential.secret('public', { identity: Identity.dns('a.partner.example'), signer: CA });
const HOST = 'a.partner.example';
const simple = PeeringTls.simple({ server });

interface Exposed {
  readonly gateway?: Partial<GatewayProps>;
  readonly tls?: PeeringTls;
  readonly port?: Port;
}

/** Exposures of one host, each through a peering of its own. */
function exposed(
  exposures: Record<string, Partial<ExposeOptions>>,
  { gateway = {}, tls = simple, port = Port.http(8000) }: Exposed = {},
) {
  return (fleet: Fleet) => {
    const { partner, ingress } = agencyAndPartner(fleet, gateway, gateway.route ? { platform: Ossm.v3_1() } : {});
    const service = partner.service('quotes', { namespace: 'broker', ports: [port] });
    for (const [name, options] of Object.entries(exposures)) {
      const consumer = External.client(name);
      const allow = [port.protocol === 'http' ? Access.http() : Access.tcp()];
      new DirectPeering(fleet, name, { consumer, provider: partner, ingress, tls }).expose(service as never, {
        host: HOST,
        allow,
        ...options,
      });
    }
  };
}

const failure = (program: (fleet: Fleet) => void) => messageOf(() => program(new Fleet()));
const serversOf = (program: (fleet: Fleet) => void) =>
  (objectsOf(program).one('Gateway').spec as { servers: { tls?: object }[] }).servers;

describe('TLS of a server', () => {
  test('is what is stated, ciphers in the order of preference', () => {
    const cipherSuites = ['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'] as const;
    const serverTls = {
      minProtocolVersion: 'TLSV1_2',
      maxProtocolVersion: 'TLSV1_2',
      cipherSuites: [...cipherSuites],
    } as const;
    expect(serversOf(exposed({ one: { serverTls }, two: { serverTls } }))).toMatchObject([
      { tls: { mode: 'SIMPLE', credentialName: 'public', ...serverTls } },
    ]);
    expect(serversOf(exposed({ one: {} }))[0].tls).toEqual({ mode: 'SIMPLE', credentialName: 'public' });
  });

  test('is spoken behind a Route that passes TLS on', () => {
    const serverTls = { minProtocolVersion: 'TLSV1_3' } as const;
    const gateway = { route: RouteFront.passthrough() };
    expect(serversOf(exposed({ one: { serverTls } }, { gateway }))).toMatchObject([{ tls: serverTls }]);
  });

  describe('where the gateway states it', () => {
    const gateway = { serverTls: { minProtocolVersion: 'TLSV1_3' } } as const;
    const tlsOf = (options: Partial<ExposeOptions>, more: Exposed = {}) =>
      serversOf(exposed({ one: options }, { ...more, gateway: { ...gateway, ...more.gateway } }))[0].tls;

    test('is that of all exposures that state none of their own', () => {
      expect(tlsOf({})).toMatchObject({ minProtocolVersion: 'TLSV1_3' });
      const own = tlsOf({ serverTls: { maxProtocolVersion: 'TLSV1_2' } });
      expect(own).toEqual({ mode: 'SIMPLE', credentialName: 'public', maxProtocolVersion: 'TLSV1_2' });
    });

    test('is not spoken where the gateway ends no TLS of clients', () => {
      const server = { server: Identity.dns(HOST) };
      const application = { port: Port.tls(443), tls: PeeringTls.application(server) };
      expect(tlsOf({}, application)).toEqual({ mode: 'PASSTHROUGH' });
      expect(tlsOf({}, { tls: PeeringTls.plain() })).toBeUndefined();
      expect(tlsOf({}, { gateway: { route: RouteFront.edge() } })).toBeUndefined();
    });

    test('is shared with an exposure that says the same of the host', () => {
      expect(serversOf(exposed({ one: gateway, two: {} }, { gateway }))).toMatchObject([{ tls: gateway.serverTls }]);
    });
  });

  test.each<[string, (fleet: Fleet) => void, string]>([
    [
      'nothing',
      exposed({ one: { serverTls: {} } }),
      'MESH1159 one: serverTls says nothing; state minProtocolVersion, maxProtocolVersion or cipherSuites, or leave it out',
    ],
    [
      'no version at all',
      exposed({ one: { serverTls: { minProtocolVersion: 'TLSV1_3', maxProtocolVersion: 'TLSV1_2' } } }),
      'MESH1159 one: serverTls has minProtocolVersion TLSV1_3 above maxProtocolVersion TLSV1_2; no client could connect',
    ],
    [
      'an old version without ciphers for it',
      exposed({ one: { serverTls: { minProtocolVersion: 'TLSV1_0' } } }),
      'MESH1159 one: serverTls has minProtocolVersion TLSV1_0, for which Envoy has no cipher by default; state cipherSuites, too',
    ],
    [
      'no cipher',
      exposed({ one: { serverTls: { cipherSuites: [] } } }),
      'MESH1159 one: serverTls has no cipherSuites, so no client could connect; leave them out for all',
    ],
    [
      'ciphers of TLS 1.3 alone',
      exposed({ one: { serverTls: { minProtocolVersion: 'TLSV1_3', cipherSuites: ['AES128-SHA'] } } }),
      'MESH1159 one: serverTls chooses cipherSuites, but those of TLS 1.3 alone (minProtocolVersion TLSV1_3) cannot be chosen; leave them out',
    ],
    [
      'a cipher that nobody knows',
      exposed({ one: { serverTls: { cipherSuites: ['TLS_AES_128_GCM_SHA256' as never] } } }),
      "MESH1159 one: serverTls has cipher suite 'TLS_AES_128_GCM_SHA256', which istiod would leave out silently; expected some of ECDHE-ECDSA-AES128-GCM-SHA256, ECDHE-RSA-AES128-GCM-SHA256, ECDHE-ECDSA-AES256-GCM-SHA384, ECDHE-RSA-AES256-GCM-SHA384, ECDHE-ECDSA-CHACHA20-POLY1305, ECDHE-RSA-CHACHA20-POLY1305, ECDHE-ECDSA-AES128-SHA, ECDHE-RSA-AES128-SHA, ECDHE-ECDSA-AES256-SHA, ECDHE-RSA-AES256-SHA, AES128-GCM-SHA256, AES256-GCM-SHA384, AES128-SHA, AES256-SHA, DES-CBC3-SHA",
    ],
    [
      'a cipher twice',
      exposed({ one: { serverTls: { cipherSuites: ['AES128-SHA', 'AES128-SHA'] } } }),
      "MESH1159 one: serverTls has cipher suite 'AES128-SHA' twice; state it once",
    ],
    [
      'clear text',
      exposed({ one: { serverTls: { minProtocolVersion: 'TLSV1_3' } } }, { tls: PeeringTls.plain() }),
      'MESH1160 one: serverTls is stated, but gateway partner-cluster/partner/public ends no TLS of clients: clients send clear text; leave it out',
    ],
    [
      'TLS of an application',
      exposed(
        { one: { serverTls: { minProtocolVersion: 'TLSV1_3' } } },
        { port: Port.tls(443), tls: PeeringTls.application({ server: Identity.dns(HOST) }) },
      ),
      'MESH1160 one: serverTls is stated, but gateway partner-cluster/partner/public ends no TLS of clients: the TLS of the application passes; leave it out',
    ],
    [
      'a router that ends TLS',
      exposed({ one: { serverTls: { minProtocolVersion: 'TLSV1_3' } } }, { gateway: { route: RouteFront.edge() } }),
      'MESH1160 one: serverTls is stated, but gateway partner-cluster/partner/public ends no TLS of clients: the router of the Route (edge) ends the TLS of clients; leave it out',
    ],
    [
      'two who share one server',
      exposed({ one: { serverTls: { minProtocolVersion: 'TLSV1_3' } }, two: {} }),
      `MESH1160 two: serverTls of host 'a.partner.example' of gateway partner-cluster/partner/public is {"minProtocolVersion":"TLSV1_3"} for peering 'one', here nothing; clients see one server: state the same`,
    ],
  ])('is refused for %s', (_, program, message) => {
    expect(failure(program)).toBe(message);
  });
});

describe('a redirect to https', () => {
  const client = new PeerEnd(Identity.spiffe('agency.example/egress'), CA);
  const mutual = PeeringTls.mutual({ client, server });

  test('has a server of its own, and a rule for what may be asked, from where it may be asked', () => {
    const allow = [Access.http({ methods: ['GET'] })];
    const program = exposed({ one: { httpsRedirect: true, allow, ipBlocks: ['10.0.0.1'] } }, { tls: mutual });
    expect(serversOf(program)).toEqual([
      expect.objectContaining({ port: { number: 443, name: 'https', protocol: 'HTTPS' } }),
      { port: { number: 80, name: 'http-redirect', protocol: 'HTTP' }, hosts: [HOST], tls: { httpsRedirect: true } },
    ]);
    const [policy] = objectsOf(program).all.filter(({ metadata }) => metadata.name.startsWith('one.'));
    const to = (port: string) => [{ operation: { hosts: [HOST, `${HOST}:*`], ports: [port], methods: ['GET'] } }];
    expect((policy.spec as { rules: object[] }).rules).toEqual([
      { from: [{ source: { principals: ['agency.example/egress'], ipBlocks: ['10.0.0.1'] } }], to: to('8443') },
      { from: [{ source: { ipBlocks: ['10.0.0.1'] } }], to: to('8080') },
    ]);
  });

  test.each([true, false])(
    'has no way to the service, whatever a request says of itself: closed %s',
    (denyByDefault) => {
      const program = exposed({ one: { httpsRedirect: true } }, { gateway: { denyByDefault } });
      const { http } = objectsOf(program).one('VirtualService').spec as { http: { match?: { port?: number }[] }[] };
      expect(http.map(({ match = [{}] }) => match.map(({ port }) => port))).toEqual([[443]]);
    },
  );

  test('of an open gateway needs no rule', () => {
    const program = exposed({ one: { httpsRedirect: true } }, { gateway: { denyByDefault: false } });
    expect(serversOf(program)).toHaveLength(2);
    expect(objectsOf(program).all.filter(({ kind }) => kind === 'AuthorizationPolicy')).toEqual([]);
  });

  test('is made by the router where a Route stands before', () => {
    const program = exposed({ one: { httpsRedirect: true } }, { gateway: { route: RouteFront.passthrough() } });
    expect(serversOf(program)).toHaveLength(1);
    expect(objectsOf(program).one('Route').spec).toMatchObject({ tls: { insecureEdgeTerminationPolicy: 'Redirect' } });
  });

  test('is made only where that is said', () => {
    for (const options of [{}, { httpsRedirect: false }]) expect(serversOf(exposed({ one: options }))).toHaveLength(1);
  });

  test.each<[string, (fleet: Fleet) => void, string]>([
    [
      'bytes',
      exposed({ one: { httpsRedirect: true } }, { port: Port.tcp(9000) }),
      "MESH1158 one: httpsRedirect is stated for host 'a.partner.example', but no requests are seen that could be redirected; leave it out",
    ],
    [
      'clear text',
      exposed({ one: { httpsRedirect: true } }, { tls: PeeringTls.plain() }),
      "MESH1158 one: httpsRedirect is stated for host 'a.partner.example', but it is served in clear text, so there is no https to lead to; leave it out",
    ],
    [
      'https at another port',
      exposed(
        { one: { httpsRedirect: true } },
        { gateway: { address: Address.nodePort({ nodes: ['192.0.2.1'], ports: { 80: 30080, 443: 30443 } }) } },
      ),
      "MESH1158 one: httpsRedirect is stated for host 'a.partner.example', but clients reach https at port 30443, and a redirect leads to 443; leave it out",
    ],
    [
      'a gateway without an http port',
      exposed({ one: { httpsRedirect: true } }, { gateway: { ports: [GatewayPort.https()] } }),
      "MESH1158 one: httpsRedirect is stated for host 'a.partner.example', but gateway partner-cluster/partner/public has no http port that could redirect, it has https 443; add GatewayPort.http()",
    ],
    [
      'one of two who share a host',
      exposed({ one: {}, two: { httpsRedirect: true } }),
      "MESH1158 two: host 'a.partner.example' of gateway partner-cluster/partner/public redirects to https here, and not for peering 'one'; state the same httpsRedirect for all who share it",
    ],
    [
      'the other of two who share a host',
      exposed({ one: { httpsRedirect: true }, two: {} }),
      "MESH1158 two: host 'a.partner.example' of gateway partner-cluster/partner/public redirects to https for peering 'one', and not here; state the same httpsRedirect for all who share it",
    ],
  ])('is refused for %s', (_, program, message) => {
    expect(failure(program)).toBe(message);
  });

  test('leaves no room for the same host in clear text', () => {
    const program = (fleet: Fleet) => {
      const { partner, ingress } = agencyAndPartner(fleet);
      const service = partner.service('quotes', { namespace: 'broker', ports: [Port.http(8000)] });
      for (const [name, tls] of [
        ['secure', simple],
        ['clear', PeeringTls.plain()],
      ] as const) {
        const sides = { consumer: External.client(name), provider: partner, ingress, tls };
        const options = { host: HOST, allow: [Access.http()], httpsRedirect: name === 'secure' };
        new DirectPeering(fleet, name, sides).expose(service as never, options);
      }
    };
    expect(failure(program)).toBe(
      "MESH1235 clear: port 80 of gateway partner-cluster/partner/public with server name 'a.partner.example' already leads to its redirect to https, not to quotes.broker.svc.cluster.local:8000; give this exposure another port, or another host",
    );
  });
});

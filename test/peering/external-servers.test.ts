import {
  Access,
  Address,
  ControlPlane,
  DirectPeering,
  EgressGatewayPeering,
  External,
  type ExternalServer,
  Fleet,
  Gateway,
  Identity,
  Ossm,
  PeerEnd,
  PeeringTls,
  type Platform,
  Port,
  type Protocol,
  TrustBundle,
} from '../../lib';
import { mesh, messageOf, objectsOf } from '../support/model';

const plain = PeeringTls.plain();
const CAPTURING = ControlPlane.existing('istio-system', { dnsCapture: true });
const BLIND = ControlPlane.existing('istio-system');

interface Called {
  readonly tls?: PeeringTls;
  readonly controlPlane?: ControlPlane;
  readonly platform?: Platform;
  readonly isThroughGateway?: boolean;
}

/** A mesh that calls a server in no mesh. */
function call(server: ExternalServer<Protocol>, called: Called = {}) {
  const { tls = plain, controlPlane = CAPTURING, platform, isThroughGateway = false } = called;
  return (fleet: Fleet) => {
    const consumer = mesh(fleet, 'shop', { controlPlane, ...(platform && { platform }) }, 'east');
    const peering = isThroughGateway
      ? new EgressGatewayPeering(fleet, 'server', {
          consumer,
          provider: server,
          egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }),
          tls: tls as typeof plain,
        })
      : new DirectPeering(fleet, 'server', { consumer, provider: server, tls: tls as typeof plain });
    const isRequests = server.port.protocol === 'http';
    peering.expose(server, { host: server.host, allow: [isRequests ? Access.http() : Access.tcp()] });
  };
}

const entryOf = (program: (fleet: Fleet) => void) => objectsOf(program).one('ServiceEntry').spec;
const failure = (program: (fleet: Fleet) => void) => messageOf(() => program(new Fleet()));

describe('a server whose address is stated', () => {
  const at = (address: Address, port: Port<Protocol> = Port.http(8080)) =>
    External.server({ host: 'erp.example', ports: [port], address });

  test('has endpoints, resolved by what they are; the proxy that answers DNS knows its name', () => {
    expect(entryOf(call(at(Address.ip('10.0.0.1', '10.0.0.2'))))).toMatchObject({
      hosts: ['erp.example'],
      resolution: 'STATIC',
      addresses: [expect.stringMatching(/^240\./)],
      ports: [{ number: 8080, name: 'http', protocol: 'HTTP' }],
      endpoints: [
        { address: '10.0.0.1', ports: { http: 8080 } },
        { address: '10.0.0.2', ports: { http: 8080 } },
      ],
    });
    expect(entryOf(call(at(Address.hostname('lb.example', { port: 9080 }))))).toMatchObject({
      resolution: 'DNS',
      endpoints: [{ address: 'lb.example', ports: { http: 9080 } }],
    });
  });

  test('also bytes, and through an egress gateway', () => {
    const isThroughGateway = true;
    expect(entryOf(call(at(Address.ip('10.0.0.1'), Port.tcp(5432)), { isThroughGateway }))).toMatchObject({
      resolution: 'STATIC',
      endpoints: [{ address: '10.0.0.1', ports: { tcp: 5432 } }],
    });
  });

  test('needs no address of its own for requests where a Routing leads there, or your DNS server knows it', () => {
    expect(entryOf(call(at(Address.ip('10.0.0.1')), { controlPlane: BLIND }))).not.toHaveProperty('addresses');
  });

  test('keeps it for one of its ports', () => {
    const [http, tcp] = [Port.http(8080), Port.tcp(5432)];
    const server = External.server<'http' | 'tcp'>({
      host: 'erp.example',
      ports: [http, tcp],
      address: Address.ip('10.0.0.1'),
    });
    expect(server.at(tcp).address?.hosts).toEqual(['10.0.0.1']);
  });
});

describe('all names of a domain', () => {
  const all = (port: Port<Protocol>) => External.server({ host: '*.cloud.example', ports: [port] });

  test.each([
    ['requests', Port.http(80), plain, { number: 80, name: 'http', protocol: 'HTTP' }],
    ["the application's own TLS", Port.tls(443), plain, { number: 443, name: 'tls', protocol: 'TLS' }],
    [
      'the same, in a peering of its own',
      Port.tls(443),
      PeeringTls.application({ server: Identity.dns('cloud.example') }),
      { number: 443, name: 'tls', protocol: 'TLS' },
    ],
  ] as const)('are resolved when they are called: %s', (_, port, tls, entry) => {
    const { metadata, spec } = objectsOf(call(all(port), { tls })).one('ServiceEntry');
    expect(metadata.name).toBe(`server.any.cloud.example.${port.number}`);
    expect(spec).toEqual({
      hosts: ['*.cloud.example'],
      exportTo: ['*'],
      location: 'MESH_EXTERNAL',
      resolution: 'DYNAMIC_DNS',
      ports: [entry],
    });
  });

  const simple = PeeringTls.simple({ server: new PeerEnd(Identity.dns('cloud.example'), TrustBundle.system()) });

  test.each<[string, Port<Protocol>, Called, string]>([
    [
      'TLS that a proxy originates',
      Port.http(443),
      { tls: simple },
      "MESH1244 server: host '*.cloud.example': PeeringTls.simple verifies one name, and each name of the domain is another one; use PeeringTls.application, or state one server per name",
    ],
    [
      'bytes',
      Port.tcp(5432),
      {},
      "MESH1244 server: host '*.cloud.example': tcp carries no name by which proxies would know which one is called; state one server per name",
    ],
    [
      'proxies that ask DNS for no name when it is called',
      Port.http(80),
      { platform: Ossm.v2_6() },
      "MESH1244 server: host '*.cloud.example': OpenShift Service Mesh 2.6 is no platform whose proxies ask DNS for a name when it is called (Istio 1.31 is); state one server per name",
    ],
  ])('are refused with %s', (_, port, called, message) => {
    expect(failure(call(all(port), called))).toBe(message);
  });

  test.each([
    ['*.cluster.local', 'svc.cluster.local'],
    ['*.svc.cluster.local', 'svc.cluster.local'],
    ['*.broker.svc.cluster.local', 'svc.cluster.local'],
    ['*.broker.pod.cluster.local', 'pod.cluster.local'],
    ['*.broker.svc', 'svc'],
  ])('are none of the own cluster: %s', (host, own) => {
    expect(failure(call(External.server({ host, ports: [Port.http(80)] })))).toBe(
      `MESH1171 server: host '${host}' is meant for servers outside, but has names of the own cluster (*.${own}), to all of which callers would be let; expected a domain of others, or state one server per name`,
    );
  });

  test('have no address', () => {
    const stated = { host: '*.cloud.example', ports: [Port.http(80)], address: Address.ip('10.0.0.1') };
    expect(messageOf(() => External.server(stated))).toBe(
      'MESH1244 External.server *.cloud.example: an address is stated, but each name of the domain has its own, which proxies ask DNS for; leave address out, or state one name',
    );
  });

  test('are those of a domain', () => {
    expect(messageOf(() => External.server({ host: '*.x', ports: [Port.http(80)] }))).toContain(
      "MESH1002 External.server: domain 'x'",
    );
  });
});

import { Address, Fleet, Gateway, GatewayPort, type GatewayProps, RouteFront } from '../../lib';
import type { ExposureFacts, TlsFacts } from '../../lib/facts/exposure';
import { endpointOf, serviceEntrySpec } from '../../lib/peering/endpoint';
import { mesh, messageOf } from '../support/model';

const server = { subjectAltName: 'partner.example', signer: { name: 'ca', sha256: [] } };
const plain: TlsFacts = { mode: 'plain' };
const simple: TlsFacts = { mode: 'simple', sni: 'a.example', server };

describe('endpointOf', () => {
  const endpoint = (props: Partial<GatewayProps>, tls: TlsFacts) =>
    endpointOf(
      new Gateway(mesh(new Fleet(), 'partner', {}, 'west'), 'public', {
        kind: 'ingress',
        namespace: 'gateways',
        ...props,
      }),
      tls,
      'premium',
    );

  test('is the port of the gateway that the hop ends at; the host of the exposure resolves to it', () => {
    expect(endpoint({}, plain)).toEqual({ port: 80 });
    expect(endpoint({}, simple)).toEqual({ port: 443 });
    expect(endpoint({}, { mode: 'application', sni: 'a.example' })).toEqual({ port: 443 });
    expect(endpoint({ ports: [GatewayPort.https(8443)] }, simple)).toEqual({ port: 8443 });
  });

  test('or what was stated', () => {
    expect(endpoint({ address: Address.hostname('lb.example.com') }, plain)).toEqual({
      port: 80,
      addresses: ['lb.example.com'],
    });
    expect(endpoint({ address: Address.ip('192.0.2.1', '192.0.2.2') }, simple)).toEqual({
      port: 443,
      addresses: ['192.0.2.1', '192.0.2.2'],
    });
    const address = Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 });
    expect(endpoint({ address, ports: [GatewayPort.https()] }, simple)).toEqual({
      port: 30443,
      addresses: ['192.0.2.1'],
    });
  });

  test('or that of the router before it', () => {
    expect(endpoint({ ports: [GatewayPort.http(8000)], route: RouteFront.http() }, plain)).toEqual({ port: 80 });
    expect(endpoint({ ports: [GatewayPort.https(8443)], route: RouteFront.passthrough() }, simple)).toEqual({
      port: 443,
    });
  });

  test('a gateway without such a port is refused', () => {
    expect(messageOf(() => endpoint({ ports: [GatewayPort.http()] }, simple))).toBe(
      'MESH1108 west/partner/public: the gateway has no https port, it has http 80; add GatewayPort.https()',
    );
  });
});

describe('serviceEntrySpec', () => {
  const facts = (endpoint: ExposureFacts['endpoint'], more: Partial<ExposureFacts> = {}): ExposureFacts => ({
    exposure: 'broker/insurances:8000',
    service: { host: 'insurances.broker.svc.cluster.local', name: 'insurances', port: 8000, protocol: 'http' },
    host: 'insurances.partner.example',
    port: 80,
    endpoint,
    tls: plain,
    access: [],
    ...more,
  });

  test('the host resolves to the provider', () => {
    expect(serviceEntrySpec(facts({ port: 80 }), ['.', 'b'])).toEqual({
      hosts: ['insurances.partner.example'],
      exportTo: ['.', 'b'],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    });
  });

  test('another port at the provider is the target port', () => {
    expect(serviceEntrySpec(facts({ port: 443 }), ['.']).ports).toEqual([
      { number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 },
    ]);
  });

  test('addresses are endpoints: names are resolved by the proxies, IP addresses are taken as they are', () => {
    expect(serviceEntrySpec(facts({ port: 443, addresses: ['lb.example.com'] }), ['.'])).toMatchObject({
      resolution: 'DNS',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      endpoints: [{ address: 'lb.example.com', ports: { http: 443 } }],
    });
    expect(serviceEntrySpec(facts({ port: 443, addresses: ['192.0.2.1', '2001:db8::1'] }), ['.'])).toMatchObject({
      resolution: 'STATIC',
      endpoints: [
        { address: '192.0.2.1', ports: { http: 443 } },
        { address: '2001:db8::1', ports: { http: 443 } },
      ],
    });
  });

  test('every protocol has its name', () => {
    const names = (['http', 'http2', 'grpc', 'tls', 'tcp'] as const).map((protocol) => {
      const service = { host: 'a.b', name: 'a', port: 1, protocol };
      return serviceEntrySpec(facts({ port: 80 }, { service }), ['.']).ports;
    });
    expect(names.flat().map((port) => [port?.name, port?.protocol])).toEqual([
      ['http', 'HTTP'],
      ['http2', 'HTTP2'],
      ['grpc', 'GRPC'],
      ['tls', 'TLS'],
      ['tcp', 'TCP'],
    ]);
  });
});

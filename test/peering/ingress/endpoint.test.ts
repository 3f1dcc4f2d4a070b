import { Address, Fleet, Gateway, GatewayPort, type GatewayProps, RouteFront } from '../../../lib';
import type { TlsFacts } from '../../../lib/facts/exposure';
import { endpointOf } from '../../../lib/peering/ingress/endpoint';
import { mesh, messageOf } from '../../support/model';

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
      { tls, service: { protocol: 'http', port: 8000 } },
      'premium',
    );

  test('is the port of the gateway that the hop ends at; the host of the exposure resolves to it', () => {
    expect(endpoint({}, plain)).toEqual({ port: 80 });
    expect(endpoint({}, simple)).toEqual({ port: 443 });
    expect(endpoint({}, { mode: 'application', serverName: 'a.example', sni: 'a.example' })).toEqual({ port: 443 });
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

  test('or the node port of that port', () => {
    const address = Address.nodePort({ nodes: ['192.0.2.1'], ports: { 80: 30080, 443: 30443 } });
    expect(endpoint({ address }, plain)).toEqual({ port: 30080, addresses: ['192.0.2.1'] });
    expect(endpoint({ address }, simple)).toEqual({ port: 30443, addresses: ['192.0.2.1'] });
  });

  test('or that of the router before it', () => {
    expect(endpoint({ ports: [GatewayPort.http(8000)], route: RouteFront.http() }, plain)).toEqual({ port: 80 });
    expect(endpoint({ ports: [GatewayPort.https(8443)], route: RouteFront.passthrough() }, simple)).toEqual({
      port: 443,
    });
  });

  test('a gateway without such a port is refused', () => {
    expect(messageOf(() => endpoint({ ports: [GatewayPort.http()] }, simple))).toBe(
      'MESH1112 west/partner/public: the gateway has no https port, it has http 80; add GatewayPort.https()',
    );
  });
});

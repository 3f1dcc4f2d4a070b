import type { HopFacts, TlsFacts } from '../../../lib/facts/exposure';
import { serviceEntrySpec } from '../../../lib/peering/hop/service-entry';

const plain: TlsFacts = { mode: 'plain' };

describe('serviceEntrySpec', () => {
  const facts = (endpoint: HopFacts['endpoint'], more: Partial<HopFacts> = {}): HopFacts => ({
    key: 'broker/insurances:8000',
    service: { host: 'insurances.broker.svc.cluster.local', name: 'insurances', port: 8000, protocol: 'http' },
    host: 'insurances.partner.example',
    port: 80,
    endpoint,
    tls: plain,
    access: [],
    ...more,
  });

  test('the host resolves to the provider', () => {
    expect(serviceEntrySpec([facts({ port: 80 })], ['.', 'b'])).toEqual({
      hosts: ['insurances.partner.example'],
      exportTo: ['.', 'b'],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    });
  });

  test('another port at the provider is the target port', () => {
    expect(serviceEntrySpec([facts({ port: 443 })], ['.']).ports).toEqual([
      { number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 },
    ]);
  });

  test('addresses are endpoints: names are resolved by the proxies, IP addresses are taken as they are', () => {
    expect(serviceEntrySpec([facts({ port: 443, addresses: ['lb.example.com'] })], ['.'])).toMatchObject({
      resolution: 'DNS',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      endpoints: [{ address: 'lb.example.com', ports: { http: 443 } }],
    });
    expect(serviceEntrySpec([facts({ port: 443, addresses: ['192.0.2.1', '2001:db8::1'] })], ['.'])).toMatchObject({
      resolution: 'STATIC',
      endpoints: [
        { address: '192.0.2.1', ports: { http: 443 } },
        { address: '2001:db8::1', ports: { http: 443 } },
      ],
    });
  });

  test('several ports are those of one entry, each led to its own', () => {
    const tls = { host: 'a.b', name: 'a', port: 8443, protocol: 'tls' } as const;
    const more = (endpoint: HopFacts['endpoint']) => facts(endpoint, { port: 443, service: tls });
    expect(serviceEntrySpec([facts({ port: 8080 }), more({ port: 443 })], ['.']).ports).toEqual([
      { number: 80, name: 'http-80', protocol: 'HTTP', targetPort: 8080 },
      { number: 443, name: 'tls-443', protocol: 'TLS' },
    ]);
    const addresses = ['192.0.2.1'];
    const both = [facts({ port: 8080, addresses }), more({ port: 15443, addresses })];
    expect(serviceEntrySpec(both, ['.']).endpoints).toEqual([
      { address: '192.0.2.1', ports: { 'http-80': 8080, 'tls-443': 15443 } },
    ]);
  });

  test('every protocol has its name', () => {
    const names = (['http', 'http2', 'grpc', 'tls', 'tcp'] as const).map((protocol) => {
      const service = { host: 'a.b', name: 'a', port: 1, protocol };
      return serviceEntrySpec([facts({ port: 80 }, { service })], ['.']).ports;
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

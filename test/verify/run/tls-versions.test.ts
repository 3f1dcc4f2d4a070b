import { describeOutcome } from '../../../lib/verify/run/outcome';
import { negotiated } from '../../../lib/verify/run/tls-versions';
import { trace } from '../../../lib/verify/trace';
import { PROXY_LIMITS } from '../../../lib/verify/view/tls-limits';
import type { MeshFact } from '../../../lib/verify/world/facts';
import { deployment, gatewayDeployment, istio, namespace, service, worldOf } from '../support/world';

describe('two ends of TLS', () => {
  test('agree on the newest version that both take', () => {
    expect(negotiated(undefined, undefined)).toEqual({ version: '1.3' });
    expect(negotiated({ max: '1.2' }, undefined)).toEqual({ version: '1.2' });
    expect(negotiated({ min: '1.2' }, { min: '1.0', max: '1.2' })).toEqual({ version: '1.2' });
    expect(negotiated({ max: '1.2' }, { min: '1.3' })).toEqual({
      why: 'the client offers TLS 1.2, the server takes 1.3',
    });
    expect(negotiated(undefined, { max: '1.1' })).toEqual({
      why: 'the client offers TLS 1.2 to 1.3, the server takes 1.2 to 1.1',
    });
  });

  test('need a common cipher up to TLS 1.2', () => {
    const [first, second] = ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384'];
    expect(negotiated({ max: '1.2', ciphers: [first] }, { ciphers: [first, second] })).toEqual({ version: '1.2' });
    expect(negotiated({ max: '1.2', ciphers: [first] }, { ciphers: [second] })).toEqual({
      why: `of TLS 1.2 the client offers ${first}, the server takes ${second}`,
    });
    expect(negotiated({ ciphers: [first] }, { ciphers: [second] })).toEqual({ version: '1.3' });
    expect(negotiated({ max: '1.2' }, { ciphers: ['AES128-SHA'] })).toEqual({ version: '1.2' });
    expect(negotiated({ max: '1.2', ...PROXY_LIMITS }, { ciphers: ['AES128-SHA'] })).toHaveProperty('why');
  });
});

const SERVER = 'port: { number: 443, name: h, protocol: HTTPS }, hosts: [x.example]';
const base = (tls: string) =>
  namespace('a') +
  deployment('a/client', 'sleep') +
  deployment('out/curl', 'sleep') +
  namespace('b') +
  deployment('b/web') +
  service('b/web', '{ name: http, port: 80, targetPort: 8080 }') +
  namespace('gw') +
  gatewayDeployment('gw/in', 'in') +
  service('gw/in', '{ name: https, port: 443, targetPort: 8443 }').replace('app: in', 'istio: in') +
  istio('Gateway', 'gw/g', `selector: { istio: in }\nservers: [{ ${SERVER}, tls: { credentialName: c, ${tls} } }]`) +
  istio(
    'VirtualService',
    'gw/v',
    'hosts: [x.example]\ngateways: [gw/g]\nhttp: [{ route: [{ destination: { host: web.b.svc.cluster.local } }] }]',
  ) +
  istio(
    'ServiceEntry',
    'a/x',
    'hosts: [x.example]\nports: [{ number: 80, targetPort: 443, name: http, protocol: HTTP }]\nresolution: DNS\nendpoints: [{ address: in.gw.svc.cluster.local }]',
  ) +
  istio(
    'DestinationRule',
    'a/x',
    'host: x.example\ntrafficPolicy: { tls: { mode: SIMPLE, insecureSkipVerify: true } }',
  );

function said(tls: string, call: object, mesh: MeshFact = {}): string {
  const world = worldOf(
    { c1: base(tls) },
    { meshes: { c1: mesh }, dns: { c1: { 'x.example': 'in.gw.svc.cluster.local' } } },
  );
  const { outcome, ways } = trace(world, { from: 'c1/out/curl', url: 'https://x.example/', ...call });
  const codes = ways[0].hops.flatMap(({ flag, failure }) => [flag, failure?.code]).filter((one) => one);
  return [describeOutcome(outcome), ...codes].join(' ');
}
const SIDECAR = { from: 'c1/a/client', url: 'http://x.example/' };

describe('a Gateway', () => {
  test('that takes TLS 1.3 alone refuses who speaks 1.2', () => {
    const modern = 'mode: SIMPLE, minProtocolVersion: TLSV1_3';
    expect(said(modern, {})).toBe('200');
    expect(said(modern, SIDECAR)).toBe('200');
    expect(said(modern, { tls: { max: '1.2' } })).toBe('curl 35 MESH-T211');
    expect(said('mode: SIMPLE', { tls: { max: '1.2' } })).toBe('200');
  });

  test('that takes TLS 1.2 at most refuses who insists on 1.3', () => {
    const legacy = 'mode: SIMPLE, maxProtocolVersion: TLSV1_2, cipherSuites: [ECDHE-RSA-AES256-GCM-SHA384, NONSENSE]';
    expect(said(legacy, SIDECAR)).toBe('200');
    expect(said(legacy, { tls: { min: '1.3' } })).toBe('curl 35 MESH-T211');
    expect(said(legacy, { tls: { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' } })).toBe('curl 35 MESH-T211');
    expect(said(legacy, { tls: { ciphers: 'AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384' } })).toBe('200');
    expect(said(legacy.replace('ECDHE-RSA-AES256-GCM-SHA384', 'AES128-SHA'), SIDECAR)).toBe('503 UF MESH-T211');
  });

  test('tells of a certificate that is missing in the handshake, before TLS 1.3', () => {
    expect(said('mode: MUTUAL', {})).toBe('curl 56 MESH-T207');
    expect(said('mode: MUTUAL', SIDECAR)).toBe('503 UC MESH-T207');
    const old = 'mode: MUTUAL, maxProtocolVersion: TLSV1_2';
    expect(said(old, {})).toBe('curl 35 MESH-T207');
    expect(said(old, SIDECAR)).toBe('503 UF MESH-T207');
  });

  test('takes what MeshConfig says of all, where its server says nothing', () => {
    const tlsDefaults = { minProtocolVersion: 'TLSV1_3' };
    const old = { tls: { max: '1.2' } };
    expect(said('mode: SIMPLE', old, { meshConfig: { tlsDefaults } })).toBe('curl 35 MESH-T211');
    expect(said('mode: SIMPLE, minProtocolVersion: TLSV1_2', old, { meshConfig: { tlsDefaults } })).toBe('200');
    expect(said('mode: SIMPLE', old, { meshConfig: { tlsDefaults }, istio: '1.29' })).toBe('200');
    expect(said('mode: SIMPLE', old, { meshConfig: { meshMTLS: tlsDefaults } })).toBe('200');
  });
});

test('mTLS among workloads is of the version that MeshConfig says', () => {
  const meshMTLS = { minProtocolVersion: 'TLSV1_3', cipherSuites: ['ECDHE-RSA-AES256-GCM-SHA384'] };
  const direct = { from: 'c1/a/client', url: 'http://web.b/' };
  expect(said('mode: SIMPLE', direct, { meshConfig: { meshMTLS } })).toBe('200');
  // who is no proxy, but offers what proxies do
  const imitated = { url: 'https://web.b:80/', alpn: ['istio'], tls: { max: '1.2' } };
  expect(said('mode: SIMPLE', imitated, { meshConfig: { meshMTLS } })).toBe('curl 35 MESH-T211');
  expect(said('mode: SIMPLE', imitated)).toBe('curl 35 MESH-T207');
});

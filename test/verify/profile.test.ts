import { UPSTREAM_VERSIONS } from '../../lib/platform/versions';
import { profileOf } from '../../lib/verify/profile';
import { deployment, istio, namespace, planeOf, workloadOf } from './support/world';

test('defaults are those of the version, and the environment of istiod is over them', () => {
  const since = (flag: 'picksBestNamespace' | 'mergesStrictly' | 'limitsTls') =>
    UPSTREAM_VERSIONS.filter((version) => profileOf({ istio: version })[flag]);
  expect(since('picksBestNamespace')).toEqual(['1.30', '1.31']);
  expect(since('mergesStrictly')).toEqual(['1.31']);
  expect(profileOf({ istio: '1.20' }).retries503).toBe(true);
  expect(profileOf({ istio: '1.20' })).toMatchObject({ setsSni: false, verifiesServers: false });
  const secured = { ENABLE_AUTO_SNI: 'true', VERIFY_CERTIFICATE_AT_CLIENT: 'true' };
  expect(profileOf({ istio: '1.20', env: secured })).toMatchObject({ setsSni: true, verifiesServers: true });
  expect(since('limitsTls')).toEqual(['1.30', '1.31']);
  expect(profileOf({})).toEqual(profileOf({ istio: '1.31' }));
  expect(profileOf({ istio: '1.28' }).exchangesMetadata).toBe(true);
  const env = {
    PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false',
    PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'false',
    PILOT_DISABLE_MX_ALPN: 'true',
  };
  expect(profileOf({ env })).toEqual({
    exchangesMetadata: false,
    picksBestNamespace: false,
    mergesStrictly: false,
    limitsTls: true,
    setsSni: true,
    verifiesServers: true,
    retries503: false,
  });
});

test('a gateway that istiod deploys takes Istio Gateways of other namespaces up to Istio 1.30', () => {
  const server = '{ hosts: ["*"], port: { number: 80, name: http, protocol: HTTP } }';
  const selecting = (id: string) =>
    istio('Gateway', id, `selector: { gateway.networking.k8s.io/gateway-name: web }\nservers: [${server}]`);
  const deployed = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: web, namespace: gateways }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;
  const taken = (version: string) => {
    const plane = planeOf(deployed + selecting('elsewhere/a') + selecting('gateways/b'), { istio: version });
    const { groups } = plane.proxy(workloadOf(plane, 'gateways/web-istio')).mergedGateways();
    return groups.flatMap(({ servers }) => servers.map(({ gatewayName }) => gatewayName));
  };
  expect(taken('1.31')).toEqual(['gateways/b']);
  expect(taken('1.30')).toEqual(['elsewhere/a', 'gateways/b']);
});

describe('TLS whose rule states no SNI', () => {
  const rule = (tls: string) =>
    istio('DestinationRule', 'a/x', `host: x.example\ntrafficPolicy: { tls: { mode: SIMPLE${tls} } }`) +
    istio(
      'ServiceEntry',
      'a/x',
      'hosts: [x.example]\nports: [{ number: 443, name: http, protocol: HTTP }]\nresolution: DNS',
    );
  const tlsOf = (tls: string, version: string) => {
    const plane = planeOf(namespace('a') + deployment('a/web') + rule(tls), { istio: version });
    const cluster = plane.proxy(workloadOf(plane, 'a/web')).cluster('outbound|443||x.example');
    const { autoSni, autoSan, skipsVerification } = cluster?.tls ?? {};
    return { autoSni, autoSan, skipsVerification };
  };

  test('has none up to Istio 1.20, and believes any server where no authorities are named', () => {
    expect(tlsOf('', '1.21')).toEqual({ autoSni: true, autoSan: true, skipsVerification: false });
    expect(tlsOf('', '1.20')).toEqual({ autoSni: false, autoSan: false, skipsVerification: true });
    expect(tlsOf(', caCertificates: /ca.pem', '1.20')).toEqual({
      autoSni: false,
      autoSan: false,
      skipsVerification: false,
    });
  });
});

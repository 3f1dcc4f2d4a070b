import { X509Certificate } from 'node:crypto';
import {
  Access,
  Address,
  Cluster,
  ControlPlane,
  type Fleet,
  Gateway,
  GatewayPort,
  Istio,
  Mesh,
  MtlsPolicy,
  OtherRoots,
  Port,
  SharedRootPeering,
  TrustBundle,
} from '../lib';
import { ROOT_CERTIFICATES } from './root-certificates';

/** Two clusters whose roots and trust domains differ: each believes the root of the other besides its own. */
export function mergedRoots(fleet: Fleet): void {
  const roots = { c1: rootOf('c1'), c2: rootOf('c2') };
  const mesh = (name: 'c1' | 'c2', otherRoots: OtherRoots) =>
    new Mesh(new Cluster(fleet, name), name, {
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('istio-system', { pluggedInCa: true, dnsCapture: true, otherRoots }),
      trustDomain: `${name}.local`,
      root: roots[name],
    });
  const c1 = mesh('c1', OtherRoots.byEveryProxy({ root: roots.c2, certificates: ROOT_CERTIFICATES.c2 }));
  // only the callee compares trust domains
  const c2 = mesh(
    'c2',
    OtherRoots.byEveryProxy({ root: roots.c1, certificates: ROOT_CERTIFICATES.c1, trustDomains: [c1.trustDomain] }),
  );
  c1.namespace('foo', { create: true });
  c2.namespace('bar', { create: true });
  new MtlsPolicy(c2, 'strict', { mode: 'STRICT' });
  const ingress = new Gateway(c2, 'eastwest', {
    kind: 'ingress',
    namespace: 'istio-system',
    ports: [GatewayPort.tls()],
    address: Address.ip('10.72.0.30'),
    denyByDefault: false,
    replicas: [1, 1],
  });
  const peering = new SharedRootPeering(fleet, 'c1-c2', { consumer: c1, provider: c2, ingress, mergedRoots: true });
  const httpbin = c2.service('httpbin', { namespace: 'bar', ports: [Port.http(8000)] });
  peering.expose(httpbin, { allow: [Access.http({ from: [c1.principal('foo/sleep')] })] });
}

function rootOf(name: 'c1' | 'c2'): TrustBundle<'declared'> {
  const { fingerprint256 } = new X509Certificate(ROOT_CERTIFICATES[name]);
  return TrustBundle.declared(`${name}-root`, { rootSha256: [fingerprint256] });
}

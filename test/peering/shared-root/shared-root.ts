import {
  Address,
  Callers,
  ControlPlane,
  type ControlPlaneOptions,
  type Fleet,
  Gateway,
  GatewayPort,
  type GatewayProps,
  type MeshProps,
  Port,
  SharedRootPeering,
  type SharedRootPeeringProps,
  TrustBundle,
} from '../../../lib';
import { mesh } from '../../support/model';

export const SHA = 'a1'.repeat(32);
export const root = TrustBundle.declared('shared-root', { rootSha256: [SHA] });

/** A mesh of the shared root; by default all of them have one trust domain. */
export function member(fleet: Fleet, name: string, options: ControlPlaneOptions = {}, props: Partial<MeshProps> = {}) {
  return mesh(
    fleet,
    name,
    {
      root,
      trustDomain: 'cluster.local',
      controlPlane: ControlPlane.existing('istio-system', { dnsCapture: true, ...options }),
      ...props,
    },
    name,
  );
}

/** An east-west gateway of a mesh. */
export function eastWest(
  fleet: Fleet,
  name = 'c2',
  props: Partial<GatewayProps> = {},
  options: ControlPlaneOptions = {},
  ofMesh: Partial<MeshProps> = {},
) {
  const provider = member(fleet, name, options, ofMesh);
  const ingress = new Gateway(provider, 'eastwest', {
    kind: 'ingress',
    namespace: 'istio-system',
    ports: [GatewayPort.tls()],
    address: Address.ip('192.0.2.2'),
    denyByDefault: false,
    ...props,
  });
  const httpbin = provider.service('httpbin', {
    namespace: 'bar',
    ports: [Port.http(8000), Port.http2(8001), Port.tcp(9000)],
    subsets: { v1: { version: 'v1' } },
  });
  return { provider, ingress, httpbin };
}

/** c1 calls c2. */
export function twoMeshes(fleet: Fleet, props: Partial<SharedRootPeeringProps> = {}) {
  const consumer = member(fleet, 'c1');
  const { provider, ingress, httpbin } = eastWest(fleet);
  const peering = new SharedRootPeering(fleet, 'p', {
    consumer,
    provider,
    ingress,
    domain: 'cluster2',
    callers: Callers.namespaces('foo'),
    ...props,
  });
  return { consumer, provider, ingress, httpbin, peering };
}

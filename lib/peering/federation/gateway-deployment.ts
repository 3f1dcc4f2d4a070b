import { Address } from '../../facts/address';
import {
  DISCOVERY_PORT,
  type FederationForm,
  importNetwork,
  SERVICE_PORT,
  smcpServiceAccount,
} from '../../facts/federation';
import { Gateway } from '../../mesh/gateway';
import { GatewayPort } from '../../mesh/gateway-port';
import type { Mesh } from '../../mesh/mesh';

/** A gateway that faces a peer, as it is deployed by default. */
export interface FacingGateway {
  readonly facing: 'ingress' | 'egress';
  readonly id: string;
  readonly peer: string;
  readonly form: FederationForm;
  readonly address?: Address;
  readonly discoveryPort?: number;
  readonly serviceAnnotations?: Record<string, string>;
}

/** ServiceAccount of a gateway's pods. */
export function serviceAccountOf(form: FederationForm, name: string): string {
  return form === 'maistra' ? smcpServiceAccount(name) : name;
}

/** Deploys a gateway that faces a peer. */
export function deployGateway(mesh: Mesh, gateway: FacingGateway): Gateway {
  if (gateway.form === 'maistra') return smcpGateway(mesh, gateway);
  const { facing, id, address } = gateway;
  return new Gateway(mesh, id, {
    kind: facing,
    namespace: mesh.controlPlane.namespace,
    // without an address the peer is in the same cluster
    isInner: address === undefined,
    ports: [GatewayPort.tls(SERVICE_PORT)],
    // where both meshes have one root there is no other to believe
    ...(mesh.controlPlane.otherRoots?.reach === 'gateways' && { believesOtherRoots: true }),
    ...(facing === 'ingress' && { address }),
  });
}

/** Ports and names are built into the control plane; what is denied there, its own policies say. */
function smcpGateway(mesh: Mesh, gateway: FacingGateway): Gateway {
  const { facing, id, peer, address, discoveryPort, serviceAnnotations } = gateway;
  const isIngress = facing === 'ingress';
  const discovery = isIngress
    ? GatewayPort.https(DISCOVERY_PORT).named('https-discovery')
    : GatewayPort.http(DISCOVERY_PORT).named('http-discovery');
  return Gateway.smcp(mesh, id, {
    kind: facing,
    ports: [GatewayPort.tls(SERVICE_PORT), discovery],
    // a policy that allows nothing would cut off the peer's control plane
    denyByDefault: false,
    ...(isIngress && { address: address && withDiscovery(address, discoveryPort) }),
    ...(!isIngress && { requestedNetworkView: [importNetwork(peer)] }),
    service: {
      // without an address the peer is in the same cluster
      ...(address === undefined && { type: 'ClusterIP' }),
      labels: { [`federation.maistra.io/${facing}-for`]: peer },
      ...(isIngress && { annotations: serviceAnnotations }),
    },
  });
}

/** Of an address that states the node port of calls alone: with that of discovery. */
function withDiscovery(address: Address, discoveryPort: number | undefined): Address {
  const { kind, hosts, port } = address;
  if (kind !== 'nodePort' || port === undefined || discoveryPort === undefined) return address;
  return Address.nodePort({ nodes: hosts, ports: { [SERVICE_PORT]: port, [DISCOVERY_PORT]: discoveryPort } });
}

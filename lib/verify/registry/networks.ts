import { isGatewayApi, type KubernetesGatewaySpec } from '../world/gateway-api';
import type { ServiceSpec } from '../world/kube-types';
import type { Mesh } from '../world/mesh';

/** Label that says which network an object is of. */
const NETWORK = 'topology.istio.io/network';

/** Label of a Service that says on which port its gateway takes connections of other networks. */
const GATEWAY_PORT = 'networking.istio.io/gatewayPort';

/** Where a network is entered. */
export interface NetworkGateway {
  readonly address: string;
  readonly port: number;
}

/** Gateways of the networks that a mesh knows (`serviceregistry/kube/controller/network.go`). */
export function networkGateways(mesh: Mesh): Map<string, NetworkGateway[]> {
  const found = new Map<string, NetworkGateway[]>();
  const add = (network: string, gateways: NetworkGateway[]) =>
    found.set(network, [...(found.get(network) ?? []), ...gateways]);
  for (const gateway of mesh.kind<KubernetesGatewaySpec>('Gateway')) {
    const network = gateway.labels[NETWORK];
    if (network === undefined || !isGatewayApi(gateway)) continue;
    const { addresses = [], listeners = [] } = gateway.spec;
    const passing = listeners.filter(
      ({ tls }) => tls?.options?.['gateway.istio.io/listener-protocol'] === 'auto-passthrough',
    );
    for (const { value: address = '' } of addresses)
      add(
        network,
        passing.map(({ port }) => ({ address, port })),
      );
  }
  for (const service of mesh.kind<ServiceSpec>('Service')) {
    const network = service.labels[NETWORK];
    if (network === undefined || service.spec.type !== 'LoadBalancer' || !service.spec.loadBalancerIP) continue;
    add(network, [{ address: service.spec.loadBalancerIP, port: Number(service.labels[GATEWAY_PORT] ?? 15443) }]);
  }
  return found;
}

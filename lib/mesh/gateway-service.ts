import type { Address } from '../facts/address';
import { MeshError } from '../facts/error';
import type { GatewayPort } from './gateway-port';
import type { RouteFront } from './route-front';

/** What decides how the Service of a gateway is reached. */
export interface Reached {
  readonly kind: 'ingress' | 'egress';
  readonly ports: readonly GatewayPort[];
  /** Fully qualified name of the Service. */
  readonly host: string;
  readonly address?: Address;
  /** Whether pods of its cluster alone call it, though no address says so. */
  readonly isInner?: boolean;
  readonly route?: RouteFront;
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
}

/** The Service of a gateway that we write, as far as it follows from how the gateway is reached. */
export interface GatewayService {
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  /** Asked of the load balancer, where the address is one. */
  readonly loadBalancerIP?: string;
  /** Whether nodes keep the address of callers, where that is stated. */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  /** Node ports by port, where they are stated. */
  readonly nodePorts: ReadonlyMap<number, number>;
}

/**
 * How the Service of a gateway is reached: calls out of the mesh come from pods, OpenShift's router dials pods, too; all
 * else that comes from outside of the cluster needs a load balancer, or ports of the nodes.
 */
export function serviceOf(reached: Reached): GatewayService {
  const { kind, ports, address, externalTrafficPolicy } = reached;
  const nodePorts = new Map<number, number>();
  const fromOutside = { ...(externalTrafficPolicy && { externalTrafficPolicy }), nodePorts };
  if (address?.kind === 'nodePort') {
    for (const { number } of ports) nodePorts.set(number, address.portOf(number) as number);
    return { type: 'NodePort', ...fromOutside };
  }
  if (kind === 'egress' || isForPods(reached)) return { type: 'ClusterIP', nodePorts };
  const isOneIp = address?.kind === 'ip' && address.hosts.length === 1;
  return { type: 'LoadBalancer', ...(isOneIp && { loadBalancerIP: address.hosts[0] }), ...fromOutside };
}

/** Whether pods alone call it: by the name of the Service, which nobody outside of the cluster knows it by. */
function isForPods({ host, address, route, isInner }: Reached): boolean {
  if (address === undefined) return route !== undefined || isInner === true;
  return address.kind === 'hostname' && address.hosts[0] === host;
}

/**
 * Each port of a Service has a node port of its own.
 *
 * @throws MESH1114 when an address in ports of nodes leaves a port of the gateway out, or names one that it lacks.
 */
export function checkNodePorts({ ports, address }: Pick<Reached, 'ports' | 'address'>, where: string): void {
  if (address?.kind !== 'nodePort') return;
  const own = ports.map(({ number }) => number);
  if (address.ports === undefined) {
    if (own.length === 1) return;
    throw new MeshError(
      'MESH1114',
      where,
      `Address.nodePort names one port (${address.port}), the gateway has ${own.join(' and ')}; state one of each: ports: { ${own.map((port) => `${port}: …`).join(', ')} }`,
    );
  }
  const stated = Object.keys(address.ports).map(Number);
  const missing = own.find((port) => !stated.includes(port));
  const foreign = stated.find((port) => !own.includes(port));
  if (missing === undefined && foreign === undefined) return;
  throw new MeshError(
    'MESH1114',
    where,
    `Address.nodePort states node ports of ${stated.join(' and ')}, the gateway has ${own.join(' and ')}; ${
      missing === undefined ? `leave ${foreign} out` : `state the one of ${missing}, too`
    }`,
  );
}

/**
 * Nodes hand on what comes from outside.
 *
 * @throws MESH1152 for a Service that nothing outside of the cluster calls.
 */
export function checkExternalTraffic(reached: Reached, where: string): void {
  const { externalTrafficPolicy } = reached;
  const { type } = serviceOf(reached);
  if (externalTrafficPolicy === undefined || type !== 'ClusterIP') return;
  const why =
    reached.kind === 'egress'
      ? 'pods of the mesh call an egress gateway'
      : reached.address
        ? 'pods of the cluster call it by the name of the Service'
        : 'the router of the Route in front of it calls it';
  throw new MeshError(
    'MESH1152',
    where,
    `externalTrafficPolicy '${externalTrafficPolicy}' is stated, but the gateway's Service is of type ClusterIP: ${why}; leave it out`,
  );
}

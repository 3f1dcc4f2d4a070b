import { isIPv4, isIPv6 } from 'node:net';
import type * as istio from '../../../imports/istio';
import type { HopFacts } from '../../facts/exposure';
import type { Mesh } from '../../mesh/mesh';
import { isInCluster } from './client-tls';

/** Protocol names of a ServiceEntry port. */
export const PROTOCOL = { http: 'HTTP', http2: 'HTTP2', grpc: 'GRPC', tls: 'TLS', tcp: 'TCP' };

/**
 * Says that an endpoint takes the mesh's own mTLS: a gateway that passes it on has no endpoint without, and a sidecar
 * sends clear text.
 */
export const TAKES_MTLS = { 'security.istio.io/tlsMode': 'istio' };

/** A name is resolved by the proxies, IP addresses are taken as they are. */
export function resolutionOf(addresses: readonly string[]): 'STATIC' | 'DNS' {
  return addresses.every((address) => (address.includes(':') ? isIPv6(address) : isIPv4(address))) ? 'STATIC' : 'DNS';
}

/**
 * The ServiceEntry of a host: the ports that callers dial, each led to the port of the provider.
 *
 * @param ports one exposure of each port; at least one.
 * @param address by which sidecars know the host, where names do not reach them.
 */
export function serviceEntrySpec(
  ports: readonly HopFacts[],
  exportTo: string[],
  address?: string,
): istio.ServiceEntrySpec {
  const [{ host, endpoint }] = ports;
  const { addresses } = endpoint;
  const named = ports.map((facts) => ({ facts, name: portName(facts, ports.length > 1) }));
  return {
    hosts: [host],
    exportTo,
    location: 'MESH_EXTERNAL',
    resolution: host.startsWith('*.') ? 'DYNAMIC_DNS' : resolutionOf(addresses ?? [host]),
    ...(address !== undefined && { addresses: [address] }),
    ports: named.map(({ facts: { port, service, endpoint: target }, name }) => ({
      number: port,
      name,
      protocol: PROTOCOL[service.protocol],
      ...(addresses === undefined && target.port !== port && { targetPort: target.port }),
    })),
    ...(addresses && {
      endpoints: addresses.map((one) => ({
        address: one,
        ports: Object.fromEntries(named.map(({ facts, name }) => [name, facts.endpoint.port])),
      })),
    }),
  };
}

/** Names of ports are unique; that of an only one says no number. */
function portName({ port, service: { protocol } }: HopFacts, isOneOfSeveral: boolean): string {
  return isOneOfSeveral ? `${protocol}-${port}` : protocol;
}

/**
 * Whether the host is a Service that the control plane knows, so that a ServiceEntry would be a second answer for one
 * name: upstream Istio knows every Service of its cluster, OpenShift Service Mesh 2 only those of its members.
 */
export function isRegistered(mesh: Mesh, { host, service }: HopFacts): boolean {
  const isOwnName = host === service.host && service.namespace === undefined;
  return isOwnName && isInCluster(mesh, host) && !mesh.platform.has('ServiceMeshMember');
}

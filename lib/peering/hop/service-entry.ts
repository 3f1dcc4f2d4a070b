import { isIP } from 'node:net';
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
  return addresses.every((address) => isIP(address) !== 0) ? 'STATIC' : 'DNS';
}

/** The ServiceEntry of an exposure's host: the port that callers dial, led to the port of the provider. */
export function serviceEntrySpec(facts: HopFacts, exportTo: string[]): istio.ServiceEntrySpec {
  const { addresses, port } = facts.endpoint;
  const name = facts.service.protocol;
  return {
    hosts: [facts.host],
    exportTo,
    location: 'MESH_EXTERNAL',
    resolution: resolutionOf(addresses ?? [facts.host]),
    ports: [
      {
        number: facts.port,
        name,
        protocol: PROTOCOL[name],
        ...(addresses === undefined && port !== facts.port && { targetPort: port }),
      },
    ],
    ...(addresses && { endpoints: addresses.map((address) => ({ address, ports: { [name]: port } })) }),
  };
}

/**
 * Whether the host is a Service that the control plane knows, so that a ServiceEntry would be a second answer for one
 * name: upstream Istio knows every Service of its cluster, OpenShift Service Mesh 2 only those of its members.
 */
export function isRegistered(mesh: Mesh, { host, service }: HopFacts): boolean {
  const isOwnName = host === service.host && service.namespace === undefined;
  return isOwnName && isInCluster(mesh, host) && !mesh.platform.has('ServiceMeshMember');
}

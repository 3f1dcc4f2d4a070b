import { isIP } from 'node:net';
import type * as istio from '../../../imports/istio';
import type { HopFacts } from '../../facts/exposure';
import type { Mesh } from '../../mesh/mesh';
import { isInCluster } from './client-tls';

/** Protocol names of a ServiceEntry port. */
export const PROTOCOL = { http: 'HTTP', http2: 'HTTP2', grpc: 'GRPC', tls: 'TLS', tcp: 'TCP' };

/**
 * The ServiceEntry of an exposure's host: the port that callers dial, led to the port of the provider.
 *
 * Resolution follows from the address: a name is resolved by the proxies, IP addresses are taken as they are.
 */
export function serviceEntrySpec(facts: HopFacts, exportTo: string[]): istio.ServiceEntrySpec {
  const { addresses, port } = facts.endpoint;
  const name = facts.service.protocol;
  const isStatic = addresses?.every((address) => isIP(address) !== 0) ?? false;
  return {
    hosts: [facts.host],
    exportTo,
    location: 'MESH_EXTERNAL',
    resolution: isStatic ? 'STATIC' : 'DNS',
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

import { isIP } from 'node:net';
import type * as istio from '../../imports/istio';
import type { EndpointFacts, ExposedService, ExposureFacts, TlsFacts } from '../facts/exposure';
import type { Gateway } from '../fleet/gateway';
import type { Mesh } from '../fleet/mesh';
import { isInCluster } from './client-tls';
import { ingressPort } from './route';

/** Port of OpenShift's router for each kind of Route. */
const ROUTER_PORT = { http: 80, passthrough: 443, edge: 443, reencrypt: 443 };

/**
 * Where the consumer's proxies connect to in order to reach an ingress gateway.
 *
 * @throws MESH1207 when a Route in front of it cannot carry the hop; MESH1108 when the gateway has no port for it.
 */
export function endpointOf(gateway: Gateway, tls: TlsFacts, where: string): EndpointFacts {
  const own = ingressPort(gateway, tls, where).number;
  const port = gateway.address?.port ?? (gateway.route ? ROUTER_PORT[gateway.route.termination] : own);
  return { port, ...(gateway.address && { addresses: gateway.address.hosts }) };
}

/**
 * Where the consumer's proxies connect to in order to reach what somebody else operates: a server in no mesh at its own
 * name and port, whatever callers dial; the gateway of a mesh, of which only the host is known, at the usual port.
 */
export function endpointElsewhere(service: ExposedService, tls: TlsFacts, host: string): EndpointFacts {
  if (service.namespace !== undefined) return { port: tls.mode === 'plain' ? 80 : 443 };
  return { port: service.port, ...(service.host !== host && { addresses: [service.host] }) };
}

/** Protocol names of a ServiceEntry port. */
const PROTOCOL = { http: 'HTTP', http2: 'HTTP2', grpc: 'GRPC', tls: 'TLS', tcp: 'TCP' };

/**
 * The ServiceEntry of an exposure's host: the port that callers dial, led to the port of the provider.
 *
 * Resolution follows from the address: a name is resolved by the proxies, IP addresses are taken as they are.
 */
export function serviceEntrySpec(facts: ExposureFacts, exportTo: string[]): istio.ServiceEntrySpec {
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
export function isRegistered(mesh: Mesh, { host, service }: ExposureFacts): boolean {
  const isOwnName = host === service.host && service.namespace === undefined;
  return isOwnName && isInCluster(mesh, host) && !mesh.platform.has('ServiceMeshMember');
}

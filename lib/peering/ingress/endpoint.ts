import type { Address } from '../../facts/address';
import { MeshError } from '../../facts/error';
import type { EndpointFacts } from '../../facts/exposure';
import { isHttp } from '../../facts/port';
import type { Gateway } from '../../mesh/gateway';
import { arrivalAt, type Sent } from './arrival';

/** Port of OpenShift's router for each kind of Route. */
const ROUTER_PORT = { http: 80, passthrough: 443, edge: 443, reencrypt: 443 };

/**
 * Where the consumer's proxies connect to in order to reach an ingress gateway.
 *
 * @throws MESH1207 when a Route in front of it cannot carry the hop; MESH1112, MESH1223 when the gateway has no port for
 * it; MESH1114 for one port of several whose address states a port of its own.
 */
export function endpointOf(gateway: Gateway, sent: Sent, where: string): EndpointFacts {
  const { address, route, ports, node } = gateway;
  const own = arrivalAt(gateway, sent, where).port;
  const isChosen = sent.gatewayPort !== undefined || own.protocol === 'tcp';
  if (isChosen && address?.port !== undefined && ports.length > 1) {
    throw new MeshError(
      'MESH1114',
      where,
      `the address of gateway ${node.path} states one port (${address.port}), the gateway has ${ports.length}, of which ${own.number} is meant; state an address without a port, or a gateway with one port`,
    );
  }
  const port = address?.portOf(own.number) ?? (route ? ROUTER_PORT[route.termination] : own.number);
  return { port, ...(address && { addresses: address.hosts }) };
}

/**
 * Where the consumer's proxies connect to in order to reach what somebody else operates: a server in no mesh at its own
 * port; the gateway of a mesh, of which only the host is known, at the usual port.
 *
 * @param address of the server, where DNS does not say it.
 */
export function endpointElsewhere({ tls, service, gatewayPort }: Sent, address?: Address): EndpointFacts {
  if (service.namespace === undefined) {
    return { port: address?.portOf(service.port) ?? service.port, ...(address && { addresses: address.hosts }) };
  }
  if (gatewayPort !== undefined) return { port: gatewayPort };
  if (tls.mode !== 'plain') return { port: 443 };
  return { port: isHttp(service.protocol) ? 80 : service.port };
}

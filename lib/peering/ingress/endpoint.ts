import type { EndpointFacts, ExposedService, TlsFacts } from '../../facts/exposure';
import type { Gateway } from '../../mesh/gateway';
import { arrivalAt } from './arrival';

/** Port of OpenShift's router for each kind of Route. */
const ROUTER_PORT = { http: 80, passthrough: 443, edge: 443, reencrypt: 443 };

/**
 * Where the consumer's proxies connect to in order to reach an ingress gateway.
 *
 * @throws MESH1207 when a Route in front of it cannot carry the hop; MESH1112 when the gateway has no port for it.
 */
export function endpointOf(gateway: Gateway, tls: TlsFacts, where: string): EndpointFacts {
  const own = arrivalAt(gateway, tls, where).port.number;
  const port = gateway.address?.portOf(own) ?? (gateway.route ? ROUTER_PORT[gateway.route.termination] : own);
  return { port, ...(gateway.address && { addresses: gateway.address.hosts }) };
}

/**
 * Where the consumer's proxies connect to in order to reach what somebody else operates: a server in no mesh at its own
 * port; the gateway of a mesh, of which only the host is known, at the usual port.
 */
export function endpointElsewhere(service: ExposedService, tls: TlsFacts): EndpointFacts {
  if (service.namespace === undefined) return { port: service.port };
  return { port: tls.mode === 'plain' ? 80 : 443 };
}

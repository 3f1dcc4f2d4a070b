import type * as istio from '../../../imports/istio';
import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import { made, optional } from '../../facts/guard';
import { isHttp } from '../../facts/port';
import type { ExternalProxy } from '../../mesh/external-proxy';
import type { Mesh } from '../../mesh/mesh';
import { isRegistered } from './service-entry';

/** A proxy of the company, as an option. */
export const THROUGH = optional(made('a proxy: External.proxy({ … })', 'ExternalProxy'));

/** An exposure that leaves through a proxy of the company. */
export interface Tunnelled {
  readonly mesh: Mesh;
  readonly facts: HopFacts;
  readonly proxy: ExternalProxy;
  readonly where: string;
}

/**
 * An exposure as it is reached through a proxy: what connects, connects to the proxy.
 *
 * @throws MESH1229 for what no proxy of Istio says CONNECT for: requests, TLS that it originates itself, all names of a
 * domain, a Service of the own cluster, several addresses.
 */
export function throughProxy({ mesh, facts, proxy, where }: Tunnelled): HopFacts {
  const { host, tls, service, endpoint, key } = facts;
  const reason = isHttp(service.protocol)
    ? `carries ${service.protocol}, and a tunnel is of bytes that nobody on the way reads; let the application encrypt itself: Port.tls`
    : tls.mode === 'simple' || tls.mode === 'mutual'
      ? `has PeeringTls.${tls.mode}, which the proxy at the other end of the connection would get; let the application encrypt itself: PeeringTls.application`
      : host.startsWith('*.')
        ? 'is all names of a domain, and a tunnel has one target; state one server per name'
        : isRegistered(mesh, facts)
          ? 'is a Service of the own cluster; leave through out'
          : endpoint.addresses && endpoint.addresses.length > 1
            ? `has several addresses (${endpoint.addresses.join(', ')}), and a tunnel has one target; state one`
            : undefined;
  if (reason !== undefined)
    throw new MeshError('MESH1229', where, `${key} shall be reached through a proxy, but ${reason}`);
  return { ...facts, endpoint: { port: proxy.port, addresses: proxy.hosts } };
}

/** What a proxy is told to connect to: the server by its address where one is stated, else by its name. */
export function tunnelTo({ host, endpoint }: HopFacts): istio.TrafficPolicyTunnelSettings {
  return { protocol: 'CONNECT', targetHost: endpoint.addresses?.[0] ?? host, targetPort: endpoint.port };
}

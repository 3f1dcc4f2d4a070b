import { MeshError } from '../facts/error';
import type { TlsFacts } from '../facts/exposure';
import type { Protocol } from '../facts/port';
import type { Gateway } from '../mesh/gateway';
import type { Consumer } from './parties';

/** All names of a domain, as an exposure. */
export interface ExposedDomain {
  /** `*.` and the domain. */
  readonly host: string;
  readonly protocol: Protocol;
  readonly tls: TlsFacts;
  readonly consumer: Consumer;
  readonly where: string;
}

/**
 * What proxies can do for a name that they learn when it is called.
 *
 * @throws MESH1171 for a domain with Services of the cluster; MESH1244 for what no proxy can.
 */
export function checkDomain({ host, protocol, tls, consumer, where }: ExposedDomain): void {
  if (consumer.kind === 'mesh') checkOutside(host, consumer.cluster.domain, where);
  const reason =
    tls.mode === 'simple' || tls.mode === 'mutual'
      ? `PeeringTls.${tls.mode} verifies one name, and each name of the domain is another one; use PeeringTls.application, or state one server per name`
      : protocol === 'tcp'
        ? 'tcp carries no name by which proxies would know which one is called; state one server per name'
        : consumer.kind === 'mesh' && consumer.platform.istio !== '1.31'
          ? `${consumer.platform.name} is no platform whose proxies ask DNS for a name when it is called (Istio 1.31 is); state one server per name`
          : undefined;
  if (reason !== undefined) throw new MeshError('MESH1244', where, `host '${host}': ${reason}`);
}

/** Proxies ask the cluster's own DNS, which knows Services and pods, also without the cluster's domain behind them. */
function checkOutside(host: string, clusterDomain: string, where: string): void {
  const domain = host.slice(2);
  const isWithin = (name: string, other: string) => name === other || name.endsWith(`.${other}`);
  const own = ['svc', 'pod'].flatMap((kind) => [`${kind}.${clusterDomain}`, kind]);
  const inside = own.find((one) => isWithin(domain, one) || isWithin(one, domain));
  if (inside === undefined) return;
  throw new MeshError(
    'MESH1171',
    where,
    `host '${host}' is meant for servers outside, but has names of the own cluster (*.${inside}), to all of which callers would be let; expected a domain of others, or state one server per name`,
  );
}

/**
 * gRPC needs HTTP/2 to the end: OpenShift's router speaks HTTP/1.1 to the gateway unless it passes TLS on.
 *
 * @throws MESH1207 for a Route in front of the gateway that does not.
 */
export function checkRouteCarries({ node, route }: Gateway, protocol: Protocol, where: string): void {
  if (protocol !== 'grpc' || route === undefined || route.termination === 'passthrough') return;
  throw new MeshError(
    'MESH1207',
    where,
    `a Route with termination ${route.termination} in front of gateway ${node.path} cannot carry gRPC: the router speaks HTTP/1.1 to the gateway; expected RouteFront.passthrough()`,
  );
}

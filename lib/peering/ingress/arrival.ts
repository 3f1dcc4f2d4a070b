import { MeshError } from '../../facts/error';
import type { TlsFacts } from '../../facts/exposure';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';
import type { RouteFront } from '../../mesh/route-front';

/** What reaches a gateway of one hop, after a Route in front of it. */
export type GatewayTls = TlsFacts['mode'] | 'optional';

type Termination = RouteFront['termination'];

/**
 * What each kind of Route makes of a hop. Only passthrough shows the gateway a client certificate, and only it leaves
 * the application's TLS alone; a Route without TLS takes no encrypted connection.
 */
const BEHIND: Record<Termination, Partial<Record<GatewayTls, GatewayTls>>> = {
  http: { plain: 'plain' },
  passthrough: { simple: 'simple', mutual: 'mutual', optional: 'optional', application: 'application' },
  edge: { simple: 'plain' },
  reencrypt: { simple: 'simple' },
};

/** Which kind of gateway port that needs. */
const PROTOCOL = { plain: 'http', simple: 'https', mutual: 'https', optional: 'https', application: 'tls' } as const;

/** How a hop arrives at an ingress gateway. */
export interface Arrival {
  /** What reaches the gateway, after a Route in front of it. */
  readonly tls: GatewayTls;
  /** The gateway's port that it ends at. */
  readonly port: GatewayPort;
}

/**
 * How a hop arrives at an ingress gateway.
 *
 * @throws MESH1207 when the Route in front of it cannot carry the hop; MESH1112 when the gateway has no such port.
 */
export function arrivalAt(gateway: Gateway, tls: TlsFacts, where: string): Arrival {
  const arriving = arrivingTls(gateway, tls, where);
  return { tls: arriving, port: gateway.portFor(PROTOCOL[arriving]) };
}

function arrivingTls(gateway: Gateway, tls: TlsFacts, where: string): GatewayTls {
  const sent = tls.mode === 'mutual' && tls.clientCertificate === 'optional' ? 'optional' : tls.mode;
  if (gateway.route === undefined) return sent;
  const { termination } = gateway.route;
  const arrives = BEHIND[termination][sent];
  if (arrives !== undefined) return arrives;
  const fitting = (Object.keys(BEHIND) as Termination[]).filter((front) => BEHIND[front][sent] !== undefined);
  throw new MeshError(
    'MESH1207',
    where,
    `a Route with termination ${termination} in front of gateway ${gateway.node.path} cannot carry PeeringTls.${tls.mode}${why(termination, sent)}; expected ${fitting.map((front) => `RouteFront.${front}()`).join(' or ')}`,
  );
}

function why(termination: Termination, sent: GatewayTls): string {
  if (termination !== 'edge' && termination !== 'reencrypt') return '';
  switch (sent) {
    case 'mutual':
    case 'optional':
      return ': the router ends TLS, so the client certificate would be lost';
    case 'application':
      return ': the router would end the TLS of the application';
    default:
      return '';
  }
}

import { MeshError } from '../../facts/error';
import type { ExposedService, TlsFacts } from '../../facts/exposure';
import { isHttp, type Protocol } from '../../facts/port';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort, GatewayProtocol } from '../../mesh/gateway-port';
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

/** Which kind of gateway port that needs, where it is requests or encrypted; in the order of preference. */
const PROTOCOLS: Record<GatewayTls, readonly GatewayProtocol[]> = {
  plain: ['http'],
  simple: ['https', 'tls'],
  mutual: ['https', 'tls'],
  optional: ['https', 'tls'],
  application: ['tls', 'https'],
};

/** What is sent to an ingress gateway. */
export interface Sent {
  /** How the hop is protected. */
  readonly tls: TlsFacts;
  /** What is called: its protocol and port. */
  readonly service: Pick<ExposedService, 'protocol' | 'port' | 'namespace'>;
  /** Port of the gateway that is asked for; absent: the first that fits. */
  readonly gatewayPort?: number;
}

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
 * @throws MESH1207 when the Route in front of it cannot carry the hop; MESH1112 when the gateway has no port for it;
 * MESH1223 for a port that does not fit, or bytes in clear text without a port of their own.
 */
export function arrivalAt(gateway: Gateway, sent: Sent, where: string): Arrival {
  const tls = arrivingTls(gateway, sent, where);
  return { tls, port: portAt(gateway, tls, sent, where) };
}

function portAt(gateway: Gateway, tls: GatewayTls, { service, gatewayPort }: Sent, where: string): GatewayPort {
  const isBytes = tls === 'plain' && !isHttp(service.protocol);
  if (!isBytes && gatewayPort === undefined) return gateway.portFor(PROTOCOLS[tls][0]);
  const kinds: readonly GatewayProtocol[] = isBytes ? ['tcp'] : PROTOCOLS[tls];
  const number = gatewayPort ?? service.port;
  const port = gateway.ports.find((own) => own.number === number && kinds.includes(own.protocol));
  if (port !== undefined) return port;
  const has = gateway.ports.map((own) => `${own.protocol} ${own.number}`).join(', ');
  const why = isBytes ? 'bytes in clear text are told apart by nothing but a port of their own; ' : '';
  const fix = `add GatewayPort.${kinds[0]}(${number})${isBytes && gatewayPort === undefined ? ', or state gatewayPort' : ''}`;
  throw new MeshError(
    'MESH1223',
    where,
    `${why}gateway ${gateway.node.path} has no ${kinds.join(' or ')} port ${number}, it has ${has}; ${fix}`,
  );
}

function arrivingTls(gateway: Gateway, { tls, service }: Sent, where: string): GatewayTls {
  const sent = tls.mode === 'mutual' && tls.clientCertificate === 'optional' ? 'optional' : tls.mode;
  if (gateway.route === undefined) return sent;
  const { termination } = gateway.route;
  // the router reads requests, unless it passes TLS on by SNI
  const isUnread = service.protocol === 'tcp' && termination !== 'passthrough';
  const arrives = isUnread ? undefined : BEHIND[termination][sent];
  if (arrives !== undefined) return arrives;
  const bytes = service.protocol === 'tcp' ? `bytes (${service.protocol}) with ` : '';
  throw new MeshError(
    'MESH1207',
    where,
    `a Route with termination ${termination} in front of gateway ${gateway.node.path} cannot carry ${bytes}PeeringTls.${tls.mode}${why(termination, sent)}; expected ${fitting(sent, service.protocol)}`,
  );
}

function fitting(sent: GatewayTls, protocol: Protocol): string {
  const fronts = (Object.keys(BEHIND) as Termination[])
    .filter((front) => BEHIND[front][sent] !== undefined)
    .filter((front) => protocol !== 'tcp' || front === 'passthrough');
  if (fronts.length === 0) return 'a gateway without a Route, or TLS that the router passes on';
  return fronts.map((front) => `RouteFront.${front}()`).join(' or ');
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

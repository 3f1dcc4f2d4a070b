import { k8s } from 'cdk8s-plus-27';
import { Route } from '../../imports/openshift';
import { MeshError } from '../facts/error';
import type { ExposureFacts, TlsFacts } from '../facts/exposure';
import type { Gateway } from '../fleet/gateway';
import type { GatewayPort } from '../fleet/gateway-port';
import type { RouteFront } from '../fleet/route-front';

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

/** ServiceAccount of OpenShift's router. */
const ROUTER = { kind: 'ServiceAccount', name: 'router', namespace: 'openshift-ingress' };

/**
 * What reaches the gateway.
 *
 * @throws MESH1207 when the Route in front of it cannot carry the hop.
 */
export function arrivingTls(gateway: Gateway, tls: TlsFacts, where: string): GatewayTls {
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

/**
 * The port of an ingress gateway that a hop ends at.
 *
 * @throws MESH1207 when the Route in front of it cannot carry the hop; MESH1108 when the gateway has no such port.
 */
export function ingressPort(gateway: Gateway, tls: TlsFacts, where: string): GatewayPort {
  return gateway.portFor(PROTOCOL[arrivingTls(gateway, tls, where)]);
}

/** What a Route is written with. */
export interface RouteOptions {
  readonly gateway: Gateway;
  readonly facts: ExposureFacts;
  readonly port: GatewayPort;
  /** Secret with the server's key pair, where it is ours. */
  readonly credential?: string;
}

/** The Route of one host: the router tells hosts apart by `Host` or SNI, so each has its own. */
export function writeRoute({ gateway, facts, port, credential }: RouteOptions): void {
  const { termination = 'http', reencrypt } = gateway.route ?? {};
  const name = `${gateway.name}.${facts.host}`;
  const endsTls = termination === 'edge' || termination === 'reencrypt';
  const presented = endsTls ? credential : undefined;
  new Route(gateway.chart, `Route ${facts.host}`, {
    metadata: { name, namespace: gateway.namespace },
    spec: {
      host: facts.host,
      to: { kind: 'Service', name: gateway.service, weight: 100 },
      port: { targetPort: port.name },
      wildcardPolicy: 'None',
      ...(termination !== 'http' && {
        tls: {
          termination,
          insecureEdgeTerminationPolicy: 'None',
          ...(presented && { externalCertificate: { name: presented } }),
          ...(reencrypt?.destinationCa && { destinationCACertificate: reencrypt.destinationCa }),
        },
      }),
    },
  });
  if (presented) letRouterRead(gateway, presented);
}

/** The router reads a Route's certificate from a Secret only where its ServiceAccount may. */
function letRouterRead(gateway: Gateway, secret: string): void {
  const id = `router ${secret}`;
  if (gateway.chart.node.tryFindChild(`Role ${id}`)) return;
  const metadata = { name: `router.${secret}`, namespace: gateway.namespace };
  new k8s.KubeRole(gateway.chart, `Role ${id}`, {
    metadata,
    rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: [secret], verbs: ['get', 'list', 'watch'] }],
  });
  new k8s.KubeRoleBinding(gateway.chart, `RoleBinding ${id}`, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
    subjects: [ROUTER],
  });
}

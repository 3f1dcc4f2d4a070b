import { Role, RoleBinding } from '../../../imports/kubernetes';
import { Route } from '../../../imports/openshift';
import type { HopFacts } from '../../facts/exposure';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';

/** ServiceAccount of OpenShift's router. */
const ROUTER = { kind: 'ServiceAccount', name: 'router', namespace: 'openshift-ingress' };

/** What a Route is written with. */
export interface RouteOptions {
  readonly gateway: Gateway;
  readonly facts: HopFacts;
  readonly port: GatewayPort;
  /** Secret with the server's key pair, where it is ours. */
  readonly credential?: string;
  /** Whether the router redirects requests in clear text to https. */
  readonly redirects: boolean;
}

/** The Route of one host: the router tells hosts apart by `Host` or SNI, so each has its own. */
export function writeRoute({ gateway, facts, port, credential, redirects }: RouteOptions): void {
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
          insecureEdgeTerminationPolicy: redirects ? 'Redirect' : 'None',
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
  new Role(gateway.chart, `Role ${id}`, {
    metadata,
    rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: [secret], verbs: ['get', 'list', 'watch'] }],
  });
  new RoleBinding(gateway.chart, `RoleBinding ${id}`, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
    subjects: [ROUTER],
  });
}

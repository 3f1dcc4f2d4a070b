import { Duration } from 'cdk8s';
import {
  Access,
  Callers,
  Connection,
  DirectPeering,
  EgressGatewayPeering,
  External,
  type Fleet,
  Gateway,
  Identity,
  LoadBalancing,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
} from '../lib';
import { shop } from './traffic-rules';

/**
 * How the proxy connects that holds the connection to the other side: the sidecar, or the egress gateway. In the one
 * DestinationRule that holds its TLS.
 */
export function connections(fleet: Fleet): void {
  const mesh = shop(fleet);
  mesh.namespace('shop-egress', { create: true });
  const server = (host: string, port: number) => External.server({ host, ports: [Port.http(port)] });
  const simple = (host: string) =>
    PeeringTls.simple({ server: new PeerEnd(Identity.dns(host), TrustBundle.declared('vendor-ca')) });
  const allow = [Access.http()];

  // from the sidecar: who fails twice is left alone for five seconds, and called again
  const pay = server('pay.vendor.example', 443);
  new DirectPeering(fleet, 'pay', {
    consumer: mesh,
    provider: pay,
    tls: simple(pay.host),
    callers: Callers.workload({ namespace: 'shop', labels: { app: 'checkout' }, serviceAccounts: ['checkout'] }),
  }).expose(pay, {
    host: pay.host,
    allow,
    connection: Connection.of({
      connectTimeout: Duration.seconds(2),
      keepalive: { idle: Duration.minutes(4), interval: Duration.seconds(30), probes: 3 },
      outlierDetection: {
        consecutive5xxErrors: 2,
        interval: Duration.seconds(1),
        baseEjectionTime: Duration.seconds(5),
        maxEjectionPercent: 100,
      },
    }),
  });

  // from the egress gateway: one request at a time, and one that waits
  const tax = server('tax.vendor.example', 443);
  const egress = new Gateway(mesh, 'egress', { kind: 'egress', namespace: 'shop-egress' });
  new EgressGatewayPeering(fleet, 'tax', { consumer: mesh, provider: tax, egress, tls: simple(tax.host) }).expose(tax, {
    host: tax.host,
    allow,
    connection: Connection.of({
      maxConnections: 1,
      idleTimeout: Duration.minutes(5),
      requests: { maxPending: 1, max: 1 },
    }),
  });

  // a server of the own cluster that has no sidecar: one pod for each user, another one while that fails
  const cache = server('cache.legacy.svc.cluster.local', 8000);
  new DirectPeering(fleet, 'cache', {
    consumer: mesh,
    provider: cache,
    tls: PeeringTls.plain(),
    callers: Callers.namespaces('shop'),
  }).expose(cache, {
    host: cache.host,
    allow,
    port: 8000,
    connection: Connection.of({
      loadBalancing: LoadBalancing.byHeader('x-user'),
      outlierDetection: {
        consecutiveGatewayErrors: 1,
        interval: Duration.seconds(1),
        baseEjectionTime: Duration.seconds(5),
        maxEjectionPercent: 50,
      },
    }),
  });
}

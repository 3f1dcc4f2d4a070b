import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  External,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Istio,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
} from '../lib';

const allow = [Access.tcp()];
const shopCa = TrustBundle.declared('shop-ca');
const dataCa = TrustBundle.declared('data-ca');

/** The data centre's key pair, whichever gateway shows it. */
const dataServer = Credential.secret('data-server', {
  identity: Identity.spiffe('data.example/databases'),
  signer: dataCa,
});

/** The workload that uses databases. */
const checkout = { namespace: 'orders', labels: { app: 'checkout' }, serviceAccounts: ['checkout'] };

/** A shop that calls databases of a data centre's mesh, and others that are in no mesh. */
function shopAndData(fleet: Fleet) {
  const platform = Istio.v1_31();
  const shop = new Mesh(new Cluster(fleet, 'shop'), 'shop', {
    platform,
    // hosts of one tcp port are told apart by address, which the callers' proxies answer
    controlPlane: ControlPlane.existing('istio-system', { dnsCapture: true, outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  const data = new Mesh(new Cluster(fleet, 'data'), 'data', {
    platform,
    controlPlane: ControlPlane.existing('istio-system'),
  });
  shop.namespace('orders', { create: true });
  data.namespace('databases', { create: true });
  data.namespace('data-gateways', { create: true });
  const ingress = new Gateway(data, 'public', {
    kind: 'ingress',
    namespace: 'data-gateways',
    // Redis is called in clear text: nothing but a port of its own tells it apart
    ports: [GatewayPort.https(), GatewayPort.tcp(6379)],
  });
  const database = (name: string, port: number) =>
    data.service(name, { namespace: 'databases', ports: [Port.tcp(port)] });
  return { shop, data, ingress, database };
}

/** PostgreSQL begins in clear text and asks for TLS then (STARTTLS), so it is no `Port.tls`. */
const postgres = (host: string) => External.server({ host, ports: [Port.tcp(5432)] });

/**
 * From the sidecar: MongoDB and Kafka in mutual TLS, told apart by SNI at one port of the data centre's gateway; Redis in
 * clear text, at a port of its own; two PostgreSQL servers in no mesh, whose TLS is the driver's.
 */
export function sidecar(fleet: Fleet): void {
  const { shop, data, ingress, database } = shopAndData(fleet);
  const sides = { consumer: shop, provider: data, ingress };
  const brokers = new DirectPeering(fleet, 'brokers', {
    ...sides,
    tls: PeeringTls.mutual({
      client: Credential.secret('shop-client', { identity: Identity.spiffe('shop.example/checkout'), signer: shopCa }),
      server: dataServer,
    }),
    callers: Callers.workload(checkout),
  });
  brokers.expose(database('mongodb', 27017), { host: 'mongodb.data.example', allow });
  brokers.expose(database('kafka', 9092), { host: 'kafka.data.example', allow });
  const cache = new DirectPeering(fleet, 'cache', {
    ...sides,
    tls: PeeringTls.plain(),
    callers: Callers.namespaces('orders'),
  });
  cache.expose(database('redis', 6379), { host: 'redis.data.example', allow });
  for (const name of ['ledger', 'stock']) {
    const server = postgres(`${name}.postgres.example`);
    new DirectPeering(fleet, name, {
      consumer: shop,
      provider: server,
      tls: PeeringTls.plain(),
      callers: Callers.namespaces('orders'),
    }).expose(server, { host: server.host, allow });
  }
}

/**
 * Through an egress gateway, all at one port of it: MongoDB and Kafka in mutual TLS with the gateway's key pair, a Redis
 * of somebody else's in TLS, SQL Server as the driver sends it.
 */
export function egress(fleet: Fleet): void {
  const { shop, data, ingress, database } = shopAndData(fleet);
  shop.namespace('egress', { create: true });
  const own = {
    consumer: shop,
    egress: new Gateway(shop, 'egress', { kind: 'egress', namespace: 'egress' }),
    callers: Callers.serviceAccounts('orders/checkout'),
  };
  const brokers = new EgressGatewayPeering(fleet, 'brokers', {
    ...own,
    provider: data,
    ingress,
    tls: PeeringTls.mutual({
      client: Credential.secret('shop-client', { identity: Identity.spiffe('shop.example/egress'), signer: shopCa }),
      server: dataServer,
    }),
  });
  brokers.expose(database('mongodb', 27017), { host: 'mongodb.data.example', allow });
  brokers.expose(database('kafka', 9092), { host: 'kafka.data.example', allow });
  const redis = External.server({ host: 'redis.cloud.example', ports: [Port.tcp(6380)] });
  const cloudCa = TrustBundle.declared('cloud-ca');
  new EgressGatewayPeering(fleet, 'cache', {
    ...own,
    provider: redis,
    tls: PeeringTls.simple({ server: new PeerEnd(Identity.dns(redis.host), cloudCa) }),
  }).expose(redis, { host: redis.host, allow });
  const sql = External.server({ host: 'sql.cloud.example', ports: [Port.tcp(1433)] });
  new EgressGatewayPeering(fleet, 'reports', { ...own, provider: sql, tls: PeeringTls.plain() }).expose(sql, {
    host: sql.host,
    allow,
  });
}

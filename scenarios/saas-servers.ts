import {
  Access,
  Address,
  Callers,
  Cluster,
  ControlPlane,
  DirectPeering,
  EgressGatewayPeering,
  External,
  type Fleet,
  Gateway,
  Istio,
  Mesh,
  PeeringTls,
  Port,
} from '../lib';

function shopMesh(fleet: Fleet): Mesh {
  const shop = new Mesh(new Cluster(fleet, 'shop'), 'shop', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { dnsCapture: true, outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  shop.namespace('orders', { create: true });
  return shop;
}

const plain = PeeringTls.plain();
const callers = Callers.namespaces('orders');

/** Servers behind a VPN, whose names no DNS server knows: requests of two machines, a database, one through the gateway. */
export function addresses(fleet: Fleet): void {
  const shop = shopMesh(fleet);
  const erp = External.server({
    host: 'erp.partner.example',
    ports: [Port.http(8080)],
    address: Address.ip('10.72.0.200', '10.72.0.201'),
  });
  new DirectPeering(fleet, 'erp', { consumer: shop, provider: erp, tls: plain, callers }).expose(erp, {
    host: erp.host,
    allow: [Access.http()],
  });
  const db = External.server({
    host: 'db.partner.example',
    ports: [Port.tcp(5432)],
    address: Address.ip('10.72.0.202'),
  });
  new DirectPeering(fleet, 'db', { consumer: shop, provider: db, tls: plain, callers }).expose(db, {
    host: db.host,
    allow: [Access.tcp()],
  });
  shop.namespace('egress', { create: true });
  const egress = new Gateway(shop, 'egress', { kind: 'egress', namespace: 'egress' });
  const crm = External.server({
    host: 'crm.partner.example',
    ports: [Port.http(8080)],
    // the name of a load balancer, at another port
    address: Address.hostname('lb.partner.example', { port: 9080 }),
  });
  new EgressGatewayPeering(fleet, 'crm', { consumer: shop, provider: crm, egress, tls: plain, callers }).expose(crm, {
    host: crm.host,
    allow: [Access.http()],
  });
}

/** All names of a domain: requests, and TLS of applications. The proxy asks DNS for the name that is called. */
export function domain(fleet: Fleet): void {
  const shop = shopMesh(fleet);
  const [http, https] = [Port.http(80), Port.tls(443)];
  const cloud = External.server<'http' | 'tls'>({ host: '*.cloud.example', ports: [http, https] });
  const peering = new DirectPeering(fleet, 'cloud', { consumer: shop, provider: cloud, tls: plain, callers });
  peering.expose(cloud.at(http), { host: cloud.host, allow: [Access.http()] });
  peering.expose(cloud.at(https), { host: cloud.host, allow: [Access.tcp()] });
}

import {
  Access,
  Address,
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
  Routing,
  Rule,
  TrustBundle,
} from '../lib';

/** A mesh whose teams leave through one egress gateway; escaped slashes are decoded before anything looks at paths. */
export function shopWithGateway(
  fleet: Fleet,
  gatewayPorts?: GatewayPort[],
): { readonly shop: Mesh; readonly egress: Gateway } {
  const shop = new Mesh(new Cluster(fleet, 'shop'), 'shop', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', {
      dnsCapture: true,
      outboundTrafficPolicy: 'REGISTRY_ONLY',
      pathNormalization: 'DECODE_AND_MERGE_SLASHES',
    }),
  });
  for (const namespace of ['orders', 'returns', 'egress']) shop.namespace(namespace, { create: true });
  return { shop, egress: new Gateway(shop, 'egress', { kind: 'egress', namespace: 'egress', ports: gatewayPorts }) };
}

/** The egress gateway says who may do what at servers that are not ours: by caller, method and path; or nobody at all. */
export function limits(fleet: Fleet): void {
  const { shop, egress } = shopWithGateway(fleet);
  const callers = Callers.namespaces('orders', 'returns');
  const api = External.server({ host: 'api.vendor.example', ports: [Port.http(443)] });
  new EgressGatewayPeering(fleet, 'vendor', {
    consumer: shop,
    provider: api,
    egress,
    tls: PeeringTls.simple({ server: new PeerEnd(Identity.dns(api.host), TrustBundle.declared('vendor-ca')) }),
    callers,
    onlyWayOut: ['orders', 'returns'],
  }).expose(api, {
    host: api.host,
    allow: [
      Access.http({ methods: ['GET'], paths: ['/catalogue/*'] }),
      Access.http({ from: [shop.principal('orders/web')], methods: ['POST'], paths: ['/orders'] }),
    ],
  });
  const ledger = External.server({ host: 'ledger.vendor.example', ports: [Port.tcp(5432)] });
  new EgressGatewayPeering(fleet, 'ledger', {
    consumer: shop,
    provider: ledger,
    egress,
    tls: PeeringTls.plain(),
    callers,
  }).expose(ledger, { host: ledger.host, allow: [Access.tcp({ from: [shop.principal('returns/web')] })] });
  const closed = External.server({ host: 'closed.vendor.example', ports: [Port.http(80)] });
  new EgressGatewayPeering(fleet, 'closed', {
    consumer: shop,
    provider: closed,
    egress,
    tls: PeeringTls.plain(),
    callers,
  }).expose(closed, { host: closed.host, allow: [] });
}

/** One host behind the gateway, several ports: requests, the application's own TLS twice, and bytes. */
export function ports(fleet: Fleet): void {
  const { shop, egress } = shopWithGateway(fleet, [GatewayPort.https(), GatewayPort.tls(), GatewayPort.tls(9443)]);
  const [http, admin, https, console] = [Port.http(80), Port.http(8080), Port.tls(443), Port.tls(9443)];
  const [db, replica] = [Port.tcp(5432), Port.tcp(5433)];
  const vendor = External.server<'http' | 'tls' | 'tcp'>({
    host: 'api.vendor.example',
    ports: [http, admin, https, console, db, replica],
  });
  const peering = new EgressGatewayPeering(fleet, 'vendor', {
    consumer: shop,
    provider: vendor,
    egress,
    tls: PeeringTls.plain(),
    callers: Callers.namespaces('orders', 'returns'),
  });
  const { host } = vendor;
  const one = peering.expose(vendor.at(http), { host, allow: [Access.http()] });
  const two = peering.expose(vendor.at(admin), { host, allow: [Access.http({ methods: ['GET'] })] });
  new Routing(shop, 'vendor', {
    host: [one, two],
    rules: [
      Rule.when({ paths: ['/closed/*'], port: admin }).deny(),
      Rule.port(admin).to(two),
      Rule.when({ paths: ['/gone/*'], port: http }).deny(),
      Rule.port(http).to(one),
    ],
  });
  peering.expose(vendor.at(https), { host, allow: [Access.tcp()] });
  peering.expose(vendor.at(console), { host, allow: [Access.tcp()] });
  peering.expose(vendor.at(db), { host, allow: [Access.tcp()] });
  peering.expose(vendor.at(replica), { host, allow: [Access.tcp({ from: ['cluster.local/ns/orders/*'] })] });
}

/** Several services behind one host, told apart by path at the vendor's gateway, through ours; and one more port. */
export function paths(fleet: Fleet): void {
  const { shop, egress } = shopWithGateway(fleet);
  const vendor = new Mesh(new Cluster(fleet, 'vendor'), 'vendor', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { pathNormalization: 'DECODE_AND_MERGE_SLASHES' }),
  });
  for (const namespace of ['catalogue', 'vendor-gateways']) vendor.namespace(namespace, { create: true });
  const host = 'api.vendor.example';
  const peering = new EgressGatewayPeering(fleet, 'vendor', {
    consumer: shop,
    provider: vendor,
    ingress: new Gateway(vendor, 'public', {
      kind: 'ingress',
      namespace: 'vendor-gateways',
      ports: [GatewayPort.https(), GatewayPort.https(9443)],
    }),
    egress,
    tls: PeeringTls.simple({
      server: Credential.secret('vendor-server', {
        identity: Identity.dns(host),
        signer: TrustBundle.declared('vendor-ca'),
      }),
    }),
    callers: Callers.namespaces('orders'),
  });
  const service = (name: string) => vendor.service(name, { namespace: 'catalogue', ports: [Port.http(8000)] });
  const get = [Access.http({ methods: ['GET'] })];
  peering.expose(service('prices'), { host, paths: ['/prices', '/prices/*'], allow: get });
  peering.expose(service('stock'), { host, paths: ['/stock/*'], allow: [Access.http()] });
  const admin = [Access.http({ paths: ['/admin/*'] })];
  peering.expose(service('admin'), { host, port: 8080, gatewayPort: 9443, allow: admin });
}

/** All names of a domain behind the gateway: requests, and TLS of applications, of which one name goes elsewhere. */
export function domain(fleet: Fleet): void {
  const { shop, egress } = shopWithGateway(fleet, [GatewayPort.https(), GatewayPort.tls()]);
  const callers = Callers.namespaces('orders');
  const [http, https] = [Port.http(80), Port.tls(443)];
  const cloud = External.server<'http' | 'tls'>({ host: '*.cloud.example', ports: [http, https] });
  const tls = PeeringTls.plain();
  const peering = new EgressGatewayPeering(fleet, 'cloud', { consumer: shop, provider: cloud, egress, tls, callers });
  const requests = peering.expose(cloud.at(http), {
    host: cloud.host,
    allow: [Access.http({ methods: ['GET'] })],
  });
  peering.expose(cloud.at(https), { host: cloud.host, allow: [Access.tcp()] });
  const home = shop.service('home', { namespace: 'orders', ports: [Port.http(8000)] });
  new Routing(shop, 'cloud', {
    host: requests,
    rules: [Rule.when({ headers: { 'x-try': 'home' } }).to(home), Rule.otherwise().to(requests)],
  });
  // the same for one that leaves straight from the sidecar
  const files = External.server({ host: '*.files.example', ports: [http] });
  const direct = new DirectPeering(fleet, 'files', { consumer: shop, provider: files, tls, callers }).expose(files, {
    host: files.host,
    allow: [Access.http()],
  });
  new Routing(shop, 'files', {
    host: direct,
    rules: [Rule.when({ headers: { 'x-try': 'home' } }).to(home), Rule.otherwise().to(direct)],
  });
}

/** Servers outside that a proxy of the company connects to: through the egress gateway, and straight from sidecars. */
export function companyProxy(fleet: Fleet): void {
  const { shop, egress } = shopWithGateway(fleet, [GatewayPort.https(), GatewayPort.tls()]);
  const through = External.proxy({ address: Address.hostname('proxy.company.example'), port: 3128 });
  const tls = PeeringTls.plain();
  const gateway = { consumer: shop, egress, through, tls, callers: Callers.namespaces('orders') };
  for (const name of ['api', 'forbidden']) {
    const server = External.server({ host: `${name}.vendor.example`, ports: [Port.tls(443)] });
    new EgressGatewayPeering(fleet, name, { ...gateway, provider: server }).expose(server, {
      host: server.host,
      allow: [Access.tcp()],
    });
  }
  const db = External.server({ host: 'db.vendor.example', ports: [Port.tcp(5432)] });
  new EgressGatewayPeering(fleet, 'db', { ...gateway, provider: db }).expose(db, {
    host: db.host,
    allow: [Access.tcp({ from: [shop.principal('orders/web')] })],
  });
  const sidecars = { consumer: shop, through, tls, callers: Callers.namespaces('returns') };
  const mail = External.server({ host: 'mail.vendor.example', ports: [Port.tcp(25)] });
  new DirectPeering(fleet, 'mail', { ...sidecars, provider: mail }).expose(mail, {
    host: mail.host,
    allow: [Access.tcp()],
  });
  const files = External.server({ host: 'files.vendor.example', ports: [Port.tls(443)] });
  new DirectPeering(fleet, 'files', { ...sidecars, provider: files }).expose(files, {
    host: files.host,
    allow: [Access.tcp()],
  });
}

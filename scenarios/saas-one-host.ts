import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  External,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Istio,
  Mesh,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
  Routing,
  Rule,
  TrustBundle,
} from '../lib';

const vendorCa = TrustBundle.declared('vendor-ca');

function shopMesh(fleet: Fleet): Mesh {
  return new Mesh(new Cluster(fleet, 'shop'), 'shop', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
}

/** One host, several ports: requests at 80 and 8080, and the application's own TLS at 443. */
export function ports(fleet: Fleet): void {
  const shop = shopMesh(fleet);
  shop.namespace('orders', { create: true });
  const [http, admin, https] = [Port.http(80), Port.http(8080), Port.tls(443)];
  const vendor = External.server<'http' | 'tls'>({ host: 'api.vendor.example', ports: [http, admin, https] });
  const peering = new DirectPeering(fleet, 'vendor', {
    consumer: shop,
    provider: vendor,
    tls: PeeringTls.plain(),
    callers: Callers.namespaces('orders'),
  });
  const requests = [http, admin].map((port) =>
    peering.expose(vendor.at(port), { host: vendor.host, allow: [Access.http()] }),
  );
  // of one port some calls do not leave; the other one goes on as ever
  new Routing(shop, 'vendor', {
    host: requests[1],
    rules: [Rule.paths(['/closed/*']).deny(), Rule.otherwise().to(requests[1])],
  });
  peering.expose(vendor.at(https), { host: vendor.host, allow: [Access.tcp()] });
}

const vendorServer = External.server({ host: 'api.vendor.example', ports: [Port.http(443)] });

/** The vendor knows a team by its certificate, which is in a Secret. */
const toVendor = (secret: string, team: string) =>
  PeeringTls.mutual({
    client: Credential.secret(secret, {
      identity: Identity.dns(`${team}.shop.example`),
      signer: TrustBundle.declared('shop-ca'),
    }),
    server: new PeerEnd(Identity.dns(vendorServer.host), vendorCa),
  });

/** Two teams call one host, each with a certificate of its own: no proxy sees both. */
export function certificates(fleet: Fleet): void {
  const shop = shopMesh(fleet);
  for (const team of ['orders', 'returns']) {
    shop.namespace(team, { create: true });
    new DirectPeering(fleet, `vendor-for-${team}`, {
      consumer: shop,
      provider: vendorServer,
      tls: toVendor('vendor-client', team),
      callers: Callers.workload({ namespace: team, labels: { app: 'web' }, serviceAccounts: ['web'] }),
    }).expose(vendorServer, { host: vendorServer.host, allow: [Access.http()] });
  }
}

/** Both teams are in one namespace: each rule selects the pods of its team. */
function byWorkload(fleet: Fleet, shop: Mesh): void {
  shop.namespace('teams', { create: true });
  for (const team of ['orders', 'returns']) {
    new DirectPeering(fleet, `vendor-for-${team}`, {
      consumer: shop,
      provider: vendorServer,
      tls: toVendor(`${team}-client`, team),
      callers: Callers.workload({ namespace: 'teams', labels: { app: team }, serviceAccounts: [team] }),
    }).expose(vendorServer, { host: vendorServer.host, allow: [Access.http()] });
  }
}

export const workloadCertificates = (fleet: Fleet): void => byWorkload(fleet, shopMesh(fleet));

/** On OpenShift Service Mesh 2.6 (Istio 1.20). */
export function workloadCertificatesOssm(fleet: Fleet): void {
  const shop = new Mesh(new Cluster(fleet, 'shop'), 'shop', {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.existing('shop-istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  byWorkload(fleet, shop);
}

/** Several services behind one host, told apart by path; one more port of the host for those who administer them. */
export function paths(fleet: Fleet): void {
  const shop = shopMesh(fleet);
  shop.namespace('orders', { create: true });
  const vendor = new Mesh(new Cluster(fleet, 'vendor'), 'vendor', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { pathNormalization: 'DECODE_AND_MERGE_SLASHES' }),
  });
  vendor.namespace('catalogue', { create: true });
  vendor.namespace('vendor-gateways', { create: true });
  const ingress = new Gateway(vendor, 'public', {
    kind: 'ingress',
    namespace: 'vendor-gateways',
    ports: [GatewayPort.https(), GatewayPort.https(9443)],
  });
  const peering = new DirectPeering(fleet, 'vendor', {
    consumer: shop,
    provider: vendor,
    ingress,
    tls: PeeringTls.simple({
      server: Credential.secret('vendor-server', { identity: Identity.dns('api.vendor.example'), signer: vendorCa }),
    }),
    callers: Callers.workload({ namespace: 'orders', labels: { app: 'web' }, serviceAccounts: ['web'] }),
  });
  const service = (name: string) => vendor.service(name, { namespace: 'catalogue', ports: [Port.http(8000)] });
  const host = 'api.vendor.example';
  peering.expose(service('prices'), {
    host,
    paths: ['/prices', '/prices/*'],
    allow: [Access.http({ methods: ['GET'] })],
  });
  peering.expose(service('stock'), { host, paths: ['/stock/*'], allow: [Access.http()] });
  peering.expose(service('admin'), {
    host,
    port: 8080,
    gatewayPort: 9443,
    allow: [Access.http({ paths: ['/admin/*'] })],
  });
}

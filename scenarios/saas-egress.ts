import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  EgressGatewayPeering,
  External,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
} from '../lib';

/** A mesh whose teams leave through one egress gateway; escaped slashes are decoded before anything looks at paths. */
export function shopWithGateway(fleet: Fleet): { readonly shop: Mesh; readonly egress: Gateway } {
  const shop = new Mesh(new Cluster(fleet, 'shop'), 'shop', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', {
      dnsCapture: true,
      outboundTrafficPolicy: 'REGISTRY_ONLY',
      pathNormalization: 'DECODE_AND_MERGE_SLASHES',
    }),
  });
  for (const namespace of ['orders', 'returns', 'egress']) shop.namespace(namespace, { create: true });
  return { shop, egress: new Gateway(shop, 'egress', { kind: 'egress', namespace: 'egress' }) };
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

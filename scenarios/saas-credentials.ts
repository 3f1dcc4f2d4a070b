import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  PeeringTls,
  Port,
  TrustBundle,
} from '../lib';

/** The key pair of a brand, of an authority of its own. */
const keyPair = (brand: string) =>
  Credential.secret(`${brand}-server`, {
    identity: Identity.dns(`shop.${brand}.example`),
    signer: TrustBundle.declared(`${brand}-ca`),
  });

/**
 * One ingress gateway for two brands, each with a certificate of its own, and for a service that ends TLS itself: two
 * peerings of one consumer, because the second one protects its hop otherwise.
 */
export function credentials(fleet: Fleet): void {
  const platform = Istio.v1_31();
  const client = new Mesh(new Cluster(fleet, 'client'), 'client', {
    platform,
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  const shops = new Mesh(new Cluster(fleet, 'shops'), 'shops', {
    platform,
    controlPlane: ControlPlane.existing('istio-system'),
  });
  client.namespace('buyers', { create: true });
  shops.namespace('brands', { create: true });
  shops.namespace('shops-gateways', { create: true });
  const sides = {
    consumer: client,
    provider: shops,
    ingress: new Gateway(shops, 'public', { kind: 'ingress', namespace: 'shops-gateways' }),
  };
  const brands = new DirectPeering(fleet, 'brands', {
    ...sides,
    tls: PeeringTls.simple({ server: keyPair('oak') }),
    callers: Callers.workload({ namespace: 'buyers', labels: { app: 'buyer' }, serviceAccounts: ['buyer'] }),
  });
  const shop = (brand: string) => shops.service(brand, { namespace: 'brands', ports: [Port.http(8000)] });
  const allow = [Access.http()];
  brands.expose(shop('oak'), { host: 'shop.oak.example', allow });
  brands.expose(shop('elm'), { host: 'shop.elm.example', credential: keyPair('elm'), allow });

  const vault = shops.service('vault', { namespace: 'brands', ports: [Port.tls(8443)] });
  new DirectPeering(fleet, 'vault', {
    ...sides,
    tls: PeeringTls.application({ server: Identity.dns('vault.oak.example') }),
    callers: Callers.namespaces('buyers'),
  }).expose(vault, { host: 'vault.oak.example', allow: [Access.tcp()] });
}

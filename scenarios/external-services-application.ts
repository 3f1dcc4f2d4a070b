import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  type ControlPlaneOptions,
  DirectPeering,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  Ossm,
  PeeringTls,
  type Platform,
  Port,
  RouteFront,
  Workload,
} from '../lib';

const HOST = 'web.shop.example';

/**
 * External services, TLS that the application originates: caller and server keep their own certificates, both meshes
 * pass the bytes on by SNI.
 */
function connect(fleet: Fleet, platform: Platform, controlPlane: (options?: ControlPlaneOptions) => ControlPlane) {
  const client = new Mesh(new Cluster(fleet, 'client'), 'client', {
    platform,
    controlPlane: controlPlane({ outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  client.namespace('app', { create: true });
  const caller = client.service('caller', { namespace: 'app', ports: [Port.http(8080)] });
  new Workload(client, 'caller', { service: caller, image: 'quay.io/example/caller:1.0' });

  const shop = new Mesh(new Cluster(fleet, 'shop'), 'shop', { platform, controlPlane: controlPlane() });
  shop.namespace('web', { create: true });
  const web = shop.service('web', { namespace: 'web', ports: [Port.tls(443, { targetPort: 8443 })] });
  const expose = (ingress: Gateway) =>
    new DirectPeering(fleet, 'web', {
      consumer: client,
      provider: shop,
      ingress,
      tls: PeeringTls.application({ server: Identity.dns(HOST) }),
      callers: Callers.namespaces('app'),
    }).expose(web, { host: HOST, allow: [Access.tcp()] });
  return { shop, expose };
}

/** On Istio: the gateway knows nobody, and denies every name but this one. */
export function istio(fleet: Fleet): void {
  const { shop, expose } = connect(fleet, Istio.v1_31(), (options) => ControlPlane.existing('istio-system', options));
  shop.namespace('gateways', { create: true });
  expose(new Gateway(shop, 'public', { kind: 'ingress', namespace: 'gateways' }));
}

/** On OpenShift Service Mesh 2.6: the router passes TLS on, too. */
export function ossm(fleet: Fleet): void {
  const { shop, expose } = connect(fleet, Ossm.v2_6(), (options) =>
    ControlPlane.smcp('mesh-system', { mtls: true, ...options }),
  );
  expose(Gateway.smcp(shop, 'istio-ingressgateway', { kind: 'ingress', route: RouteFront.passthrough() }));
}

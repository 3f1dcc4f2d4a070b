import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  EgressGatewayPeering,
  External,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  type MeshProps,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
  Workload,
} from '../lib';

/** Four servers in no mesh behind one egress gateway: each is a peering of its own, and none knows of the others. */
function externalServices(fleet: Fleet, client: Mesh, egress: Gateway): void {
  for (const name of ['teller', 'clerk']) {
    const service = client.service(name, { namespace: 'branch', ports: [Port.http(8080)] });
    new Workload(client, name, { service, image: `quay.io/example/${name}:1.0` });
  }
  const sides = { consumer: client, egress, callers: Callers.namespaces('branch') };
  const allow = [Access.http()];
  const end = (host: string, authority: string) => new PeerEnd(Identity.dns(host), TrustBundle.declared(authority));

  const bank = External.server({ host: 'api.bank.example', ports: [Port.http(443)] });
  new EgressGatewayPeering(fleet, 'bank', {
    ...sides,
    provider: bank,
    tls: PeeringTls.mutual({
      client: Credential.secret('branch-client', {
        identity: Identity.dns('branch.example'),
        signer: TrustBundle.declared('branch-ca'),
      }),
      server: end(bank.host, 'bank-ca'),
    }),
    // the bank knows the branch, the gateway knows who in it may call the bank
    callers: Callers.serviceAccounts('branch/teller'),
    onlyWayOut: ['branch'],
  }).expose(bank, { host: bank.host, allow });

  const shop = External.server({ host: 'shop.example', ports: [Port.http(443)] });
  new EgressGatewayPeering(fleet, 'shop', {
    ...sides,
    provider: shop,
    tls: PeeringTls.simple({ server: end(shop.host, 'shop-ca') }),
  }).expose(shop, { host: shop.host, allow });

  const saas = External.server({ host: 'saas.example', ports: [Port.tls(443)] });
  new EgressGatewayPeering(fleet, 'saas', {
    ...sides,
    provider: saas,
    tls: PeeringTls.application({ server: Identity.dns(saas.host) }),
  }).expose(saas, { host: saas.host, allow: [Access.tcp()] });

  const legacy = External.server({ host: 'legacy.example', ports: [Port.http(80)] });
  new EgressGatewayPeering(fleet, 'legacy', {
    ...sides,
    provider: legacy,
    tls: PeeringTls.plain(),
  }).expose(legacy, { host: legacy.host, allow });
}

function branch(fleet: Fleet, props: MeshProps): Mesh {
  const client = new Mesh(new Cluster(fleet, 'client'), 'client', props);
  client.namespace('branch', { create: true });
  return client;
}

/** On Istio. */
export function istio(fleet: Fleet): void {
  const client = branch(fleet, {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  client.namespace('istio-egress', { create: true });
  externalServices(fleet, client, new Gateway(client, 'egress', { kind: 'egress', namespace: 'istio-egress' }));
}

/** On OpenShift Service Mesh 3, whose control plane an operator installs; the gateway is by injection, as on Istio. */
export function ossm3(fleet: Fleet): void {
  const client = branch(fleet, {
    platform: Ossm.v3_2(),
    controlPlane: ControlPlane.sail('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  client.namespace('istio-egress', { create: true });
  externalServices(fleet, client, new Gateway(client, 'egress', { kind: 'egress', namespace: 'istio-egress' }));
}

/** On OpenShift Service Mesh 2.6, whose control plane deploys the gateway. */
export function ossm(fleet: Fleet): void {
  const client = branch(fleet, {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('istio-system-client', { outboundTrafficPolicy: 'REGISTRY_ONLY', mtls: true }),
    trustDomain: 'client.local',
  });
  externalServices(fleet, client, Gateway.smcp(client, 'istio-egressgateway', { kind: 'egress' }));
}

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

const consumers = TrustBundle.declared('branches-ca');
const end = (host: string, authority: string) => new PeerEnd(Identity.dns(host), TrustBundle.declared(authority));

/** By which the hub shows itself to servers of its own. */
const hubClient = Credential.secret('hub-client', {
  identity: Identity.dns('hub.example'),
  signer: TrustBundle.declared('old-ca'),
});

/** Servers in no mesh, which the hub may call, and branches through its ingress gateway. */
const pay = External.server({ host: 'api.pay.example', ports: [Port.http(443)] });
const ledger = External.server({ host: 'ledger.old.example', ports: [Port.http(443)] });
const db = External.server({ host: 'db.old.example', ports: [Port.tcp(5432)] });
const vault = External.server({ host: 'vault.old.example', ports: [Port.tls(443)] });

/** A branch reaches servers in no mesh through the ingress gateway of a hub, which knows who may call what of them. */
function behindIngress(fleet: Fleet, hub: Mesh, ingress: Gateway): void {
  const branch = new Mesh(new Cluster(fleet, 'branch'), 'branch', {
    platform: hub.platform,
    controlPlane: ControlPlane.existing('istio-system', { dnsCapture: true, outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  branch.namespace('orders', { create: true });
  hub.namespace('books', { create: true });
  const sides = { consumer: branch, provider: hub, ingress };

  const peering = new DirectPeering(fleet, 'hub', {
    ...sides,
    tls: PeeringTls.mutual({
      client: Credential.secret('branch-client', {
        identity: Identity.spiffe('branches.example/orders'),
        signer: consumers,
      }),
      server: Credential.secret('hub-server', {
        identity: Identity.spiffe('hub.example/public'),
        signer: TrustBundle.declared('hub-ca'),
      }),
    }),
    callers: Callers.workload({ namespace: 'orders', labels: { app: 'web' }, serviceAccounts: ['web'] }),
  });
  // simple TLS behind the gateway; the server learns nothing of the branch
  peering.expose(pay, {
    host: 'pay.hub.example',
    onward: { tls: PeeringTls.simple({ server: end(pay.host, 'pay-ca') }) },
    allow: [Access.http({ methods: ['GET'], paths: ['/prices/*'] })],
  });
  // mutual TLS behind it, with a key pair of the hub; branches know an alias alone
  const alias = hub.alias('ledger', { namespace: 'books', port: Port.http(80) });
  peering.expose(alias, {
    host: 'ledger.hub.example',
    onward: {
      server: ledger,
      tls: PeeringTls.mutual({ client: hubClient, server: end(ledger.host, 'old-ca') }),
    },
    allow: [Access.http()],
  });
  // bytes: the gateway ends the TLS of the branch, and begins that of the database
  peering.expose(db, {
    host: 'db.hub.example',
    onward: { tls: PeeringTls.simple({ server: end(db.host, 'old-ca') }) },
    allow: [Access.tcp()],
  });

  // the application's own TLS is passed on to the end, by the one name that the server knows
  new DirectPeering(fleet, 'vault', {
    ...sides,
    tls: PeeringTls.application({ server: Identity.dns(vault.host) }),
    callers: Callers.namespaces('orders'),
  }).expose(vault, {
    host: vault.host,
    onward: { tls: PeeringTls.application({ server: Identity.dns(vault.host) }) },
    allow: [Access.tcp()],
  });

  // the hub's own workloads call the ledger by the alias, without the gateway: each namespace knows the host once
  const own = new DirectPeering(fleet, 'ledger', {
    consumer: hub,
    provider: ledger,
    tls: PeeringTls.mutual({ client: hubClient, server: end(ledger.host, 'old-ca') }),
    callers: Callers.workload({ namespace: 'books', labels: { app: 'clerk' }, serviceAccounts: ['clerk'] }),
  }).expose(ledger, { host: ledger.host, allow: [Access.http()] });
  new Routing(hub, 'ledger', { host: alias, rules: [Rule.otherwise().to(own)] });
}

export function istio(fleet: Fleet): void {
  const hub = new Mesh(new Cluster(fleet, 'hub'), 'hub', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', {
      outboundTrafficPolicy: 'REGISTRY_ONLY',
      pathNormalization: 'DECODE_AND_MERGE_SLASHES',
    }),
  });
  hub.namespace('hub-gateways', { create: true });
  behindIngress(fleet, hub, new Gateway(hub, 'public', { kind: 'ingress', namespace: 'hub-gateways' }));
}

/** The same hub on OpenShift Service Mesh 2.6. */
export function ossm(fleet: Fleet): void {
  const hub = new Mesh(new Cluster(fleet, 'hub'), 'hub', {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('istio-system', {
      outboundTrafficPolicy: 'REGISTRY_ONLY',
      mtls: true,
      pathNormalization: 'DECODE_AND_MERGE_SLASHES',
    }),
  });
  behindIngress(fleet, hub, Gateway.smcp(hub, 'istio-ingressgateway', { kind: 'ingress' }));
}

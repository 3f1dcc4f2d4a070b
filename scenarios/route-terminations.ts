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
  Mesh,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
  Workload,
} from '../lib';

const GATEWAYS = 'gateways';

/** Three ways in which OpenShift's router may treat TLS, and what is left for the gateway behind it. */
export function ossm3(fleet: Fleet): void {
  const client = new Mesh(new Cluster(fleet, 'client'), 'client', {
    platform: Ossm.v3(),
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  client.namespace('app', { create: true });
  const caller = client.service('caller', { namespace: 'app', ports: [Port.http(8000)] });
  new Workload(client, 'caller', { service: caller, image: 'quay.io/example/caller:1.0' });

  const provider = new Mesh(new Cluster(fleet, 'provider'), 'provider', {
    platform: Ossm.v3(),
    controlPlane: ControlPlane.existing('istio-system', { pathNormalization: 'DECODE_AND_MERGE_SLASHES' }),
  });
  provider.namespace('app', { create: true });
  provider.namespace(GATEWAYS, { create: true });
  const web = provider.service('web', { namespace: 'app', ports: [Port.http(8000)] });
  new Workload(provider, 'web', { service: web, image: 'quay.io/example/web:1.0' });

  const expose = (id: string, route: RouteFront, tls: PeeringTls) =>
    new DirectPeering<PeeringTls>(fleet, id, {
      consumer: client,
      provider,
      ingress: new Gateway(provider, id, { kind: 'ingress', namespace: GATEWAYS, route }),
      tls,
      callers: Callers.workload({ namespace: 'app', labels: { app: 'caller' }, serviceAccounts: ['caller'] }),
    }).expose(web, { host: `${id}.apps.example`, allow: [Access.http({ paths: ['/web/*'] })] });

  // the router presents its own certificate, for *.apps.example
  const presented = (id: string) => new PeerEnd(Identity.dns(`${id}.apps.example`), TrustBundle.declared('router-ca'));
  expose('edge', RouteFront.edge(), PeeringTls.simple({ server: presented('edge') }));
  expose(
    'reencrypt',
    RouteFront.reencrypt({
      // a service serving certificate: the router trusts its authority, and demands the name of the Service
      credential: Credential.secret('reencrypt-serving', {
        identity: Identity.dns(`reencrypt.${GATEWAYS}.svc`),
        signer: TrustBundle.declared('service-ca'),
      }),
    }),
    PeeringTls.simple({ server: presented('reencrypt') }),
  );
  const ca = TrustBundle.declared('company-ca');
  expose(
    'passthrough',
    RouteFront.passthrough(),
    PeeringTls.mutual({
      client: Credential.secret('caller-client', { identity: Identity.spiffe('company.example/caller'), signer: ca }),
      server: Credential.secret('passthrough-server', {
        identity: Identity.dns('passthrough.apps.example'),
        signer: ca,
      }),
      clientCertificate: 'optional',
    }),
  );
}

import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  type CredentialOptions,
  DirectPeering,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  Ossm,
  PeeringTls,
  RouteFront,
  TrustBundle,
} from '../lib';
import { PARTNER_HOST, premiumBroker, routePremiumDestinations, travelAgency } from './travel-agency';

const agencyCertificate: CredentialOptions = {
  identity: Identity.spiffe('travel-agency.example/production'),
  signer: TrustBundle.declared('agency-ca'),
};

/** The sidecar of `travels` presents the agency's certificate; the partner lets nobody else through. */
function connect(
  fleet: Fleet,
  agency: ReturnType<typeof travelAgency>,
  { partner, broker }: ReturnType<typeof premiumBroker>,
  ingress: Gateway,
  client: Credential,
): void {
  const premium = new DirectPeering(fleet, 'premium', {
    consumer: agency.production,
    provider: partner,
    ingress,
    tls: PeeringTls.mutual({
      client,
      server: Credential.secret('partner-credential', {
        identity: Identity.dns(PARTNER_HOST),
        signer: TrustBundle.declared('partner-ca'),
      }),
    }),
    callers: Callers.workload({
      namespace: 'prod-travel-agency',
      labels: { app: 'travels' },
      serviceAccounts: ['travels'],
    }),
  }).expose(broker, { host: PARTNER_HOST, allow: [Access.http({ methods: ['GET'], paths: ['/insurances/*'] })] });
  routePremiumDestinations(agency, premium);
}

function onIstio(fleet: Fleet, client: Credential, sidecarFiles: Credential<'file'>[] = []): void {
  const agency = travelAgency(
    new Cluster(fleet, 'agency'),
    {
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
    },
    { sidecarFiles },
  );
  const broker = premiumBroker(new Cluster(fleet, 'partner'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { pathNormalization: 'DECODE_AND_MERGE_SLASHES' }),
  });
  broker.partner.namespace('partner-gateways', { create: true });
  const ingress = new Gateway(broker.partner, 'public', { kind: 'ingress', namespace: 'partner-gateways' });
  connect(fleet, agency, broker, ingress, client);
}

/** On Istio: the sidecar gets the key pair from istiod, which reads the Secret in the workload's namespace. */
export function istio(fleet: Fleet): void {
  onIstio(fleet, Credential.secret('partner-client', agencyCertificate));
}

/** On Istio with the Secret mounted into the sidecar, where istiod must not read Secrets for workloads. */
export function istioFiles(fleet: Fleet): void {
  const client = Credential.files('partner-client', { ...agencyCertificate, directory: '/etc/partner-certs' });
  onIstio(fleet, client, [client]);
}

/** On OpenShift Service Mesh 2.6: the router passes TLS on, so the partner's gateway sees the client certificate. */
export function ossm(fleet: Fleet): void {
  const agency = travelAgency(new Cluster(fleet, 'agency'), {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('prod-istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY', mtls: true }),
    trustDomain: 'production.local',
  });
  const broker = premiumBroker(new Cluster(fleet, 'partner'), {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('partner-istio-system', {
      mtls: true,
      pathNormalization: 'DECODE_AND_MERGE_SLASHES',
    }),
    trustDomain: 'partner.local',
  });
  const ingress = Gateway.smcp(broker.partner, 'istio-ingressgateway', {
    kind: 'ingress',
    route: RouteFront.passthrough(),
  });
  connect(fleet, agency, broker, ingress, Credential.secret('partner-client', agencyCertificate));
}

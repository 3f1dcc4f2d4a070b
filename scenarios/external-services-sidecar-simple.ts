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
  Ossm,
  PeeringTls,
  RouteFront,
  TrustBundle,
} from '../lib';
import { PARTNER_HOST, premiumBroker, routePremiumDestinations, travelAgency } from './travel-agency';

/** The sidecar of `travels` encrypts and verifies the partner; the partner knows nothing of its caller. */
function connect(
  fleet: Fleet,
  agency: ReturnType<typeof travelAgency>,
  { partner, broker }: ReturnType<typeof premiumBroker>,
  ingress: Gateway,
): void {
  const premium = new DirectPeering(fleet, 'premium', {
    consumer: agency.production,
    provider: partner,
    ingress,
    tls: PeeringTls.simple({
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
  }).expose(broker, { host: PARTNER_HOST, allow: [Access.http({ paths: ['/insurances/*'] })] });
  routePremiumDestinations(agency, premium);
}

/** On Istio: two clusters, the partner's gateway behind a load balancer. */
export function istio(fleet: Fleet): void {
  const agency = travelAgency(new Cluster(fleet, 'agency'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  const broker = premiumBroker(new Cluster(fleet, 'partner'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { pathNormalization: 'DECODE_AND_MERGE_SLASHES' }),
  });
  broker.partner.namespace('partner-gateways', { create: true });
  const ingress = new Gateway(broker.partner, 'public', { kind: 'ingress', namespace: 'partner-gateways' });
  connect(fleet, agency, broker, ingress);
}

/** On OpenShift Service Mesh 2.6: the router passes TLS on by SNI. */
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
  connect(fleet, agency, broker, ingress);
}

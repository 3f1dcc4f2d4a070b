import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  EgressGatewayPeering,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  MtlsPolicy,
  Ossm,
  PeeringTls,
  RouteFront,
  TrustBundle,
} from '../lib';
import { PARTNER_HOST, premiumBroker, routePremiumDestinations, travelAgency } from './travel-agency';

/** Both certificates of the hop, each signed by its own side's authority. */
export const mutualTls = () =>
  PeeringTls.mutual({
    client: Credential.secret('partner-client', {
      identity: Identity.spiffe('travel-agency.example/production'),
      signer: TrustBundle.declared('agency-ca'),
    }),
    server: Credential.secret('partner-credential', {
      identity: Identity.dns(PARTNER_HOST),
      signer: TrustBundle.declared('partner-ca'),
    }),
  });

/** The egress gateway presents the agency's certificate; pods of the agency have no other way out of their cluster. */
function connect(
  fleet: Fleet,
  agency: ReturnType<typeof travelAgency>,
  { partner, broker }: ReturnType<typeof premiumBroker>,
  { egress, ingress }: { egress: Gateway; ingress: Gateway },
): void {
  const premium = new EgressGatewayPeering(fleet, 'premium', {
    consumer: agency.production,
    provider: partner,
    egress,
    ingress,
    tls: mutualTls(),
    callers: Callers.namespaces('prod-travel-agency'),
    onlyWayOut: ['prod-travel-agency'],
  }).expose(broker, { host: PARTNER_HOST, allow: [Access.http({ methods: ['GET'], paths: ['/insurances/*'] })] });
  routePremiumDestinations(agency, premium);
}

/** Partner agency, option 2 on Istio: two clusters, the agency's mesh is STRICT. */
export function istio(fleet: Fleet): void {
  const agency = travelAgency(new Cluster(fleet, 'agency'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  const broker = premiumBroker(new Cluster(fleet, 'partner'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { pathNormalization: 'DECODE_AND_MERGE_SLASHES' }),
  });
  new MtlsPolicy(agency.production, 'strict', { mode: 'STRICT' });
  agency.production.namespace('istio-egress', { create: true });
  broker.partner.namespace('partner-gateways', { create: true });
  connect(fleet, agency, broker, {
    egress: new Gateway(agency.production, 'egress', { kind: 'egress', namespace: 'istio-egress' }),
    ingress: new Gateway(broker.partner, 'public', { kind: 'ingress', namespace: 'partner-gateways' }),
  });
}

/** Partner agency, option 2 as in the seed: both meshes in one OpenShift cluster, gateways of their control planes. */
export function ossm(fleet: Fleet): void {
  const ocp = new Cluster(fleet, 'ocp');
  const agency = travelAgency(ocp, {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('prod-istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY', mtls: true }),
    trustDomain: 'production.local',
  });
  const broker = premiumBroker(ocp, {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('partner-istio-system', {
      mtls: true,
      pathNormalization: 'DECODE_AND_MERGE_SLASHES',
    }),
    trustDomain: 'partner.local',
  });
  connect(fleet, agency, broker, {
    egress: Gateway.smcp(agency.production, 'istio-egressgateway', { kind: 'egress' }),
    ingress: Gateway.smcp(broker.partner, 'istio-ingressgateway', {
      kind: 'ingress',
      route: RouteFront.passthrough(),
    }),
  });
}

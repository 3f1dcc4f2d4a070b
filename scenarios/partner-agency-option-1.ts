import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  type ControlPlaneOptions,
  DirectPeering,
  type Fleet,
  Gateway,
  Istio,
  Ossm,
  PeeringTls,
  RouteFront,
} from '../lib';
import { PARTNER_HOST, premiumBroker, routePremiumDestinations, travelAgency } from './travel-agency';

const exposed = { host: PARTNER_HOST, allow: [Access.http({ paths: ['/insurances/*'] })] };

/** Partner agency, option 1 on Istio: two clusters, the partner's public gateway behind a load balancer. */
export function istio(fleet: Fleet, outbound: ControlPlaneOptions = { outboundTrafficPolicy: 'REGISTRY_ONLY' }): void {
  const agency = travelAgency(new Cluster(fleet, 'agency'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', outbound),
  });
  const { partner, broker } = premiumBroker(new Cluster(fleet, 'partner'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { pathNormalization: 'DECODE_AND_MERGE_SLASHES' }),
  });
  partner.namespace('partner-gateways', { create: true });
  const ingress = new Gateway(partner, 'public', {
    kind: 'ingress',
    namespace: 'partner-gateways',
    // a public gateway: its routes are all that limits it, there is no identity to tell callers apart by
    denyByDefault: false,
  });
  const premium = new DirectPeering(fleet, 'premium', {
    consumer: agency.production,
    provider: partner,
    ingress,
    tls: PeeringTls.plain(),
    callers: Callers.namespaces('prod-travel-agency'),
  }).expose(broker, exposed);
  routePremiumDestinations(agency, premium);
}

/** Partner agency, option 1 as in the seed: both meshes in one OpenShift cluster, a Route before the partner's gateway. */
export function ossm(fleet: Fleet, outbound: ControlPlaneOptions = { outboundTrafficPolicy: 'REGISTRY_ONLY' }): void {
  const ocp = new Cluster(fleet, 'ocp');
  const agency = travelAgency(ocp, {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('prod-istio-system', { ...outbound, mtls: true }),
    trustDomain: 'production.local',
  });
  const { partner, broker } = premiumBroker(ocp, {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('partner-istio-system', {
      mtls: true,
      pathNormalization: 'DECODE_AND_MERGE_SLASHES',
    }),
    trustDomain: 'partner.local',
  });
  const ingress = Gateway.smcp(partner, 'istio-ingressgateway', {
    kind: 'ingress',
    route: RouteFront.http(),
    denyByDefault: false,
  });
  const premium = new DirectPeering(fleet, 'premium', {
    consumer: agency.production,
    provider: partner,
    ingress,
    tls: PeeringTls.plain(),
    callers: Callers.namespaces('prod-travel-agency'),
  }).expose(broker, exposed);
  routePremiumDestinations(agency, premium);
}

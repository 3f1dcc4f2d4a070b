import {
  Access,
  Address,
  Callers,
  Cluster,
  ControlPlane,
  type FederationExposure,
  FederationGateways,
  FederationPeering,
  type Fleet,
  Istio,
  Mesh,
  MtlsPolicy,
  Ossm,
  OtherRoots,
  Port,
} from '../lib';
import { PARTNER_ROOT, PRODUCTION_ROOT } from './partner-agency-roots';
import { premiumBroker, routePremiumDestinations, travelAgency } from './travel-agency';

/** What the partner lets the agency do. */
const QUOTES = [Access.http({ methods: ['GET'], paths: ['/insurances/*'] })];

/** Addresses of the load balancers before the gateways that face the other mesh. */
const AT_PARTNER = Address.hostname('federation.partner.example');
const AT_AGENCY = Address.hostname('federation.agency.example');

const production = { trustDomain: 'production.local', root: PRODUCTION_ROOT.root };
const partner = { trustDomain: 'partner.local', root: PARTNER_ROOT.root };

/** The agency and the broker, which share nothing, as an OpenShift Service Mesh 2.6 each. */
function ossmMeshes(fleet: Fleet, clusters: { agency: string; partner: string }) {
  const cluster = new Cluster(fleet, clusters.agency);
  const agency = travelAgency(cluster, {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('prod-istio-system', { mtls: true }),
    ...production,
  });
  const broker = premiumBroker(clusters.partner === clusters.agency ? cluster : new Cluster(fleet, clusters.partner), {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('partner-istio-system', { mtls: true }),
    ...partner,
  });
  return { agency, broker };
}

/** Partner agency, option 3 as in the seed: two meshes in one OpenShift cluster federate. */
export function ossm(fleet: Fleet): void {
  const { agency, broker } = ossmMeshes(fleet, { agency: 'ocp', partner: 'ocp' });
  const federation = new FederationPeering(fleet, 'premium', { consumer: agency.production, provider: broker.partner });
  routePremiumDestinations(agency, federation.expose(broker.broker, { allow: QUOTES }));
}

/** The same in two clusters: gateways are reached through load balancers. */
export function clustersOssm(fleet: Fleet): FederationExposure<'http'> {
  const { agency, broker } = ossmMeshes(fleet, { agency: 'agency', partner: 'partner' });
  new FederationGateways(agency.production, 'partner', { address: AT_AGENCY });
  new FederationGateways(broker.partner, 'production', { address: AT_PARTNER });
  const federation = new FederationPeering(fleet, 'premium', { consumer: agency.production, provider: broker.partner });
  const premium = federation.expose(broker.broker, { allow: QUOTES });
  routePremiumDestinations(agency, premium);
  return premium;
}

/** The partner's endpoints join the agency's own Service: half of all insurances come from the partner. */
export function localOssm(fleet: Fleet): void {
  const { agency, broker } = ossmMeshes(fleet, { agency: 'ocp', partner: 'ocp' });
  new FederationPeering(fleet, 'premium', { consumer: agency.production, provider: broker.partner }).expose(
    broker.broker,
    { allow: [Access.http({ methods: ['GET'] })], asLocal: { namespace: 'prod-travel-agency' } },
  );
}

/** The partner answers only while the agency's own insurances fail. */
export function failoverOssm(fleet: Fleet): void {
  const { agency, broker } = ossmMeshes(fleet, { agency: 'agency', partner: 'partner' });
  new FederationGateways(agency.production, 'partner', { address: AT_AGENCY });
  new FederationGateways(broker.partner, 'production', {
    address: AT_PARTNER,
    serviceAnnotations: { 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' },
  });
  new FederationPeering(fleet, 'premium', {
    consumer: agency.production,
    provider: broker.partner,
    locality: { region: 'eu-west-1' },
  }).expose(broker.broker, {
    allow: [Access.http({ methods: ['GET'] })],
    asLocal: { namespace: 'prod-travel-agency', failover: { from: 'eu-central-1', consecutive5xxErrors: 3 } },
  });
}

/** A third mesh: the reinsurer sells to the broker, and both sell to the agency. Every pair of meshes has gateways of its own. */
export function threeMeshesOssm(fleet: Fleet): void {
  const { agency, broker } = ossmMeshes(fleet, { agency: 'ocp', partner: 'ocp' });
  const reinsurer = new Mesh(new Cluster(fleet, 'reinsurer'), 'reinsurer', {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('istio-system', { mtls: true }),
    trustDomain: 'reinsurer.local',
  });
  const nodes = ['192.0.2.10', '192.0.2.11'];
  new FederationGateways(reinsurer, 'production', {
    address: Address.nodePort({ nodes, port: 30443 }),
    discoveryPort: 30188,
  });
  new FederationGateways(reinsurer, 'partner', {
    address: Address.nodePort({ nodes, port: 31443 }),
    discoveryPort: 31188,
  });
  new FederationGateways(agency.production, 'reinsurer', { address: Address.hostname('reinsurer.agency.example') });
  new FederationGateways(broker.partner, 'reinsurer', { address: Address.hostname('reinsurer.partner.example') });
  reinsurer.namespace('reinsurance', { create: true });
  const risks = reinsurer.service('risks', { namespace: 'reinsurance', ports: [Port.http(8080)] });
  const rates = reinsurer.service('rates', { namespace: 'reinsurance', ports: [Port.grpc(9000)] });
  const consumer = agency.production;
  new FederationPeering(fleet, 'premium', { consumer, provider: broker.partner }).expose(broker.broker, {
    allow: QUOTES,
  });
  const toAgency = new FederationPeering(fleet, 'reinsurance', { consumer, provider: reinsurer });
  toAgency.expose(risks, { allow: [Access.http()], alias: { namespace: 'reinsured' } });
  const toBroker = new FederationPeering(fleet, 'reinsured-broker', { consumer: broker.partner, provider: reinsurer });
  toBroker.expose(risks, { allow: [Access.http()], labels: { export: 'broker' } });
  toBroker.expose(rates, {
    allow: [Access.http()],
    labels: { export: 'broker' },
    alias: { name: 'reinsurance-rates' },
  });
  // the other direction of the same two meshes
  const back = broker.partner.service('claims', { namespace: 'premium-broker', ports: [Port.http(8000)] });
  new FederationPeering(fleet, 'claims', { consumer: reinsurer, provider: broker.partner }).expose(back, {
    allow: [Access.http({ methods: ['POST'] })],
  });
}

/** The intent of `clustersOssm` without control planes that federate. */
function byGateways(
  fleet: Fleet,
  agency: ReturnType<typeof travelAgency>,
  { partner: provider, broker }: ReturnType<typeof premiumBroker>,
): void {
  new FederationGateways(provider, 'production', { address: AT_PARTNER, deploy: ['ingress'] });
  const federation = new FederationPeering(fleet, 'premium', {
    consumer: agency.production,
    provider,
    callers: Callers.serviceAccounts('prod-travel-agency/travels'),
  });
  routePremiumDestinations(agency, federation.expose(broker, { allow: QUOTES }));
}

/** Partner agency, option 3 on Istio: only the two gateways that face each other believe the other mesh's root. */
export function istio(fleet: Fleet): void {
  const agency = travelAgency(new Cluster(fleet, 'agency'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', {
      dnsCapture: true,
      otherRoots: OtherRoots.byGateways(PARTNER_ROOT),
    }),
    ...production,
  });
  const broker = premiumBroker(new Cluster(fleet, 'partner'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { otherRoots: OtherRoots.byGateways(PRODUCTION_ROOT) }),
    ...partner,
  });
  new MtlsPolicy(agency.production, 'strict', { mode: 'STRICT' });
  new MtlsPolicy(broker.partner, 'strict', { mode: 'STRICT' });
  byGateways(fleet, agency, broker);
}

/** The same on OpenShift Service Mesh 3: where a federation of OpenShift Service Mesh 2 goes. */
export function ossm3(fleet: Fleet): void {
  const agency = travelAgency(new Cluster(fleet, 'agency'), {
    platform: Ossm.v3(),
    controlPlane: ControlPlane.sail('prod-istio-system', {
      mtls: true,
      dnsCapture: true,
      otherRoots: OtherRoots.byGateways(PARTNER_ROOT),
    }),
    ...production,
  });
  const broker = premiumBroker(new Cluster(fleet, 'partner'), {
    platform: Ossm.v3(),
    controlPlane: ControlPlane.sail('partner-istio-system', {
      mtls: true,
      otherRoots: OtherRoots.byGateways(PRODUCTION_ROOT),
    }),
    ...partner,
  });
  byGateways(fleet, agency, broker);
}

import {
  type Cluster,
  type ControlPlane,
  type Exposure,
  Mesh,
  type MeshProps,
  type Platform,
  Port,
  Routing,
  Rule,
  Workload,
  type WorkloadProps,
} from '../lib';

/** Host of the partner's insurance broker. */
export const PARTNER_HOST = 'insurances.partner.example';

const PREMIUM = ['London', 'Rome', 'Paris', 'Berlin', 'Munich', 'Dublin'];

interface AgencyMesh extends Omit<MeshProps, 'platform' | 'controlPlane'> {
  readonly platform: Platform;
  readonly controlPlane: ControlPlane;
}

/** The travel agency: `travels` asks `insurances` for quotes; both are its own. */
export function travelAgency(
  cluster: Cluster,
  props: AgencyMesh,
  travelsOptions: Pick<WorkloadProps, 'sidecarFiles'> = {},
) {
  const production = new Mesh(cluster, 'production', props);
  production.namespace('prod-travel-agency', { create: true });
  const travels = production.service('travels', { namespace: 'prod-travel-agency', ports: [Port.http(8000)] });
  const insurances = production.service('insurances', {
    namespace: 'prod-travel-agency',
    ports: [Port.http(8000)],
    subsets: { v1: { version: 'v1' } },
  });
  new Workload(production, 'travels', { service: travels, image: 'quay.io/example/travels:1.0', ...travelsOptions });
  new Workload(production, 'insurances', { service: insurances, image: 'quay.io/example/insurances:1.0' });
  return { production, insurances };
}

/** The partner's broker, which sells insurances for premium destinations. */
export function premiumBroker(cluster: Cluster, props: AgencyMesh) {
  const partner = new Mesh(cluster, 'partner', props);
  partner.namespace('premium-broker', { create: true });
  const broker = partner.service('insurances', { namespace: 'premium-broker', ports: [Port.http(8000)] });
  new Workload(partner, 'broker', { service: broker, image: 'quay.io/example/insurances:1.0', version: 'premium' });
  return { partner, broker };
}

/** Requests for premium destinations go to the partner, all others stay with the agency. */
export function routePremiumDestinations(
  { production, insurances }: ReturnType<typeof travelAgency>,
  premium: Exposure<'http'>,
) {
  new Routing(production, 'premium-destinations', {
    host: insurances,
    rules: [
      Rule.paths(PREMIUM.map((city) => `/insurances/${city}`)).to(premium),
      Rule.otherwise().to(insurances.subset('v1')),
    ],
  });
}

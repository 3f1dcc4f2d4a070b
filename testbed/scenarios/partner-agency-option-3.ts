import { Fleet } from '../../lib';
import { clustersOssm } from '../../scenarios/partner-agency-option-3';
import type { Bed } from '../bed/bed';
import type { Call, ControlPlaneSetup, Scenario } from '../bed/scenario';
import {
  asObjects,
  atAgency,
  atPartner,
  certificates,
  dns,
  type Ends,
  federationCalls,
  IMPORTED,
  operatorGateway,
} from '../support/federation';
import { installedWith } from '../support/installation';
import { OUTSIDE } from '../support/travel-agency';

/** Straight to the workload, past all gateways: whose root does it believe? */
async function past(bed: Bed, as: string, expect: Call['expect'], why: string): Promise<void> {
  const labels = ['-l', 'app=insurances', '-o', 'jsonpath={.items[0].status.podIP}'];
  const { stdout } = await bed.kubectl('partner', ['get', 'pod', '-n', 'premium-broker', ...labels]);
  await bed.expect({
    from: OUTSIDE,
    url: `https://${stdout.trim()}:8000/insurances/Rome`,
    alpn: 'istio',
    sni: 'outbound_.8000_._.insurances.premium-broker.svc.cluster.local',
    as,
    expect,
    why,
  });
}

async function onlyGatewaysBelieve(bed: Bed): Promise<void> {
  await past(bed, 'agency-as-partner', { error: '' }, "workloads do not believe the agency's root");
  await past(bed, 'partner-friend', { code: 403 }, 'they believe their own, and the policy decides');
}

const GATEWAYS: Ends = {
  egress: 'spiffe://production.local/ns/istio-system/sa/partner-egress',
  ingress: 'spiffe://partner.local/ns/istio-system/sa/production-ingress',
  wireHost: 'insurances.premium-broker.partner.svc.production-exports.local',
};
const FLEET = 'partner-agency/option-3';
const OUTPUT = `dist/${FLEET}`;
const AGENCY_PLANE = installedWith(FLEET, 'agency', { authorities: ['root-partner'] }, 'production');
const PARTNER_PLANE = installedWith(FLEET, 'partner', { authorities: ['root-agency'] });

const noCaller = (expect: Call['expect'], why: string): Call => ({
  from: 'agency/back-office/clerk',
  url: `http://${IMPORTED}:8000/insurances/Rome`,
  expect,
  why,
});

/** Plain objects, with what the control planes are told to have. */
function option3(name: string, agency: ControlPlaneSetup, partner: ControlPlaneSetup, calls: Call[]): Scenario {
  return {
    name,
    certificates: certificates(GATEWAYS),
    clusters: {
      agency: {
        controlPlane: agency,
        dns: dns('istio-system/production-ingress'),
        objects: atAgency,
        apply: [`${OUTPUT}/agency`],
      },
      partner: { controlPlane: partner, objects: atPartner, apply: [`${OUTPUT}/partner`] },
    },
    calls,
  };
}

/** A control plane that does not know the other root. */
const alone = ({ mesh }: ControlPlaneSetup): ControlPlaneSetup => ({ mesh: { ...mesh, caCertificates: [] } });
const fails = (flags: string): Call[] => [
  {
    from: 'agency/prod-travel-agency/travels',
    url: 'http://insurances:8000/insurances/Rome',
    expect: { code: 503, flags },
    why: 'one of the gateways does not believe the other',
  },
];

/** What the control planes of OpenShift Service Mesh 2 make in memory, between two of Istio. */
function inMemory(): Scenario {
  const { inMemory: made, principals, wireHost } = clustersOssm(new Fleet()).describe();
  if (made === undefined) throw new Error('nothing is made in memory');
  const { atIngress, atWorkload } = principals;
  const ends = { egress: `spiffe://${atIngress}`, ingress: `spiffe://${atWorkload}`, wireHost };
  const ossm = 'dist/partner-agency/option-3-clusters-ossm';
  return {
    name: 'partner-agency/option-3-in-memory',
    certificates: certificates(ends),
    clusters: {
      agency: {
        controlPlane: { ...AGENCY_PLANE, namespace: 'prod-istio-system' },
        crds: ['maistra'],
        dns: dns('partner-istio-system/production-ingress'),
        objects: [
          ...atAgency,
          ...operatorGateway('prod-istio-system', 'partner-egress', 'ClusterIP'),
          ...asObjects(made.consumer),
        ],
        apply: [`${ossm}/agency`],
      },
      partner: {
        controlPlane: { ...PARTNER_PLANE, namespace: 'partner-istio-system' },
        crds: ['maistra'],
        objects: [
          ...atPartner,
          ...operatorGateway('partner-istio-system', 'production-ingress', 'LoadBalancer'),
          ...asObjects(made.provider),
        ],
        apply: [`${ossm}/partner`],
      },
    },
    calls: [
      ...federationCalls(ends),
      noCaller({ code: 200 }, 'the control plane lets every workload of the mesh through'),
    ],
    test: onlyGatewaysBelieve,
  };
}

const scenarios: Scenario[] = [
  {
    ...option3('partner-agency/option-3', AGENCY_PLANE, PARTNER_PLANE, [
      ...federationCalls(GATEWAYS),
      noCaller({ error: '' }, 'a namespace without callers does not see the host'),
    ]),
    test: onlyGatewaysBelieve,
  },
  option3('partner-agency/option-3-provider-alone', alone(AGENCY_PLANE), PARTNER_PLANE, fails('UF')),
  option3('partner-agency/option-3-consumer-alone', AGENCY_PLANE, alone(PARTNER_PLANE), fails('UC')),
  inMemory(),
];

export default scenarios;

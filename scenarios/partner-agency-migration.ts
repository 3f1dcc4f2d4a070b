import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  DirectPeering,
  EgressGatewayPeering,
  type Exposure,
  type Fleet,
  Gateway,
  Istio,
  PeeringTls,
  Routing,
  Rule,
} from '../lib';
import { mutualTls } from './partner-agency-option-2';
import { PARTNER_HOST, premiumBroker, travelAgency } from './travel-agency';

/** Host of the broker in clear text, until nobody needs it any more. */
const OLD_HOST = 'insurances-plain.partner.example';

/** How far the migration is: each step is a commit, and clusters may be one step apart. */
export type MigrationStep = 'before' | 'added' | 'split' | 'moved' | 'after';

/**
 * From option 1 (clear text) to option 2 (mutual TLS through an egress gateway) without a failed call: a second peering
 * with a second host is added, calls are moved by weight, the first peering is removed.
 */
export function migration(fleet: Fleet, step: MigrationStep): void {
  const agency = travelAgency(new Cluster(fleet, 'agency'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  const { partner, broker } = premiumBroker(new Cluster(fleet, 'partner'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { pathNormalization: 'DECODE_AND_MERGE_SLASHES' }),
  });
  const { production, insurances } = agency;
  production.namespace('istio-egress', { create: true });
  partner.namespace('partner-gateways', { create: true });
  const callers = Callers.namespaces('prod-travel-agency');

  const plain = () =>
    new DirectPeering(fleet, 'premium-plain', {
      consumer: production,
      provider: partner,
      ingress: new Gateway(partner, 'public', {
        kind: 'ingress',
        namespace: 'partner-gateways',
        denyByDefault: false,
      }),
      tls: PeeringTls.plain(),
      callers,
    }).expose(broker, { host: OLD_HOST, allow: [Access.http({ paths: ['/insurances/*'] })] });
  const mutual = () =>
    new EgressGatewayPeering(fleet, 'premium', {
      consumer: production,
      provider: partner,
      egress: new Gateway(production, 'egress', { kind: 'egress', namespace: 'istio-egress' }),
      ingress: new Gateway(partner, 'private', { kind: 'ingress', namespace: 'partner-gateways' }),
      tls: mutualTls(),
      callers,
    }).expose(broker, { host: PARTNER_HOST, allow: [Access.http({ paths: ['/insurances/*'] })] });

  const from = step === 'after' ? undefined : plain();
  const to = step === 'before' ? undefined : mutual();
  new Routing(production, 'premium-destinations', {
    host: insurances,
    rules: [premium(step, from, to), Rule.otherwise().to(insurances.subset('v1'))],
  });
}

/** Where quotes for premium destinations come from. */
function premium(step: MigrationStep, from: Exposure<'http'> | undefined, to: Exposure<'http'> | undefined): Rule {
  const calls = Rule.paths(['/insurances/London', '/insurances/Rome']);
  if (from === undefined || to === undefined) return calls.to((from ?? to) as Exposure<'http'>);
  if (step === 'split') return calls.to({ weight: 50, to: from }, { weight: 50, to });
  return calls.to(step === 'added' ? from : to);
}

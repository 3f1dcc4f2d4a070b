import type { Bed } from '../bed';
import type { Scenario } from '../scenario';
import { sync } from '../support/gitops';
import { CERTIFICATES, EGRESS_SECRET, PARTNER_HOST, PARTNER_SECRET, TRAVELS } from '../support/travel-agency';

const STEPS = ['1-before', '2-added', '3-split', '4-moved', '5-after'];
const folder = (step: string, cluster: string) => `dist/partner-agency-migration-${step}/${cluster}`;

/** Several calls of each kind: all are answered, by whom they should be. */
async function allAnswered(bed: Bed, state: string): Promise<void> {
  for (const [path, version] of [
    ['/insurances/London', 'premium'],
    ['/insurances/Athens', 'v1'],
  ]) {
    await bed.expect({
      from: TRAVELS,
      url: `http://insurances:8000${path}`,
      repeat: 12,
      expect: { spread: [`insurances-${version}`] },
      why: state,
    });
  }
}

/**
 * Clusters do not sync at one moment: in every step the consumer may be ahead of the provider, or behind it. All four
 * combinations of old and new answer.
 */
async function migrate(bed: Bed): Promise<void> {
  const step = (cluster: string, from: string, to: string) =>
    sync(bed, cluster, folder(from, cluster), folder(to, cluster));
  await allAnswered(bed, `both clusters at ${STEPS[0]}`);
  for (const [index, next] of STEPS.slice(1).entries()) {
    const old = STEPS[index];
    await step('agency', old, next);
    await allAnswered(bed, `the agency at ${next}, the partner still at ${old}`);
    await step('agency', next, old);
    await step('partner', old, next);
    await allAnswered(bed, `the partner at ${next}, the agency still at ${old}`);
    await step('agency', old, next);
    await allAnswered(bed, `both clusters at ${next}`);
  }
}

const scenario: Scenario = {
  name: 'partner-agency-migration',
  certificates: CERTIFICATES,
  needs: STEPS.flatMap((step) => [folder(step, 'agency'), folder(step, 'partner')]),
  clusters: {
    agency: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
      dns: {
        'insurances-plain.partner.example': 'partner:partner-gateways/public',
        [PARTNER_HOST]: 'partner:partner-gateways/private',
      },
      secrets: [EGRESS_SECRET],
      apply: [folder(STEPS[0], 'agency')],
    },
    partner: { secrets: [PARTNER_SECRET], apply: [folder(STEPS[0], 'partner')] },
  },
  test: migrate,
};

export default scenario;

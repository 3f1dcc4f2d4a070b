import type { Bed } from '../bed/bed';
import type { Scenario } from '../bed/scenario';
import { DECODING_SLASHES } from '../support/control-planes';
import { sync } from '../support/gitops';
import { CERTIFICATES, EGRESS_SECRET, PARTNER_HOST, PARTNER_SECRET, TRAVELS } from '../support/travel-agency';

const STEPS = ['1-before', '2-added', '3-split', '4-moved', '5-after'];
const folder = (step: string, cluster: string) => `dist/partner-agency/migration-${step}/${cluster}`;

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
 * Calls are moved once the new host answers. With the agency first, its proxies know the host before the partner's
 * gateway has an address: they look again only after a while (MeshConfig `dnsRefreshRate`, a minute by default).
 */
async function newHostAnswers(bed: Bed): Promise<void> {
  await bed.expect({
    from: TRAVELS,
    url: `http://${PARTNER_HOST}/insurances/London`,
    expect: { code: 200 },
    within: 10,
    why: 'the new host answers before calls are moved to it',
  });
}

/** Which part of the premium calls goes through the egress gateway: none, some or all. */
async function partThroughEgress(bed: Bed): Promise<string> {
  const repeat = 24;
  const { hops } = await bed.call({ from: TRAVELS, url: 'http://insurances:8000/insurances/London', repeat });
  const through = hops.filter(({ at }) => at === 'agency/istio-egress/egress').length;
  const around = hops.filter(({ at, sent }) => at === TRAVELS && sent.cluster?.includes('insurances-plain')).length;
  return through === 0 ? 'none' : around === 0 ? 'all' : 'some';
}

/** What the routing of each step says. */
const THROUGH_EGRESS = ['none', 'none', 'some', 'all', 'all'];

/**
 * Clusters do not sync at one moment: in every step one of them is ahead. Both orders together make all four
 * combinations of old and new; all of them answer.
 */
function migration(first: 'agency' | 'partner'): Scenario {
  const second = first === 'agency' ? 'partner' : 'agency';
  const migrate = async (bed: Bed): Promise<void> => {
    const step = (cluster: string, from: string, to: string) =>
      sync(bed, cluster, folder(from, cluster), folder(to, cluster));
    await allAnswered(bed, `both clusters at ${STEPS[0]}`);
    for (const [index, next] of STEPS.slice(1).entries()) {
      const old = STEPS[index];
      await step(first, old, next);
      await allAnswered(bed, `${first} at ${next}, ${second} still at ${old}`);
      await step(second, old, next);
      await allAnswered(bed, `both clusters at ${next}`);
      if (next === '2-added') await newHostAnswers(bed);
      const part = await partThroughEgress(bed);
      const expected = THROUGH_EGRESS[index + 1];
      if (part !== expected)
        throw new Error(`at ${next} ${part} of the calls go through the egress gateway, not ${expected}`);
    }
  };
  return {
    name: `partner-agency/migration-${first}-first`,
    certificates: CERTIFICATES,
    clusters: {
      agency: {
        controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }, dnsRefreshRate: '1s' } },
        dns: {
          'insurances-plain.partner.example': 'partner:partner-gateways/public',
          [PARTNER_HOST]: 'partner:partner-gateways/private',
        },
        secrets: [EGRESS_SECRET],
        apply: [folder(STEPS[0], 'agency')],
      },
      partner: { controlPlane: DECODING_SLASHES, secrets: [PARTNER_SECRET], apply: [folder(STEPS[0], 'partner')] },
    },
    test: migrate,
  };
}

export default [migration('agency'), migration('partner')];

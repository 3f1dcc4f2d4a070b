import type { Call, Scenario } from '../bed/scenario';
import { outsideClient } from '../support/clients';
import { DECODING_SLASHES } from '../support/control-planes';
import {
  AGENCY,
  CERTIFICATES,
  OUTSIDE,
  PARTNER_HOST,
  PARTNER_SECRET,
  premiumDestinations,
  TRAVELS,
} from '../support/travel-agency';

const PUBLIC = 'partner:partner-gateways/public';

function scenario(name: string, calls: Call[], secrets: Scenario['clusters'][string]['secrets'] = []): Scenario {
  return {
    name,
    certificates: CERTIFICATES,
    clusters: {
      agency: {
        controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
        dns: { [PARTNER_HOST]: PUBLIC, 'other.partner.example': PUBLIC },
        objects: outsideClient(),
        apply: [`dist/${name}/agency`],
      },
      partner: { controlPlane: DECODING_SLASHES, secrets, apply: [`dist/${name}/partner`] },
    },
    calls,
  };
}

const application = (call: Omit<Call, 'from' | 'ca'>): Call => ({ from: TRAVELS, ca: 'partner-ca', ...call });
const ROME = `https://${PARTNER_HOST}/insurances/Rome`;

export default [
  scenario(
    'external-services/egress-application',
    [
      application({
        url: ROME,
        as: 'agency-client',
        expect: {
          code: 200,
          body: '"version": "premium"',
          hops: [
            { at: 'agency/travels', direction: 'outbound', received: { sni: PARTNER_HOST } },
            { at: 'agency/egress', received: { sni: PARTNER_HOST } },
            { at: 'partner/public', received: { sni: PARTNER_HOST, peer: AGENCY }, code: 200 },
          ],
        },
        why: 'the application holds the certificate; sidecar and egress gateway forward its bytes by SNI',
      }),
      application({ url: ROME, expect: { error: 'curl 56' }, why: 'no client certificate' }),
      application({ url: ROME, as: 'stranger-client', expect: { error: 'curl 56' }, why: 'foreign authority' }),
      application({
        url: `https://${PARTNER_HOST}/other`,
        as: 'agency-client',
        expect: { code: 403 },
        why: 'the partner allows no such path',
      }),
      application({
        url: 'https://other.partner.example/insurances/Rome',
        as: 'agency-client',
        expect: { error: 'curl 35' },
        why: 'an SNI that nobody registered (REGISTRY_ONLY)',
      }),
      application({
        url: `http://${PARTNER_HOST}/insurances/Rome`,
        expect: { error: 'curl 56', flags: 'UH' },
        why: 'nothing HTTP is registered on port 80',
      }),
    ],
    [PARTNER_SECRET],
  ),
  scenario('external-services/egress-unencrypted', [
    ...premiumDestinations([
      { at: 'agency/travels', direction: 'outbound', received: 'clear', sent: 'tls', code: 200 },
      {
        at: 'agency/egress',
        received: { sni: PARTNER_HOST, peer: 'spiffe://cluster.local/ns/prod-travel-agency/sa/travels' },
        sent: 'clear',
        code: 200,
      },
      { at: 'partner/public', received: 'clear', code: 200 },
    ]),
    {
      from: TRAVELS,
      url: `http://${PARTNER_HOST}/insurances/Rome`,
      expect: { code: 200, body: '"version": "premium"', hops: [{ at: 'agency/egress', code: 200 }] },
      why: 'the host dialled directly goes through the egress gateway, too',
    },
    {
      from: OUTSIDE,
      url: `http://${PARTNER_HOST}/insurances/Rome`,
      expect: { code: 200 },
      why: 'clear text authenticates nobody',
    },
  ]),
];

import type { Call, Scenario } from '../bed/scenario';
import { client, outsideClient } from '../support/clients';
import { DECODING_SLASHES } from '../support/control-planes';
import { OUTSIDE, PARTNER_HOST, premiumDestinations, TRAVELS } from '../support/travel-agency';

const LOAD_BALANCER = 'partner:partner-gateways/public';

const calls: Call[] = [
  ...premiumDestinations([
    { at: 'agency/travels', direction: 'outbound', sent: 'clear', code: 200 },
    { at: 'partner/public', received: 'clear', sent: 'tls', code: 200 },
    {
      at: 'partner/insurances',
      direction: 'inbound',
      received: { peer: 'spiffe://cluster.local/ns/partner-gateways/sa/public' },
    },
  ]),
  {
    from: TRAVELS,
    url: `http://${PARTNER_HOST}/insurances/Rome`,
    expect: { code: 200, body: '"version": "premium"' },
    why: 'the host of the exposure can be dialled, too',
  },
  {
    from: TRAVELS,
    url: `http://${PARTNER_HOST}/other`,
    expect: { code: 404 },
    why: 'the partner exposes no such path',
  },
  {
    from: 'agency/cars/clerk',
    url: 'http://insurances.prod-travel-agency:8000/insurances/London',
    expect: { code: 200, body: '"version": "v1"' },
    why: 'a workload that is no caller falls through the rule for premium destinations to the next one',
  },
  {
    from: OUTSIDE,
    url: `http://lb.partner.example/insurances/Rome`,
    expect: { code: 404 },
    why: "the partner's gateway knows its host only",
  },
  {
    from: OUTSIDE,
    url: `http://lb.partner.example/insurances/Rome`,
    headers: { Host: PARTNER_HOST },
    expect: { code: 200 },
    why: 'clear text protects nothing: whoever reaches the gateway may call',
  },
];

function scenario(name: string, mode: 'REGISTRY_ONLY' | 'ALLOW_ANY', unregistered: Call['expect']): Scenario {
  return {
    name,
    clusters: {
      agency: {
        controlPlane: { mesh: { outboundTrafficPolicy: { mode } } },
        dns: {
          [PARTNER_HOST]: LOAD_BALANCER,
          'lb.partner.example': LOAD_BALANCER,
          'other.partner.example': LOAD_BALANCER,
        },
        objects: [
          ...outsideClient(),
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cars', labels: { 'istio-injection': 'enabled' } } },
          client('cars', 'clerk'),
        ],
        apply: [`dist/${name}/agency`],
      },
      partner: { controlPlane: DECODING_SLASHES, apply: [`dist/${name}/partner`] },
    },
    calls: [
      ...calls,
      {
        from: TRAVELS,
        url: 'http://other.partner.example/insurances/Rome',
        expect: unregistered,
        why: `a host without ServiceEntry under ${mode}`,
      },
      {
        from: TRAVELS,
        url: `http://${PARTNER_HOST}/insurances/Rome`,
        before: [
          {
            cluster: 'agency',
            kubectl: ['delete', 'serviceentry', '-n', 'prod-travel-agency', 'premium.premium-broker.insurances.8000'],
          },
        ],
        // nothing HTTP is registered on port 80 any more, so there is no listener to answer 502
        expect: mode === 'REGISTRY_ONLY' ? { error: 'curl 56', flags: 'UH' } : { code: 200 },
        why: `the partner's host once its ServiceEntry is gone, under ${mode}`,
      },
    ],
  };
}

export default [
  // an HTTP listener exists on port 80, so the black hole answers 502 instead of a reset
  scenario('partner-agency/option-1', 'REGISTRY_ONLY', { code: 502 }),
  scenario('partner-agency/option-1-allow-any', 'ALLOW_ANY', { code: 404 }),
];

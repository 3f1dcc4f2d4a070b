import type { Call, SecretSetup } from '../bed/scenario';
import type { HopExpectation } from '../istio/hops';

/** The host by which the partner is known. */
export const PARTNER_HOST = 'insurances.partner.example';

/** The workload that asks for quotes. */
export const TRAVELS = 'agency/prod-travel-agency/travels';

/** Somebody at the agency who is in no mesh. */
export const OUTSIDE = 'agency/outside/curl';

const PREMIUM = { code: 200, body: '"version": "premium"' } as const;
const LOCAL = { code: 200, body: '"version": "v1"' } as const;

/**
 * What the travel agency asks for, whatever the strategy: six destinations reach the partner, all others stay local.
 *
 * @param hops the way of a premium call.
 */
export function premiumDestinations(hops: readonly HopExpectation[]): Call[] {
  const quote = (city: string, expect: Call['expect'], why: string): Call => ({
    from: TRAVELS,
    url: `http://insurances:8000/insurances/${city}`,
    expect,
    why,
  });
  return [
    ...['London', 'Rome', 'Paris', 'Berlin', 'Munich', 'Dublin'].map((city) =>
      quote(city, { ...PREMIUM, hops }, 'a premium destination reaches the partner'),
    ),
    quote('Athens', LOCAL, 'a seventh destination stays local'),
    quote('London/extra', LOCAL, 'destinations are matched exactly'),
    {
      ...quote('Oslo', LOCAL, 'the full name does the same'),
      url: 'http://insurances.prod-travel-agency.svc.cluster.local:8000/insurances/Oslo',
    },
  ];
}

/** Subject Alternative Name of the agency's certificate. */
export const AGENCY = 'spiffe://travel-agency.example/production';

/** What both sides present, and what others could try. */
export const CERTIFICATES = [
  { name: 'partner-server', ca: 'partner-ca', san: [`DNS:${PARTNER_HOST}`], eku: 'serverAuth' },
  { name: 'other-server', ca: 'partner-ca', san: ['DNS:other.partner.example'], eku: 'serverAuth' },
  { name: 'agency-client', ca: 'agency-ca', san: [`URI:${AGENCY}`], eku: 'clientAuth' },
  { name: 'agency-other', ca: 'agency-ca', san: ['URI:spiffe://travel-agency.example/other'], eku: 'clientAuth' },
  { name: 'agency-expired', ca: 'agency-ca', san: [`URI:${AGENCY}`], eku: 'clientAuth', expired: true },
  { name: 'stranger-client', ca: 'stranger-ca', san: ['URI:spiffe://stranger.example/x'], eku: 'clientAuth' },
];

/** The key pair by which the agency's egress gateway is known to the partner. */
export const EGRESS_SECRET: SecretSetup = {
  namespace: 'istio-egress',
  name: 'partner-client',
  data: { 'ca.crt': 'ca:partner-ca', 'tls.crt': 'cert:agency-client', 'tls.key': 'key:agency-client' },
};

/** The key pair of the partner's gateway. */
export const PARTNER_SECRET: SecretSetup = {
  namespace: 'partner-gateways',
  name: 'partner-credential',
  data: { 'ca.crt': 'ca:agency-ca', 'tls.crt': 'cert:partner-server', 'tls.key': 'key:partner-server' },
};

/** Calls of somebody outside who dials the partner's gateway: only the agency's certificate opens it. */
export const OUTSIDERS: Call[] = [
  { expect: { error: 'curl 56' }, why: 'no client certificate' },
  { as: 'stranger-client', expect: { error: 'curl 56' }, why: 'certificate of a foreign authority' },
  { as: 'agency-expired', expect: { error: 'curl 56' }, why: 'expired certificate' },
].map((call) => ({ from: OUTSIDE, url: `https://${PARTNER_HOST}/insurances/Rome`, ca: 'partner-ca', ...call }));

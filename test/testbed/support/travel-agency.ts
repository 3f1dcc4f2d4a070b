import type { HopExpectation } from '../hops';
import type { Call } from '../scenario';

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

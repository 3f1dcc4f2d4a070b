import type { Access } from '../facts/access';
import type { Protocol } from '../facts/port';
import type { Consumer, Provider } from './parties';
import type { Strategy } from './strategy';

/** Who takes part in a peering. */
export interface PeeringProps<S extends Strategy = Strategy> {
  /** Who calls. */
  readonly consumer: Consumer;
  /** Who is called. */
  readonly provider: Provider<S>;
}

/** What an exposure states, whatever the strategy. */
export interface Exposing {
  /** Who may call what; several add up. An empty list: routed, but every call is denied. */
  readonly allow: Access[];
}

/** What only an exposure of requests can state. */
export type OfProtocol<P extends Protocol> = [P] extends ['tcp' | 'tls']
  ? [P] extends [never]
    ? unknown
    : { readonly jwtRules?: undefined; readonly httpsRedirect?: undefined }
  : unknown;

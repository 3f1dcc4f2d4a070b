import type { Protocol } from '../../facts/port';
import type { ConnectionUse } from '../hop/connection';
import type { AtGateway } from '../ingress/at-gateway';
import type { Strategy } from '../strategy';
import type { PrivateCommon, PrivateFacts } from './facts';

/** What the provider states about an exposure between private gateways; its peers send no clear text to redirect. */
export interface PrivateStated extends Omit<AtGateway, 'httpsRedirect'> {
  /**
   * Subset of the service at the provider.
   * @default - the whole service
   */
  readonly subset?: string;
  /**
   * Server name that tells the application's own TLS apart at the provider's gateway, for a tls port: what callers dial
   * and verify.
   * @default - the name of the service at the provider
   */
  readonly host?: string;
  /**
   * Port of the provider's gateway that the service has for itself, for a tcp port, or another than the first that fits.
   * @default - the gateway's first https port (requests) or tls port (the application's own TLS); none for tcp
   */
  readonly gatewayPort?: number;
  /**
   * Principals of the provider's own mesh that go on calling the workload, such as `cluster.local/ns/bookinfo/sa/reviews`:
   * its policy cuts all that nobody names.
   * @default - none: the private gateway alone calls it
   */
  readonly alsoFrom?: string[];
}

/** What a peering of private gateways is about. */
export interface PrivateGateways extends Strategy {
  readonly protocol: Protocol;
  readonly common: PrivateCommon;
  readonly facts: PrivateFacts;
  readonly stated: PrivateStated;
  readonly used: ConnectionUse;
}

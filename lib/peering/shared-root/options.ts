import type { Protocol } from '../../facts/port';
import type { ConnectionUse } from '../hop/connection';
import type { Strategy } from '../strategy';
import type { SharedRootCommon, SharedRootFacts } from './facts';
import type { FailoverMember } from './failover-member';

/** What the provider states about an exposure. */
export interface SharedRootStated {
  /**
   * Host that both sides know the service by.
   * @default - `<service>.<namespace>.<domain of the peering>`, with `<subset>.` before it where there is one
   */
  readonly host?: string;
  /**
   * Port that callers dial.
   * @default - the port of the service
   */
  readonly port?: number;
  /**
   * Subset of the service at the provider; it has a host of its own.
   * @default - the whole service
   */
  readonly subset?: string;
  /**
   * ServiceAccounts that the service's pods run as: callers accept no other server.
   * @default - one with the service's name, as `Workload` makes it
   */
  readonly serviceAccounts?: string[];
  /**
   * Identities of the provider's own mesh that go on calling the workload at this port, as `Access.from` takes them: its
   * policy cuts all that none names.
   * @default - none
   */
  readonly alsoFrom?: string[];
}

/** What the consumer states about an exposure. */
export interface SharedRootUsed extends ConnectionUse {
  /**
   * Address by which sidecars know the host.
   * @default - made of the host, in the mesh's `virtualIpRange`
   */
  readonly virtualIp?: string;
  /**
   * Makes the provider one of several that answer for the host: `failover.at('<region>/<zone>')`.
   * @default - the provider is the only one
   */
  readonly failover?: FailoverMember;
}

/** Workload to workload, by one root of trust. */
export interface SharedRoot extends Strategy {
  readonly protocol: Protocol;
  readonly common: SharedRootCommon;
  readonly facts: SharedRootFacts;
  readonly stated: SharedRootStated;
  readonly used: SharedRootUsed;
}

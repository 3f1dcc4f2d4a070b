import type { Duration } from 'cdk8s';
import type * as istio from '../../imports/istio';
import { duration, durationText } from '../facts/duration';
import { MeshError } from '../facts/error';
import { anything, flag, type Guards, optional } from '../facts/guard';
import { requireList } from '../facts/kind-of';
import type { Platform } from '../platform/platform';
import { isSince } from '../platform/since';

/** When a request is sent again: conditions of Envoy, or status codes. */
export type RetryOn = (typeof CONDITIONS)[number] | number;

/** Conditions of Envoy's router (`x-envoy-retry-on`, `x-envoy-retry-grpc-on`) that istiod takes. */
const CONDITIONS = [
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'envoy-ratelimited',
  'retriable-4xx',
  'refused-stream',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
] as const;

/** How often, and when, a request is sent again. */
export interface Retries {
  /** How often at most, besides the first time; 0 switches Istio's own two retries off. */
  readonly attempts: number;
  /**
   * How long each attempt may take, the first among them.
   * @default - as long as the timeout of the rule
   */
  readonly perTry?: Duration;
  /**
   * When it is sent again.
   * @default - what Istio takes as safe: the connection failed, the stream was refused, gRPC is unavailable or cancelled;
   * no status code of HTTP, but 503 before Istio 1.24 (OpenShift Service Mesh 2.6)
   */
  readonly on?: RetryOn[];
  /**
   * Least time between two attempts. Istio 1.26 or newer.
   * @default - 25 ms, Istio's own default
   */
  readonly backoff?: Duration;
  /**
   * Whether other localities are tried, too.
   * @default - Istio's own default: as load balancing leads
   */
  readonly remoteLocalities?: boolean;
}

/** What retries may be; what `anything` may be is said where it is rendered. */
export const RETRIES: Guards<Retries> = {
  attempts: anything,
  perTry: optional(duration),
  on: anything,
  backoff: optional(duration),
  remoteLocalities: optional(flag),
};

/**
 * Retries as Istio writes them.
 *
 * @throws MESH1309 for values that are malformed or contradict each other.
 */
export function renderRetries(retries: Retries, where: string): istio.HTTPRetry {
  const { attempts, perTry, on, backoff, remoteLocalities } = retries;
  const refuse = (message: string) => new MeshError('MESH1309', where, message);
  if (!Number.isInteger(attempts) || attempts < 0 || attempts > 100) {
    throw refuse(`retries with ${attempts} attempts are malformed; expected a whole number from 0 to 100`);
  }
  const rest = { perTry, on, backoff, remoteLocalities };
  const stated = Object.entries(rest).find(([, value]) => value !== undefined);
  if (attempts === 0 && stated !== undefined) {
    throw refuse(`0 attempts switch retries off, but '${stated[0]}' says how to retry; leave it out`);
  }
  return {
    attempts,
    ...(perTry && { perTryTimeout: durationText(perTry, where, 'perTry') }),
    ...(on !== undefined && { retryOn: conditions(on, where) }),
    ...(backoff && { backoff: durationText(backoff, where, 'backoff') }),
    ...(remoteLocalities !== undefined && { retryRemoteLocalities: remoteLocalities }),
  };
}

/**
 * Checks that a platform knows what is stated.
 *
 * @throws MESH1312 for `backoff` before Istio 1.26.
 */
export function checkRetries({ backoff }: Retries, platform: Platform, where: string): void {
  if (backoff === undefined || isSince(platform, '1.26')) return;
  throw new MeshError(
    'MESH1312',
    where,
    `${platform.name} (Istio ${platform.istio}) knows no backoff of retries, and would drop it; leave it out`,
  );
}

function conditions(on: RetryOn[], where: string): string {
  requireList(on, where, "'on'");
  const known: readonly unknown[] = CONDITIONS;
  const wrong = on.find(
    (one) => !known.includes(one) && !(Number.isInteger(one) && Number(one) >= 400 && Number(one) <= 599),
  );
  if (on.length > 0 && wrong === undefined) return on.join(',');
  throw new MeshError(
    'MESH1309',
    where,
    on.length === 0
      ? "the list 'on' is empty; state when to retry, or leave it out"
      : `'on' has '${wrong}'; expected a status code from 400 to 599, or one of ${CONDITIONS.join(', ')}`,
  );
}

import type { Duration } from 'cdk8s';
import type { LoadBalancing } from './load-balancing';

/** How a proxy of the consumer connects to the other side. What is not stated is Istio's own default. */
export interface ConnectionOptions {
  /**
   * How long a connection may take to come about.
   * @default - 10 s, Istio's own default
   */
  readonly connectTimeout?: Duration;
  /**
   * How long a connection stays that nothing flows through. Of bytes: Istio 1.24 or newer.
   * @default - an hour, Istio's own default
   */
  readonly idleTimeout?: Duration;
  /**
   * How long a connection stays at most.
   * @default - as long as it is used
   */
  readonly maxDuration?: Duration;
  /**
   * Most connections of one proxy. HTTP/2 needs one for many requests.
   * @default - no limit
   */
  readonly maxConnections?: number;
  /**
   * Probes by which a dead connection is seen: needed where a firewall forgets connections that are silent.
   * @default - none
   */
  readonly keepalive?: Keepalive;
  /**
   * Limits of requests, where the proxy sees some.
   * @default - no limits
   */
  readonly requests?: RequestLimits;
  /**
   * When an endpoint counts as failed, and is left out for a while.
   * @default - never
   */
  readonly outlierDetection?: OutlierOptions;
  /**
   * How one of several endpoints is chosen.
   * @default - LoadBalancing.leastRequest()
   */
  readonly loadBalancing?: LoadBalancing;
}

/** TCP keepalive; what is not stated is the system's default. */
export interface Keepalive {
  /** How long nothing flows before the first probe. */
  readonly idle?: Duration;
  /** Time between two probes. */
  readonly interval?: Duration;
  /** How many probes without an answer make a connection dead. */
  readonly probes?: number;
}

/** Limits of requests of one proxy; those beyond are answered with 503 (`UO`). */
export interface RequestLimits {
  /** Requests that wait for a connection. */
  readonly maxPending?: number;
  /** Requests under way. */
  readonly max?: number;
  /** Requests of one connection; 1 makes a new one for each. */
  readonly maxPerConnection?: number;
  /** Retries under way. */
  readonly maxRetries?: number;
  /** Requests at once over one HTTP/2 connection. Istio 1.24 or newer. */
  readonly maxConcurrentStreams?: number;
}

/** When an endpoint counts as failed. Numbers are failures in a row; 0 switches one off. */
export interface OutlierOptions {
  /**
   * Answers 5xx, and connections that fail.
   * @default 5 - Istio's own default
   */
  readonly consecutive5xxErrors?: number;
  /**
   * Answers 502, 503 and 504, and connections that fail.
   * @default - off, Istio's own default
   */
  readonly consecutiveGatewayErrors?: number;
  /**
   * How often the proxy looks.
   * @default - 10 s, Istio's own default
   */
  readonly interval?: Duration;
  /**
   * How long an endpoint is left out at least; each time it fails again, that much longer.
   * @default - 30 s, Istio's own default
   */
  readonly baseEjectionTime?: Duration;
  /**
   * Most of the endpoints that are left out, in percent; one may be always.
   * @default 10 - Istio's own default
   */
  readonly maxEjectionPercent?: number;
  /**
   * As long as this part of the endpoints is well, in percent, failed ones are left out; below it all are called again.
   * @default 0 - Istio's own default
   */
  readonly minHealthPercent?: number;
}

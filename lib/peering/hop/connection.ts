import type * as istio from '../../../imports/istio';
import { MeshError } from '../../facts/error';
import type { ExposureFacts } from '../../facts/exposure';
import { checkOptions, type Guards, made, options as nested, optional } from '../../facts/guard';
import { requireObject } from '../../facts/kind-of';
import { mark } from '../../facts/marks';
import { isHttp, type Protocol } from '../../facts/port';
import type { Platform } from '../../platform/platform';
import { isSince } from '../../platform/since';
import type { ConnectionOptions, Keepalive, OutlierOptions, RequestLimits } from './connection-options';
import { guardsOf, malformed, PERCENT, POSITIVE, rendered, type Values } from './connection-values';

/** What a consumer may state of an exposure in every strategy that connects by proxies of its own. */
export interface ConnectionUse {
  /**
   * How the proxy that holds the connection to the other side makes and keeps it: nobody else's business.
   * @default - Istio's own defaults
   */
  readonly connection?: Connection;
}

/** What such a statement must be. */
export const CONNECTION: Guards<ConnectionUse> = {
  connection: optional(made('one such as Connection.of({ … })', 'Connection')),
};

/** What a connection adds to a DestinationRule. */
export type ConnectionSettings = Pick<
  istio.TrafficPolicyPortTrafficPolicy,
  'connectionPool' | 'loadBalancer' | 'outlierDetection'
>;

/** What is connected, and by whom. */
export interface Connected {
  /** What flows, as the proxy that connects sees it. */
  readonly protocol: Protocol;
  readonly platform: Platform;
  /** Key of the exposure. */
  readonly key: string;
  /** Construct path of the peering. */
  readonly where: string;
}

/** How a proxy of the consumer connects to the other side: limits, times, failed endpoints, choice of one. A value. */
export class Connection {
  static {
    mark(Connection.prototype, 'Connection');
  }

  /**
   * A connection that states this, and leaves all else to Istio.
   *
   * @throws MESH1006 for a value of another kind; MESH1320 for values that are malformed, or nothing at all.
   */
  public static of(options: ConnectionOptions): Connection {
    return new Connection(options);
  }

  private readonly tcp: Record<string, unknown>;
  private readonly http: Record<string, string | number>;
  private readonly outliers?: istio.OutlierDetection;

  private constructor(private readonly options: ConnectionOptions) {
    const where = 'Connection.of';
    requireObject(options, where, 'options', 'an object such as { connectTimeout: Duration.seconds(2) }');
    checkOptions<ConnectionOptions>(options, where, OPTIONS);
    const { keepalive, requests, outlierDetection, loadBalancing: _, ...times } = options;
    if (Object.values(options).every((value) => value === undefined)) {
      throw malformed(where, 'nothing is stated; state an option, or leave the connection out');
    }
    const stated = Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined));
    const own = Object.keys(stated).length === 0 ? {} : rendered(stated, TIMES, where, 'the connection');
    const probes = keepalive && rendered(keepalive, KEEPALIVE, where, 'keepalive');
    this.tcp = { ...own, ...(probes && { tcpKeepalive: probes }) };
    this.http = requests === undefined ? {} : rendered(requests, REQUESTS, where, 'requests');
    this.outliers = outlierDetection && rendered(outlierDetection, OUTLIERS, where, 'outlierDetection');
  }

  /**
   * As Istio writes it for what is connected.
   *
   * @throws MESH1321 for what needs requests where none are seen; MESH1322 for what the platform does not know.
   */
  public render(connected: Connected): ConnectionSettings {
    this.check(connected);
    const { idleTimeout, ...tcp } = this.tcp;
    const seesRequests = isHttp(connected.protocol);
    const idle = idleTimeout === undefined ? {} : { idleTimeout };
    const pools = {
      tcp: seesRequests ? tcp : { ...tcp, ...idle },
      http: seesRequests ? { ...this.http, ...idle } : {},
    };
    const stated = Object.entries(pools).filter(([, pool]) => Object.keys(pool).length > 0);
    const { loadBalancing } = this.options;
    return {
      ...(stated.length > 0 && { connectionPool: Object.fromEntries(stated) }),
      ...(loadBalancing && { loadBalancer: loadBalancing.render() }),
      ...(this.outliers && { outlierDetection: this.outliers }),
    };
  }

  private check({ protocol, platform, key, where }: Connected): void {
    const { requests, loadBalancing, idleTimeout } = this.options;
    const seesRequests = isHttp(protocol);
    const needsRequests = requests ? "'requests'" : loadBalancing?.looksAt && `a ${loadBalancing.looksAt}`;
    if (!seesRequests && needsRequests) {
      throw new MeshError(
        'MESH1321',
        where,
        `the connection of ${key} states ${needsRequests}, but the proxy that connects sees no requests there (${protocol}); leave it out`,
      );
    }
    const tooNew =
      requests?.maxConcurrentStreams !== undefined
        ? 'maxConcurrentStreams'
        : !seesRequests && idleTimeout
          ? 'idleTimeout of bytes'
          : undefined;
    if (tooNew === undefined || isSince(platform, '1.24')) return;
    throw new MeshError(
      'MESH1322',
      where,
      `the connection of ${key} states ${tooNew}, which ${platform.name} (Istio ${platform.istio}) does not know and would drop; leave it out`,
    );
  }
}

/**
 * What a connection adds to the DestinationRule of an exposure: nothing where none is stated.
 *
 * @throws MESH1321, MESH1322 as `Connection.render`.
 */
export function connectionSettings(
  connection: Connection | undefined,
  { facts, platform, where }: { readonly facts: ExposureFacts } & Pick<Connected, 'platform' | 'where'>,
): ConnectionSettings | undefined {
  if (connection === undefined) return undefined;
  return connection.render({ protocol: facts.service.protocol, platform, key: facts.key, where });
}

/**
 * Refuses a connection where nothing of ours would make it so.
 *
 * @throws MESH1321 saying why.
 */
export function refuseConnection(
  connection: unknown,
  { key, where, because }: { readonly key: string; readonly where: string; readonly because: string },
): void {
  if (connection === undefined) return;
  throw new MeshError('MESH1321', where, `the connection of ${key} is stated, but ${because}; leave it out`);
}

/**
 * Refuses a connection, in options of any strategy, of a consumer that is not ours.
 *
 * @throws MESH1321
 */
export function refuseConnectionOf(
  consumer: { readonly name: string },
  used: object,
  exposure: { readonly key: string; readonly where: string },
): void {
  refuseConnection('connection' in used ? used.connection : undefined, {
    ...exposure,
    because: `the consumer ${consumer.name} is not ours, and how its proxies connect is its own business`,
  });
}

const TIMES: Values<Omit<ConnectionOptions, 'keepalive' | 'requests' | 'outlierDetection' | 'loadBalancing'>> = {
  connectTimeout: ['connectTimeout', 'duration'],
  idleTimeout: ['idleTimeout', 'duration'],
  maxDuration: ['maxConnectionDuration', 'duration'],
  maxConnections: ['maxConnections', POSITIVE],
};

const KEEPALIVE: Values<Keepalive> = {
  idle: ['time', 'duration'],
  interval: ['interval', 'duration'],
  probes: ['probes', POSITIVE],
};

const REQUESTS: Values<RequestLimits> = {
  maxPending: ['http1MaxPendingRequests', POSITIVE],
  max: ['http2MaxRequests', POSITIVE],
  maxPerConnection: ['maxRequestsPerConnection', { min: 1, max: 2 ** 29 }],
  maxRetries: ['maxRetries', POSITIVE],
  maxConcurrentStreams: ['maxConcurrentStreams', POSITIVE],
};

const OUTLIERS: Values<OutlierOptions> = {
  consecutive5xxErrors: ['consecutive5xxErrors', { min: 0, max: 1_000_000 }],
  consecutiveGatewayErrors: ['consecutiveGatewayErrors', { min: 0, max: 1_000_000 }],
  interval: ['interval', 'duration'],
  baseEjectionTime: ['baseEjectionTime', 'duration'],
  maxEjectionPercent: ['maxEjectionPercent', PERCENT],
  minHealthPercent: ['minHealthPercent', PERCENT],
};

const OPTIONS: Guards<ConnectionOptions> = {
  ...guardsOf(TIMES),
  keepalive: optional(nested<Keepalive>(guardsOf(KEEPALIVE))),
  requests: optional(nested<RequestLimits>(guardsOf(REQUESTS))),
  outlierDetection: optional(nested<OutlierOptions>(guardsOf(OUTLIERS))),
  loadBalancing: optional(made('one such as LoadBalancing.roundRobin()', 'LoadBalancing')),
};

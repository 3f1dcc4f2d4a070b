import type { Duration } from 'cdk8s';
import type * as istio from '../../../imports/istio';
import { duration, durationText } from '../../facts/duration';
import { anything, checkOptions, type Guards, optional, text } from '../../facts/guard';
import { requireText } from '../../facts/kind-of';
import { mark } from '../../facts/marks';
import { malformed, POSITIVE, wholeNumber } from './connection-values';

/** What consistent hashing may state. */
export interface HashOptions {
  /**
   * Least number of places on the ring: more spread calls more evenly.
   * @default 1024 - Istio's own default
   */
  readonly minimumRingSize?: number;
}

/** A cookie that calls are told apart by. */
export interface HashCookie extends HashOptions {
  /**
   * How long a cookie lives that the proxy makes where a caller sends none.
   * @default - none is made: calls without the cookie go anywhere
   */
  readonly ttl?: Duration;
  /**
   * Path of the cookie that the proxy makes.
   * @default - none
   */
  readonly path?: string;
}

/** How one of several endpoints is chosen. A value. */
export class LoadBalancing {
  static {
    mark(LoadBalancing.prototype, 'LoadBalancing');
  }

  /** One after the other. */
  public static roundRobin(): LoadBalancing {
    return new LoadBalancing({ simple: 'ROUND_ROBIN' }, undefined);
  }

  /** The one with fewer requests of two that are drawn: Istio's own default. */
  public static leastRequest(): LoadBalancing {
    return new LoadBalancing({ simple: 'LEAST_REQUEST' }, undefined);
  }

  /** Any. */
  public static random(): LoadBalancing {
    return new LoadBalancing({ simple: 'RANDOM' }, undefined);
  }

  /**
   * The same for the same value of a header.
   *
   * @throws MESH1006 for an option that does not exist; MESH1320 for a malformed name or ring.
   */
  public static byHeader(name: string, options: HashOptions = {}): LoadBalancing {
    return byHash({ httpHeaderName: named(name, 'header') }, options, 'header');
  }

  /**
   * The same for the same value of a query parameter.
   *
   * @throws MESH1006 for an option that does not exist; MESH1320 for a malformed name or ring.
   */
  public static byQuery(name: string, options: HashOptions = {}): LoadBalancing {
    return byHash({ httpQueryParameterName: named(name, 'query parameter') }, options, 'query parameter');
  }

  /**
   * The same for the same value of a cookie.
   *
   * @throws MESH1006 for an option that does not exist; MESH1320 for a malformed name or ring, or a path of a cookie that nobody makes.
   */
  public static byCookie(name: string, options: HashCookie = {}): LoadBalancing {
    checkOptions<HashCookie>(options, WHERE, { ...HASH, ttl: optional(duration), path: optional(text) });
    const { ttl, path, minimumRingSize } = options;
    if (path !== undefined && ttl === undefined) {
      throw malformed(WHERE, `path '${path}' is of a cookie that the proxy makes, which needs ttl; state it, too`);
    }
    const made = { ...(ttl && { ttl: durationText(ttl, WHERE, 'ttl') }), ...(path !== undefined && { path }) };
    return byHash({ httpCookie: { name: named(name, 'cookie'), ...made } }, { minimumRingSize }, 'cookie');
  }

  /** The same for the same address of a caller: behind an egress gateway, that of the caller's pod. */
  public static bySourceAddress(options: HashOptions = {}): LoadBalancing {
    return byHash({ useSourceIp: true }, options, undefined);
  }

  /** @internal use the static factories */
  constructor(
    private readonly settings: istio.LoadBalancerSettings,
    /** What of a request it looks at; absent: of none. */
    public readonly looksAt: 'header' | 'query parameter' | 'cookie' | undefined,
  ) {}

  /** As Istio writes it. */
  public render(): istio.LoadBalancerSettings {
    return this.settings;
  }
}

const WHERE = 'LoadBalancing';
const HASH: Guards<HashOptions> = { minimumRingSize: anything };

function byHash(
  key: Partial<istio.LoadBalancerSettingsConsistentHashLB>,
  options: HashOptions,
  looksAt: LoadBalancing['looksAt'],
): LoadBalancing {
  checkOptions<HashOptions>(options, WHERE, HASH);
  const { minimumRingSize } = options;
  const ringHash =
    minimumRingSize === undefined
      ? {}
      : { ringHash: { minimumRingSize: wholeNumber(minimumRingSize, POSITIVE, WHERE, 'minimumRingSize') } };
  const consistentHash = { ...key, ...ringHash } as istio.LoadBalancerSettingsConsistentHashLB;
  return new LoadBalancing({ consistentHash }, looksAt);
}

function named(name: string, what: string): string {
  requireText(name, WHERE, `name of the ${what}`);
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return name;
  throw malformed(WHERE, `name '${name}' of the ${what} is malformed; expected letters, digits and '-'`);
}

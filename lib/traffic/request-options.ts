import type { Duration } from 'cdk8s';
import type * as istio from '../../imports/istio';
import type { Destination } from '../facts/destination';
import { duration, durationText } from '../facts/duration';
import { MeshError } from '../facts/error';
import { anything, checkOptions, type Guards, options as nested, optional } from '../facts/guard';
import { requireObject } from '../facts/kind-of';
import type { Http } from '../facts/port';
import type { Calls } from './calls';
import { FAULT, type Fault, percentage, renderFault } from './fault';
import { RETRIES, type Retries, renderRetries } from './retries';
import { REWRITE, type Rewrite, renderRewrite } from './rewrite';

/** How a rule passes requests on. What is not stated is Istio's own default. */
export interface RequestOptions {
  /**
   * Time until the whole answer is there, all retries among it; then callers get 504.
   * @default - none, Istio's own default
   */
  readonly timeout?: Duration;
  /**
   * When requests are sent again.
   * @default - twice, where Istio takes it as safe
   */
  readonly retries?: Retries;
  /**
   * What requests are made into. Copies of a mirror are made of what comes out.
   * @default - nothing is changed
   */
  readonly rewrite?: Rewrite;
  /**
   * Sends a copy of the requests somewhere else, too; answers to it are dropped.
   * @default - none
   */
  readonly mirror?: Mirror;
  /**
   * What goes wrong on purpose. For tests of callers: never leave it in what production gets.
   * @default - nothing
   */
  readonly faultForTests?: Fault;
}

/**
 * Where copies of requests go. The rule is about the workloads that both are there for. A copy has the authority of the
 * original, with `-shadow` behind it where the caller's Istio is older than 1.28.
 */
export interface Mirror {
  /** Where copies go. */
  readonly to: Destination<Http>;
  /**
   * Percent of the requests that are copied.
   * @default 100
   */
  readonly percent?: number;
}

/** A part of an HTTPRoute. */
export type RenderedOptions = Pick<
  istio.HTTPRoute,
  'timeout' | 'retries' | 'rewrite' | 'mirror' | 'mirrorPercentage' | 'fault'
>;

/** What they may be; what `anything` may be is said where it is rendered. */
const OPTIONS: Guards<RequestOptions> = {
  timeout: optional(duration),
  retries: optional(nested<Retries>(RETRIES)),
  rewrite: optional(nested<Rewrite>(REWRITE)),
  mirror: optional(nested<Mirror>({ to: anything, percent: anything })),
  faultForTests: optional(nested<Fault>(FAULT)),
};

/**
 * Options of a rule as Istio writes them.
 *
 * @throws MESH1006 for an option of another kind, or that does not exist; MESH1004, MESH1308, MESH1309 for malformed ones.
 */
export function renderOptions(options: RequestOptions, calls: Calls, where: string): RenderedOptions {
  requireObject(options, where, 'options', 'an object such as { timeout: Duration.seconds(2) }');
  checkOptions<RequestOptions>(options, where, OPTIONS);
  const { timeout, retries, rewrite, mirror, faultForTests } = options;
  checkTimes(options, where);
  return {
    ...(faultForTests !== undefined && { fault: renderFault(faultForTests, where) }),
    ...(mirror !== undefined && renderMirror(mirror, where)),
    ...(retries !== undefined && { retries: renderRetries(retries, where) }),
    ...(rewrite !== undefined && { rewrite: renderRewrite(rewrite, calls, where) }),
    ...(timeout !== undefined && { timeout: durationText(timeout, where, 'timeout') }),
  };
}

/** A timeout cuts all attempts together: of one that is shorter than a single attempt no retry is left. */
function checkTimes({ timeout, retries }: RequestOptions, where: string): void {
  const perTry = retries?.perTry;
  if (timeout === undefined || perTry === undefined) return;
  const [whole, one] = [durationText(timeout, where, 'timeout'), durationText(perTry, where, 'perTry')];
  if (perTry.toMilliseconds() < timeout.toMilliseconds()) return;
  throw new MeshError(
    'MESH1309',
    where,
    `perTry ${one} is not shorter than timeout ${whole}, which all attempts have together, so nothing would be retried; state a longer timeout`,
  );
}

function renderMirror({ to, percent }: Mirror, where: string): RenderedOptions {
  requireObject(to?.nextHop, where, 'destination of the mirror', 'a service, or an exposure');
  const { host, port, subset } = to.nextHop;
  return {
    mirror: { host, port: { number: port }, ...(subset !== undefined && { subset }) },
    ...(percent !== undefined && { mirrorPercentage: percentage(percent, where) }),
  };
}

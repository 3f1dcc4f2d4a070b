import { firstWrongHop, type Hop } from '../istio/hops';
import type { Expectation } from './scenario';

/** What came of a call. */
export interface Outcome {
  /** HTTP status, or `ok` for an answer over tcp or tls; undefined when there was none. */
  code?: number | 'ok';
  /** Connection error: `curl 35: ...` or the socket's; undefined when there was an answer. */
  error?: string;
  body: string;
  /** SHA-256 fingerprint of the server's certificate, over tls. */
  certificate?: string;
  /** Milliseconds. */
  duration: number;
}

/** A call with the proxies it passed. */
export interface CallResult extends Outcome {
  hops: Hop[];
  /** With repeated calls: how often which workload answered. */
  spread?: Record<string, number>;
}

/**
 * One refusal that curl reports in different places, as packets happen to arrive: the peer refused the handshake, or
 * closed the connection after it, with a reset or without.
 */
const ONE_CLASS = ['curl 16', 'curl 52', 'curl 55', 'curl 56'];

/** Compares an outcome with what was expected: undefined, or what is wrong. */
export function mismatch(expected: Expectation, found: CallResult): string | undefined {
  const { code, error, body, flags, spread, hops } = expected;
  if (code !== undefined && found.code !== code) return `expected ${code}, found ${describeOutcome(found)}`;
  if (error !== undefined && !errorMatches(error, found.error)) {
    return `expected the error '${error || 'any'}', found ${describeOutcome(found)}`;
  }
  if (body !== undefined && !new RegExp(body).test(found.body)) {
    return `expected a body with /${body}/, found ${JSON.stringify(found.body.slice(0, 500))}`;
  }
  if (spread !== undefined) {
    const reached = Object.keys(found.spread ?? {}).sort();
    if (reached.join() !== [...spread].sort().join()) {
      return `expected answers of ${spread.join(' and ')}, found ${JSON.stringify(found.spread)}`;
    }
  }
  if (flags !== undefined && !found.hops.some((hop) => hop.flags.includes(flags))) {
    const seen = found.hops.map((hop) => hop.flags).filter((flag) => flag !== '');
    return `expected a proxy to log ${flags}, found ${seen.join(', ') || 'no flags'}`;
  }
  return hops === undefined ? undefined : firstWrongHop(found.hops, hops);
}

function errorMatches(expected: string, found: string | undefined): boolean {
  if (found === undefined) return false;
  if (ONE_CLASS.includes(expected)) return ONE_CLASS.some((member) => found.startsWith(`${member}:`));
  return found.startsWith(expected);
}

export const describeOutcome = ({ code, error }: Outcome) => error ?? String(code ?? 'nothing');

/** Whether the expectation can only be judged with the proxies' logs. */
export const needsHops = ({ flags, hops }: Expectation) => flags !== undefined || hops !== undefined;

/** The workload that answered, by the echo servers' answer. */
export function answeredBy(outcome: Outcome): string {
  if (outcome.code !== 200) return describeOutcome(outcome);
  try {
    const { app, version } = JSON.parse(outcome.body);
    return version ? `${app}-${version}` : app;
  } catch {
    return 'unknown';
  }
}

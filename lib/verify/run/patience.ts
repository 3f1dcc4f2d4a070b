import type { Route } from '../view/types';
import type { Branch } from './hop';

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, ns: 0.000001 };

/** Milliseconds of a duration as Istio takes it: `1.5s`, `500ms`, `1m30s`. */
export function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit], 0);
}

/** Ways of a route, where answers that come too late do not count: each attempt has its time, and all of them together. */
export function inTime(ways: readonly Branch[], { rule }: Route): Branch[] {
  const stated = [rule?.timeout, rule?.retries?.perTryTimeout].flatMap((one) => (one ? [milliseconds(one)] : []));
  const limit = Math.min(...stated.filter((time) => time > 0));
  return ways.map((way) => {
    const { reply, hops } = way;
    if (reply.kind !== 'http' || (reply.after ?? 0) <= limit) return way;
    const [first, ...rest] = hops;
    const failure = {
      code: 'MESH-T409' as const,
      why: `the answer takes ${reply.after} ms, the route has ${limit} ms`,
    };
    return { ...way, reply: { kind: 'http', status: 504 }, hops: [{ ...first, flag: 'UT', failure }, ...rest] };
  });
}

import type { Route } from '../view/types';
import type { Mesh } from '../world/mesh';
import type { Branch } from './hop';

const DEFAULT_ATTEMPTS = 2;

/**
 * Ways of a route, where a server that fails at first is asked again (`route/retry: ConvertPolicy`). Whoever calls sees one
 * request of all the attempts that are made of it.
 */
export function retried(ways: Branch[], { rule }: Route, { config, profile }: Mesh): Branch[] {
  if (!ways.some(({ reply }) => reply.kind === 'http' && reply.recovers)) return ways;
  const policy = rule?.retries ?? config.defaultHttpRetryPolicy;
  const { attempts = policy ? 0 : DEFAULT_ATTEMPTS } = policy ?? {};
  const on = policy?.retryOn || (profile.retries503 ? '503' : '');
  return ways.map((way) => {
    const { reply, hops } = way;
    if (reply.kind !== 'http' || !reply.recovers || !isRetried(reply.status, on)) return way;
    const { after, status } = reply.recovers;
    const failures = Math.floor(after / (attempts + 1));
    if (failures > 0) return { ...way, reply: { ...reply, recovers: { after: failures, status } } };
    const { recovers: _, ...answer } = reply;
    const repaired = hops.map(({ failure, ...hop }) =>
      failure?.code === 'MESH-T108' || !failure ? hop : { ...hop, failure },
    );
    return { ...way, reply: { ...answer, status }, hops: repaired };
  });
}

/** Conditions of Envoy's `retry_on` about what a server answers; a number is a status. */
function isRetried(status: number, on: string): boolean {
  return on.split(',').some((text) => {
    const one = text.trim();
    if (one === '5xx') return status >= 500;
    if (one === 'gateway-error') return [502, 503, 504].includes(status);
    return one === 'retriable-4xx' ? status === 409 : one === String(status);
  });
}

import { isHttp, type Protocol } from '../facts/port';
import type { RoutedHost } from './routed-host';
import { type Routes, routes } from './routes';
import type { Rule } from './rule';

/**
 * The sections of the one VirtualService of a host. Requests to a port that no rule is about would end in 404 because there
 * are rules for another one, so they are led on; bytes go where they went by themselves.
 */
export function routesOfHost(rules: readonly Rule<Protocol>[], routed: RoutedHost): Routes {
  const about = new Set(rules.map(({ calls }) => (calls.port ?? routed.port)?.number));
  const others = routed.allPorts().filter(({ number, protocol }) => isHttp(protocol) && !about.has(number));
  const { http = [], ...sections } = routes(rules, { ...routed, isOnlyPort: routed.isOnlyPort && others.length === 0 });
  // nothing of a VirtualService without rules for requests is about them
  if (http.length === 0 || others.length === 0) return { ...(http.length > 0 && { http }), ...sections };
  const onward = [...others]
    .sort((a, b) => a.number - b.number)
    .map(({ number: port }) => ({
      match: [{ port }],
      route: [{ destination: { host: routed.host, port: { number: port } } }],
    }));
  return { http: [...http, ...onward], ...sections };
}

import { isDeepStrictEqual } from 'node:util';

/** Configuration of Envoy in YAML: fields in snake case or in camel case. */
type Message = Readonly<Record<string, unknown>>;

/** The filter that asks DNS for the name that TLS asks for (`sni_dynamic_forward_proxy`). */
export interface SniForward {
  readonly port: number;
  /** Name of the cache that a cluster must share with it. */
  readonly cache: string;
  readonly settings: Message;
}

/** A cluster of an EnvoyFilter that sends to what a filter has found in a cache. */
export interface ForwardCluster {
  readonly name: string;
  readonly cache: string;
  readonly settings: Message;
}

export const FORWARD_FILTER = 'sni_dynamic_forward_proxy.v3.FilterConfig';

/** A cluster that looks up names, and nothing else; a text for what is not modelled. */
export function forwardCluster(value: Message): ForwardCluster | string {
  const { name, cluster_type: type, ...others } = snaked(value);
  const { typed_config: config } = snaked(type);
  const { '@type': of, dns_cache_config: settings, ...more } = snaked(config);
  const { lb_policy: _, connect_timeout: __, ...rest } = others;
  if (typeof name !== 'string' || !String(of).endsWith('dynamic_forward_proxy.v3.ClusterConfig'))
    return 'adds a cluster';
  const odd = [...Object.keys(rest), ...Object.keys(more)];
  if (odd.length > 0) return `adds a cluster that looks up names, with ${odd.join()}`;
  return { name, cache: String(snaked(settings).name), settings: snaked(settings) };
}

/** The filter of a patch; a text for what is not modelled. */
export function sniForward(config: Message): SniForward | string {
  const { '@type': _, port_value: port, dns_cache_config: settings, ...others } = snaked(config);
  const odd = Object.keys(others);
  if (typeof port !== 'number' || odd.length > 0) {
    return `adds ${FORWARD_FILTER} ${odd.length > 0 ? `with ${odd.join()}` : 'without port_value'}`;
  }
  return { port, cache: String(snaked(settings).name), settings: snaked(settings) };
}

/** The cluster that a patch of the TCP proxy leads to; a text for what is not modelled. */
export function otherCluster(value: Message): { readonly cluster: string } | string {
  const { typed_config: config, name: _, ...others } = snaked(value);
  const { '@type': type, cluster, stat_prefix: __, ...more } = snaked(config);
  const odd = [...Object.keys(others), ...Object.keys(more)];
  if (!String(type).endsWith('tcp_proxy.v3.TcpProxy') || typeof cluster !== 'string' || odd.length > 0) {
    return `MERGE of envoy.filters.network.tcp_proxy${odd.length > 0 ? ` with ${odd.join()}` : ''}`;
  }
  return { cluster };
}

/** Of two settings of one cache Envoy refuses the second. */
export const isSameCache = (a: SniForward, b: ForwardCluster): boolean =>
  a.cache !== b.cache || isDeepStrictEqual(a.settings, b.settings);

/** A message with its fields in snake case. */
function snaked(of: unknown): Message {
  if (typeof of !== 'object' || of === null) return {};
  return Object.fromEntries(
    Object.entries(of).map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
  );
}

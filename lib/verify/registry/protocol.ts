/** Protocol of a port as istiod knows it (`pkg/config/protocol`). */
export type Protocol =
  | 'HTTP'
  | 'HTTP2'
  | 'HTTP_PROXY'
  | 'GRPC'
  | 'GRPC-Web'
  | 'HTTPS'
  | 'TLS'
  | 'TCP'
  | 'UDP'
  | 'Mongo'
  | 'Redis'
  | 'MySQL'
  | 'Unsupported';

const BY_NAME: Readonly<Record<string, Protocol>> = {
  tcp: 'TCP',
  udp: 'UDP',
  grpc: 'GRPC',
  'grpc-web': 'GRPC-Web',
  http: 'HTTP',
  http_proxy: 'HTTP_PROXY',
  http2: 'HTTP2',
  https: 'HTTPS',
  tls: 'TLS',
  mongo: 'Mongo',
  redis: 'Redis',
  mysql: 'MySQL',
};

/** `protocol.Parse`. */
export const parseProtocol = (text: string | undefined): Protocol =>
  BY_NAME[(text ?? '').toLowerCase()] ?? 'Unsupported';

const HTTP: ReadonlySet<Protocol> = new Set(['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-Web']);
const HTTP2: ReadonlySet<Protocol> = new Set(['HTTP2', 'GRPC', 'GRPC-Web']);
const TCP: ReadonlySet<Protocol> = new Set(['TCP', 'HTTPS', 'TLS', 'Mongo', 'Redis', 'MySQL']);

export const isHttp = (protocol: Protocol): boolean => HTTP.has(protocol);
export const isHttp2 = (protocol: Protocol): boolean => HTTP2.has(protocol);
export const isTcp = (protocol: Protocol): boolean => TCP.has(protocol);
export const isTls = (protocol: Protocol): boolean => protocol === 'HTTPS' || protocol === 'TLS';

/** How a listener treats a port: `AUTO` looks at the bytes (`istionetworking.ModelProtocolToListenerProtocol`). */
export type ListenerProtocol = 'HTTP' | 'TCP' | 'AUTO' | 'UDP';

export function listenerProtocol(protocol: Protocol): ListenerProtocol {
  if (isHttp(protocol)) return 'HTTP';
  if (protocol === 'Unsupported') return 'AUTO';
  return protocol === 'UDP' ? 'UDP' : 'TCP';
}

/** Ports of server-first protocols, which must not be looked into: SMTP, DNS, MySQL, MongoDB. */
const WELL_KNOWN: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/** Values of `appProtocol` that are no protocol name of Istio. */
const APP_PROTOCOLS: Readonly<Record<string, Protocol>> = {
  'kubernetes.io/h2c': 'HTTP2',
  'kubernetes.io/ws': 'HTTP',
  'kubernetes.io/wss': 'HTTPS',
};

/** Protocol of a Service's port: appProtocol, then the name's prefix, then well-known numbers (`kube.ConvertProtocol`). */
export function servicePortProtocol(port: {
  readonly port: number;
  readonly name?: string;
  readonly protocol?: string;
  readonly appProtocol?: string;
}): Protocol {
  if (port.protocol === 'UDP') return 'UDP';
  if (port.appProtocol !== undefined && port.appProtocol in APP_PROTOCOLS) return APP_PROTOCOLS[port.appProtocol];
  const name = port.appProtocol || port.name || '';
  if (name.slice(0, 8).toLowerCase() === 'grpc-web') return 'GRPC-Web';
  const protocol = parseProtocol(name.split('-')[0]);
  return protocol === 'Unsupported' && WELL_KNOWN.has(port.port) ? 'TCP' : protocol;
}

import { show } from '../../problem';
import type { Reason } from './names';

const PROTOCOLS = [
  'tcp',
  'udp',
  'grpc',
  'grpc-web',
  'http',
  'http_proxy',
  'http2',
  'https',
  'tls',
  'mongo',
  'redis',
  'mysql',
] as const;

/** A protocol of a port in lower case; any other text means that istiod does not know it. */
export type PortProtocol = (typeof PROTOCOLS)[number] | 'unknown';

const KNOWN: ReadonlySet<string> = new Set(PROTOCOLS);
const HTTP: ReadonlySet<PortProtocol> = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web']);
const TCP: ReadonlySet<PortProtocol> = new Set(['tcp', 'https', 'tls', 'mongo', 'redis', 'mysql']);

/** `protocol.Parse`. */
export function portProtocol(text: string | undefined): PortProtocol {
  const lower = (text ?? '').toLowerCase();
  return KNOWN.has(lower) ? (lower as PortProtocol) : 'unknown';
}

/** `protocol.Instance.IsHTTP`. */
export function isHttp(protocol: PortProtocol): boolean {
  return HTTP.has(protocol);
}

/** `protocol.Instance.IsTLS`. */
export function isTls(protocol: PortProtocol): boolean {
  return protocol === 'https' || protocol === 'tls';
}

/** `protocol.Instance.IsTCP`: TCP, and what istiod does not look into. */
export function isTcp(protocol: PortProtocol): boolean {
  return TCP.has(protocol);
}

/** `validation.ValidateProtocol`: a port without a protocol is looked at by the proxy. */
export function protocolReason(text: string | undefined): Reason {
  if (text === undefined || text === '' || KNOWN.has(text.toLowerCase())) return undefined;
  return `is ${show(text)}, expected one of ${PROTOCOLS.join(', ')}`;
}

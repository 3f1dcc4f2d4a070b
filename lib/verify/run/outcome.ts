import type { Layer, Reply, Served } from './bytes';

/** What a client reports, in the words of curl and of a socket. */
export interface Outcome {
  /** HTTP status, or `ok` for an answer over tcp or tls; undefined when there was none. */
  readonly code?: number | 'ok';
  /** Connection error: curl's (`curl 35`), or the socket's. */
  readonly error?: string;
  /** What a proxy tells a gRPC client; its HTTP status is 200 then. */
  readonly grpcStatus?: number;
  readonly class: OutcomeClass;
  /** Who answered; undefined where a proxy did, or nobody. */
  readonly served?: Served;
}

/**
 * Outcomes that nothing but chance tells apart are of one class: how a connection that breaks is reported depends on two
 * kernels (`closed`), and what an address that nobody has answers depends on the network (`no answer`).
 */
export type OutcomeClass = 'answer' | 'closed' | 'no answer' | 'TLS' | 'name' | 'not ready';

/** How a client spoke. */
export interface Spoke {
  readonly scheme: 'http' | 'https' | 'tcp' | 'tls';
  /** Whether it sent a request of gRPC. */
  readonly isGrpc?: boolean;
  /** The client's own TLS connection. */
  readonly layer?: Layer;
}

const failed = (error: string, kind: OutcomeClass): Outcome => ({ error, class: kind });

/** Name resolution failed. */
export const unresolved = ({ scheme }: Spoke): Outcome => failed(isSocket(scheme) ? 'ENOTFOUND' : 'curl 6', 'name');

const isSocket = (scheme: Spoke['scheme']): boolean => scheme === 'tcp' || scheme === 'tls';

/** What a reply is to a client. */
export function outcomeOf(reply: Reply, spoke: Spoke): Outcome {
  return isSocket(spoke.scheme) ? socketOutcome(reply, spoke) : curlOutcome(reply, spoke);
}

function curlOutcome(reply: Reply, { layer, isGrpc }: Spoke): Outcome {
  switch (reply.kind) {
    case 'http':
      if (isGrpc && !reply.served) return { code: 200, grpcStatus: grpcStatusOf(reply.status), class: 'answer' };
      return { code: reply.status, class: 'answer', ...(reply.served ? { served: reply.served } : {}) };
    case 'not-ready':
      return failed('never ready', 'not ready');
    case 'refused':
      return failed('curl 7', 'no answer');
    case 'unreachable':
      return failed('curl 7', 'no answer');
    case 'timeout':
      return failed('curl 28', 'no answer');
    case 'tls-failure': {
      if (reply.layer !== layer) return failed('curl 56', 'closed');
      if (reply.by === 'client') return failed('curl 60', 'TLS');
      return reply.phase === 'handshake' ? failed('curl 35', 'TLS') : failed('curl 56', 'closed');
    }
    case 'data':
      return layer === undefined ? failed('curl 1', 'closed') : failed('curl 35', 'TLS');
    case 'garbage':
      return reply.layer === layer ? failed('curl 35', 'TLS') : failed('curl 1', 'closed');
    case 'reset':
      if (reply.layer === layer) return failed('curl 35', 'TLS');
      return failed('curl 56', reply.isNoAnswer ? 'no answer' : 'closed');
    case 'eof':
      if (reply.layer === layer) return failed('curl 35', 'TLS');
      return failed('curl 52', reply.isNoAnswer ? 'no answer' : 'closed');
  }
}

/** Proxies answer gRPC in its own terms (`source/common/grpc: Utility::httpToGrpcStatus`). */
function grpcStatusOf(status: number): number {
  if (status === 400) return 13;
  if (status === 401) return 16;
  if (status === 403) return 7;
  if (status === 404) return 12;
  return [429, 502, 503, 504].includes(status) ? 14 : 2;
}

function socketOutcome(reply: Reply, { layer }: Spoke): Outcome {
  switch (reply.kind) {
    case 'http':
      return { code: 'ok', class: 'answer' };
    case 'data':
      return reply.layer === layer ? failed('ERR_SSL', 'TLS') : { code: 'ok', class: 'answer', served: reply.served };
    case 'garbage':
      // an error of HTTP is no line, and the connection is closed behind it
      return reply.layer === layer ? failed('ERR_SSL', 'TLS') : failed('closed without an answer', 'closed');
    case 'not-ready':
      return failed('never ready', 'not ready');
    case 'refused':
      return failed('ECONNREFUSED', 'no answer');
    case 'unreachable':
      return failed('EHOSTUNREACH', 'no answer');
    case 'timeout':
      return failed('no answer within 4 s', 'no answer');
    case 'tls-failure':
      return reply.phase === 'after' ? failed('closed without an answer', 'closed') : failed('ERR_SSL', 'TLS');
    case 'reset':
      return failed('ECONNRESET', reply.isNoAnswer ? 'no answer' : 'closed');
    case 'eof':
      return failed('closed without an answer', reply.isNoAnswer ? 'no answer' : 'closed');
  }
}

/** Whether two outcomes are of one class, and served by the same. */
export function sameOutcome(a: Outcome, b: Outcome): boolean {
  const isSaidAlike = a.code === b.code && a.grpcStatus === b.grpcStatus;
  return a.class === b.class && isSaidAlike && a.served?.workload === b.served?.workload;
}

/** As people say it. */
export const describeOutcome = ({ code, error, grpcStatus }: Outcome): string =>
  error ?? (grpcStatus === undefined ? String(code) : `${code} (grpc-status ${grpcStatus})`);

import { type Bytes, eof, type Layer, type Reply, reset } from './bytes';
import type { TraceCode } from './codes';
import type { Branch, Flag } from './hop';
import type { Terminated } from './stations';

/** What a failure of the connection is to the first of the hops. */
function marked({ hops, ...branch }: Branch, reply: Reply, flag: Flag, code: TraceCode, why: string): Branch {
  const [first, ...rest] = hops;
  const failure = first.failure ?? (hops.some((one) => one.failure) ? undefined : { code, why });
  return { ...branch, reply, hops: [{ ...first, flag, ...(failure ? { failure } : {}) }, ...rest] };
}

/** What became of a connection, in the words of HTTP. */
export function httpBranch(branch: Branch, layer?: Layer): Branch {
  const { reply } = branch;
  const as = (flag: Flag, why: string, code: TraceCode = 'MESH-T407', status = 503): Branch => ({
    ...marked(branch, { kind: 'http', status }, flag, code, why),
    ...(flag === 'UF' && layer !== 'missing' ? { isRetried: true } : {}),
  });
  switch (reply.kind) {
    case 'http':
    case 'not-ready':
    case 'timeout':
      return branch;
    case 'unreachable':
      return { ...branch, reply: { kind: 'timeout' } };
    case 'refused':
      return as('UF', 'connection refused');
    case 'tls-failure':
      return reply.by === 'server' && reply.phase === 'after' ? as('UC', reply.why) : as('UF', reply.why);
    case 'garbage':
    case 'data':
      return reply.layer === layer
        ? as('UF', 'WRONG_VERSION_NUMBER', 'MESH-T209')
        : as('UPE', 'protocol error', 'MESH-T107', 502);
    case 'reset':
    case 'eof':
      return reply.layer === layer || layer === 'missing' ? as('UF', reply.why) : as('UC', reply.why);
  }
}

/** What became of a connection, to a client that is told by how its own one ends. */
export function tcpBranch(
  branch: Branch,
  bytes: Bytes,
  { isOpened }: Terminated,
  layer: Layer | undefined,
  tunnel: Layer | undefined,
): Branch {
  const { reply } = branch;
  const as = (kind: 'reset' | 'eof', why: string, code: TraceCode = 'MESH-T407', flag: Flag = 'UF'): Branch => {
    const made = kind === 'eof' || isOpened ? eof(bytes, why) : reset(bytes, why);
    const noAnswer = reply.kind === 'unreachable' ? { ...made, isNoAnswer: true } : made;
    return marked(branch, noAnswer as Reply, flag, code, why);
  };
  switch (reply.kind) {
    case 'refused':
    case 'unreachable':
      return as('reset', reply.kind);
    case 'tls-failure':
      if (reply.layer !== layer) return branch;
      // after the handshake the connection stands: the server only ends it
      return reply.phase === 'after' ? as('eof', reply.why, 'MESH-T407', '') : as('reset', reply.why);
    case 'reset':
    case 'eof':
      return reply.layer === layer || reply.layer === tunnel ? as('reset', reply.why) : branch;
    case 'garbage':
    case 'data':
      return reply.layer === layer ? as('reset', 'WRONG_VERSION_NUMBER', 'MESH-T209') : branch;
    default:
      return branch;
  }
}

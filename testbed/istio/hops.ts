import type { ACCESS_LOG } from './mesh-config';

/** What one proxy logged about one request or connection. */
export interface Hop {
  /** `cluster/namespace/workload`. */
  at: string;
  /** When it began, seconds since the epoch. */
  start: number;
  /** Whether it came in from the network to a workload (`inbound`), or left one, or passed a gateway. */
  direction: 'inbound' | 'outbound';
  /** HTTP status; undefined for TCP, 0 when the connection broke before. */
  code?: number;
  /** Envoy's response flags; empty when all went well. */
  flags: string;
  /** Envoy's words for how it ended. */
  details: string;
  authority?: string;
  path?: string;
  /** The side towards the caller. */
  received: Leg & { sni?: string };
  /** The side towards the callee. */
  sent: Leg & { cluster?: string; host?: string };
}

/** One side of a proxy: what was on the wire there. */
export interface Leg {
  /** TLS version; undefined on clear text. */
  tls?: string;
  /** URI names in the other side's certificate. */
  peer?: string;
  /** Subject of the other side's certificate. */
  subject?: string;
  /** Why TLS failed. */
  failure?: string;
}

/** What a hop must have been; all that is given must hold. */
export interface HopExpectation {
  /** `cluster/workload` or `cluster/namespace/workload`. */
  at: string;
  direction?: 'inbound' | 'outbound';
  /** What came in. `clear` is text without TLS. */
  received?: 'clear' | 'tls' | { sni?: string; peer?: string };
  /** What went out. */
  sent?: 'clear' | 'tls' | { peer?: string };
  /** Envoy cluster that was chosen: a part of its name. */
  cluster?: string;
  code?: number;
  flags?: string;
}

type Line = Partial<Record<keyof typeof ACCESS_LOG, string | number | null>>;

/** Reads the access log lines out of a proxy's log; its other lines are skipped. */
export function parseHops(text: string, at: string): Hop[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{') || !line.includes('"flags"')) return [];
    try {
      return [hopOf(JSON.parse(line), at)];
    } catch {
      return [];
    }
  });
}

function hopOf(line: Line, at: string): Hop {
  const text = (field: keyof Line) => {
    const value = line[field];
    return value === null || value === undefined || value === '-' || value === '' ? undefined : String(value);
  };
  const cluster = text('cluster');
  return {
    at,
    start: Number(text('start') ?? 0),
    direction: cluster?.startsWith('inbound|') ? 'inbound' : 'outbound',
    ...(text('method') ? { code: Number(text('code') ?? 0) } : {}),
    flags: text('flags') ?? '',
    details: [text('details'), text('ended')].filter((part) => part).join('; '),
    ...defined({ authority: text('authority'), path: text('path') }),
    received: defined({
      tls: text('receivedTls'),
      sni: text('sni'),
      peer: text('receivedPeer'),
      subject: text('receivedSubject'),
      failure: text('receivedFailure'),
    }),
    sent: defined({
      cluster,
      host: text('host'),
      tls: text('sentTls'),
      peer: text('sentPeer'),
      subject: text('sentSubject'),
      failure: text('sentFailure'),
    }),
  };
}

function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never;
}

/** In the order in which the call passed them. */
export const inOrder = (hops: readonly Hop[]): Hop[] => [...hops].sort((a, b) => a.start - b.start);

/** Compares the way a call took with the way it should take: undefined, or what the first wrong hop is. */
export function firstWrongHop(hops: readonly Hop[], expected: readonly HopExpectation[]): string | undefined {
  let from = 0;
  for (const [index, wanted] of expected.entries()) {
    const where = `hop ${index + 1} (${wanted.at}${wanted.direction ? `, ${wanted.direction}` : ''})`;
    const candidates = hops.slice(from).filter((hop) => isAt(hop, wanted));
    if (candidates.length === 0) {
      return `${where}: the call did not pass it; it passed ${hops.map(({ at }) => at).join(', ') || 'no proxy'}`;
    }
    const complaints = candidates.map((hop) => complaintOf(hop, wanted));
    const match = complaints.indexOf(undefined);
    if (match < 0) return `${where}: ${complaints[0]}`;
    from = hops.indexOf(candidates[match]) + 1;
  }
  return undefined;
}

function isAt({ at, direction }: Hop, wanted: HopExpectation): boolean {
  const [cluster, namespace, workload] = at.split('/');
  const named = [at, `${cluster}/${workload}`, `${cluster}/${namespace}/${workload}`].includes(wanted.at);
  return named && (wanted.direction === undefined || wanted.direction === direction);
}

function complaintOf(hop: Hop, wanted: HopExpectation): string | undefined {
  const differs = (what: string, expected: unknown, found: unknown) =>
    `expected ${what} ${JSON.stringify(expected)}, found ${JSON.stringify(found ?? null)}`;
  for (const side of ['received', 'sent'] as const) {
    const leg = wanted[side];
    const found: Hop['received'] = hop[side];
    if (leg === undefined) continue;
    const secure = found.tls !== undefined;
    // A connection that is passed on by its SNI carries TLS that the proxy does not open.
    const opaque = side === 'received' && found.sni !== undefined;
    if (leg === 'clear' && (secure || opaque)) return differs(side, 'clear', found);
    if (leg !== 'clear' && !secure && !opaque && hop.code !== undefined) return differs(side, leg, 'clear');
    if (typeof leg === 'string') continue;
    const { sni, peer } = leg as { sni?: string; peer?: string };
    if (sni !== undefined && found.sni !== sni) return differs('SNI', sni, found.sni);
    if (peer !== undefined && found.peer !== peer) return differs('peer identity', peer, found.peer ?? found.subject);
  }
  if (wanted.cluster !== undefined && !hop.sent.cluster?.includes(wanted.cluster)) {
    return differs('cluster', wanted.cluster, hop.sent.cluster);
  }
  if (wanted.code !== undefined && hop.code !== wanted.code) return differs('code', wanted.code, hop.code);
  if (wanted.flags !== undefined && !hop.flags.includes(wanted.flags)) return differs('flags', wanted.flags, hop.flags);
  return undefined;
}

/** One line per hop, for people. */
export function describeHop(hop: Hop): string {
  const leg = ({ tls, peer, subject, failure }: Leg) =>
    [tls ?? 'clear', peer ?? subject, failure && `failed: ${failure}`].filter((part) => part).join(' ');
  const { sni } = hop.received;
  const parts = [
    `${hop.at} ${hop.direction}`,
    `received ${leg(hop.received)}${sni ? ` sni ${sni}` : ''}`,
    `sent ${leg(hop.sent)} to ${hop.sent.cluster ?? 'nothing'} at ${hop.sent.host ?? 'nowhere'}`,
    hop.code === undefined ? 'tcp' : `${hop.code} ${hop.authority ?? ''}${hop.path ?? ''}`,
    [hop.flags, hop.details].filter((part) => part).join(' '),
  ];
  return parts.filter((part) => part).join(' | ');
}

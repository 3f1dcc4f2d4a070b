import type { Ref } from '../world/resource';
import type { Reply } from './bytes';
import type { TraceCode } from './codes';

/** Envoy's response flags, as access logs write them. */
export type Flag = 'DF' | 'NR' | 'NC' | 'UH' | 'UF' | 'UC' | 'UPE' | 'DPE' | 'FI' | 'UT' | '';

/** One station of a call: a proxy, an application, or a place in the network where it ends. */
export interface Hop {
  /** `cluster/namespace/workload`; an address or a Service where the network ends the call. */
  readonly at: string;
  readonly role: 'sidecar outbound' | 'sidecar inbound' | 'gateway' | 'application' | 'network';
  readonly listener?: string;
  readonly chain?: string;
  /** Virtual host. */
  readonly route?: string;
  readonly cluster?: string;
  /** Address that was chosen. */
  readonly endpoint?: string;
  readonly received?: Leg;
  readonly sent?: Leg;
  readonly flag?: Flag;
  /** What the flag becomes once outlier detection has ejected the endpoints that fail. */
  readonly onceEjected?: Flag;
  readonly failure?: Failure;
  /** What decided, in the order in which it did. */
  readonly refs: readonly Ref[];
}

/** Where a call is: everything is left to be said. All fields are there, so that no copy of it gets another shape. */
export const hopAt = (at: string, role: Hop['role'], listener: string, received: Leg): Hop => ({
  at,
  role,
  listener,
  received,
  chain: undefined,
  route: undefined,
  cluster: undefined,
  endpoint: undefined,
  sent: undefined,
  flag: undefined,
  onceEjected: undefined,
  failure: undefined,
  refs: [],
});

/** One side of a hop. */
export interface Leg {
  /** `clear`, or the mode; `passed on` is TLS that is not opened. */
  readonly tls: string;
  readonly sni?: string;
  /** Names of which the server must have one. */
  readonly expects?: readonly string[];
  /** Set where the server's certificate may be signed by anybody. */
  readonly isUnverified?: true;
  /** Names of the certificate that the client presented. */
  readonly presented?: readonly string[];
}

/** Why a call does not go on. */
export interface Failure {
  readonly code: TraceCode;
  /** What was there and what was expected. */
  readonly why: string;
  /** What a policy asks that the call does not say, where that decides: the caller's address, headers, tokens. */
  readonly unsaid?: readonly string[];
}

/** One way that a call may take, with its probability. */
export interface Branch {
  readonly probability: number;
  readonly reply: Reply;
  readonly hops: readonly Hop[];
  /** A connection that was not established: another endpoint is tried. */
  readonly isRetried?: boolean;
}

/** A proxy answers a request itself, because it goes no further. */
export function answered(status: number, flag: Flag, code: TraceCode, why: string, hop: Hop): Branch[] {
  return ends({ kind: 'http', status }, { ...hop, flag, failure: { code, why } });
}

/** The only way. */
export const ends = (reply: Reply, hop: Hop): Branch[] => [{ probability: 1, reply, hops: [hop] }];

/** Ways by weight. */
export function fork<T extends { readonly weight: number }>(all: readonly T[], go: (one: T) => Branch[]): Branch[] {
  let total = 0;
  for (const { weight } of all) total += weight;
  const found: Branch[] = [];
  for (const one of all) {
    for (const branch of go(one)) {
      const probability = (branch.probability * one.weight) / (total || 1);
      found.push(probability === branch.probability ? branch : { ...branch, probability });
    }
  }
  return found;
}

import type { TextMatch } from '../view/condition';

/** What happens to a text between the client and whoever asks about it. */
export type Step =
  /** A matched prefix is replaced. */
  | { readonly kind: 'prefix'; readonly from: string; readonly to: string }
  /** A path as a proxy reads it. */
  | { readonly kind: 'normalize'; readonly mode: string }
  /** Whatever an expression finds is replaced. */
  | { readonly kind: 'regex'; readonly match: string; readonly rewrite: string }
  /** A host without its port, in lower case. */
  | { readonly kind: 'host' };

/**
 * A part of a call that its client is free to choose. `san` is a name of its certificate, `claim <name>` what its token says
 * of itself; none, if it has no token.
 */
export type FreePart = 'path' | 'method' | 'host' | 'san' | `header ${string}` | `query ${string}` | `claim ${string}`;

/** Claims are parts of one token. */
type Origin = FreePart | 'token';

const originOf = (part: FreePart): Origin => (part.startsWith('claim ') ? 'token' : part);

/** What somebody asked about a call, such that calls with the same answers take the same ways. */
export type Question =
  | { readonly about: FreePart; readonly steps: readonly Step[]; readonly match: TextMatch }
  /** A name of the certificate of the calling workload, or its `cluster/namespace/name`. */
  | { readonly about: 'caller'; readonly match: TextMatch; readonly by?: 'id' }
  /** Whether the client's certificate is signed by one of some authorities. */
  | { readonly about: 'root'; readonly roots: readonly string[] }
  /** Whether the client's address lies in a block. */
  | { readonly about: 'address'; readonly block: string };

/** Told of every question while a call is explored; a call that is only traced has none. */
export interface Recorder {
  note(question: Question, answer: boolean): void;
  /** Something was decided that no question describes: what is found holds for the call at hand, and maybe not for its like. */
  blur(): void;
}

/** Where the parts of a request come from. Parts that are not mentioned are the client's own. */
export class RequestOrigins {
  constructor(
    private readonly recorder: Recorder,
    private readonly parts: ReadonlyMap<Origin, readonly Step[] | 'fixed' | 'mixed'> = new Map(),
  ) {}

  public note(about: FreePart, match: TextMatch, answer: boolean, last?: Step): void {
    const state = this.parts.get(originOf(about)) ?? [];
    if (state === 'mixed') this.recorder.blur();
    else if (state !== 'fixed') this.recorder.note({ about, steps: last ? [...state, last] : state, match }, answer);
  }

  /** The request after a step. */
  public after(about: FreePart, step: Step): RequestOrigins {
    const state = this.parts.get(about) ?? [];
    if (typeof state === 'string') return this;
    const last = state.at(-1);
    // to read twice what is read already changes nothing
    if (step.kind === 'normalize' && last?.kind === 'normalize' && last.mode === step.mode) return this;
    return this.with(about, [...state, step]);
  }

  /** The request with a part that does not depend on the client (`fixed`), or that is made of several of its parts (`mixed`). */
  public with(about: Origin, state: readonly Step[] | 'fixed' | 'mixed'): RequestOrigins {
    return new RequestOrigins(this.recorder, new Map([...this.parts, [about, state]]));
  }

  /** The part decides something that nobody asked about it. */
  public decides(about: FreePart): void {
    if (this.parts.get(about) !== 'fixed') this.recorder.blur();
  }
}

/** Where a client certificate comes from. */
export interface CertificateOrigin {
  /** Somebody compared its names. */
  named(match: TextMatch, answer: boolean): void;
  /** Somebody looked at who signed it. */
  signedBy(roots: readonly string[], answer: boolean): void;
}

/** Where a source address comes from. */
export interface AddressOrigin {
  inBlock(block: string, answer: boolean): void;
}

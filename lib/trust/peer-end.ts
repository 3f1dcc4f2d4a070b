import type { EndFacts } from '../facts/exposure';
import { made } from '../facts/guard';
import { mark } from '../facts/marks';
import type { Identity } from './identity';
import type { TrustBundle } from './trust-bundle';

declare const brand: unique symbol;

/** What an identity may be. */
export const IDENTITY = made('Identity.spiffe(…) or Identity.dns(…)', 'Identity');

/** The end of a hop that somebody else operates: facts only. */
export class PeerEnd<K extends 'declared' | 'system' = 'declared' | 'system'> {
  static {
    mark(PeerEnd.prototype, 'PeerEnd');
  }

  declare protected readonly [brand]: K;

  /** What an end of a hop is: somebody else's. */
  public readonly kind = 'peerEnd';

  constructor(
    /** Who its certificate says it is. */
    public readonly identity: Identity,
    /** Who signed it. */
    public readonly signer: TrustBundle<K>,
  ) {
    IDENTITY(identity, 'PeerEnd', 'identity');
    made('TrustBundle.declared(…) or TrustBundle.system()', 'TrustBundle')(signer, 'PeerEnd', 'signer');
  }

  /** @internal as contracts hold it. */
  public facts(): EndFacts {
    return endFacts(this);
  }
}

/** Who is at an end of a hop, as contracts hold it. */
export function endFacts(end: { readonly identity: Identity; readonly signer: TrustBundle }): EndFacts {
  return { subjectAltName: end.identity.subjectAltName, signer: end.signer.facts() };
}

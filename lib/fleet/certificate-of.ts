import type { SecretFacts } from '../facts/fleet';

/** The certificate that a Secret holds, for messages; undefined for roots alone. */
export function certificateOf({ identity, signer, writtenBy }: SecretFacts): string | undefined {
  return identity && `a certificate of ${identity} signed by ${signer?.name}, written by ${writtenBy}`;
}

import { MeshError } from './error';
import { requireText } from './kind-of';
import { dnsLabel } from './names';

/**
 * SPIFFE IDs of a trust domain as policies write them, without `spiffe://`.
 *
 * @param ref `<namespace>/<service account>`, `<namespace>/*` for a whole namespace, or `*` for the whole trust domain.
 * @throws MESH1202 when it is none of these; MESH1001 for a malformed name.
 */
export function principalOf(trustDomain: string, ref: string, where: string): string {
  requireText(ref, where, 'principal');
  if (ref === '*') return `${trustDomain}/*`;
  const [namespace, account, ...rest] = ref.split('/');
  if (account === undefined || rest.length > 0) {
    throw new MeshError(
      'MESH1202',
      where,
      `'${ref}' names no callers; expected '<namespace>/<service account>', '<namespace>/*' or '*'`,
    );
  }
  dnsLabel(namespace, where, 'namespace');
  if (account === '*') return `${trustDomain}/ns/${namespace}/*`;
  return `${trustDomain}/ns/${namespace}/sa/${dnsLabel(account, where, 'service account')}`;
}

const SCHEME = 'spiffe://';

/** A SPIFFE ID as certificates and `subjectAltNames` write it. */
export function spiffeUri(principal: string): string {
  return SCHEME + principal;
}

/** The SPIFFE ID of a Subject Alternative Name, without scheme as policies write it; undefined for a DNS name. */
export function spiffeIdOf(subjectAltName: string): string | undefined {
  return subjectAltName.startsWith(SCHEME) ? subjectAltName.slice(SCHEME.length) : undefined;
}

/** The trust domain that an identity is of. */
export function trustDomainOf(principal: string): string {
  return principal.split('/')[0];
}

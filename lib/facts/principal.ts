import { MeshError } from './error';
import { dnsLabel } from './names';

/**
 * SPIFFE IDs of a trust domain as policies write them, without `spiffe://`.
 *
 * @param ref `<namespace>/<service account>`, `<namespace>/*` for a whole namespace, or `*` for the whole trust domain.
 * @throws MESH1202 when it is none of these; MESH1001 for a malformed name.
 */
export function principalOf(trustDomain: string, ref: string, where: string): string {
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

/** The trust domain that an identity is of. */
export function trustDomainOf(principal: string): string {
  return principal.split('/')[0];
}

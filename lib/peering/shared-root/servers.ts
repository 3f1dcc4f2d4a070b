import { MeshError } from '../../facts/error';
import { dnsLabel } from '../../facts/names';
import { principalOf, spiffeUri } from '../../facts/principal';

/**
 * Subject Alternative Names of a service's pods.
 *
 * @param serviceAccounts ServiceAccounts that they run as; by default one with the service's name.
 * @throws MESH1256 for an empty list; MESH1001 for a malformed name.
 */
export function identitiesOf(
  { trustDomain, where: mesh }: { readonly trustDomain: string; readonly where: string },
  { namespace = '', name }: { readonly namespace?: string; readonly name: string },
  serviceAccounts: readonly string[] = [name],
): string[] {
  const where = `${mesh}/${namespace}/${name}`;
  if (serviceAccounts.length === 0) {
    throw new MeshError(
      'MESH1256',
      where,
      "serviceAccounts is empty; state those that the service's pods run as, or leave it out for one with the service's name",
    );
  }
  return [...new Set(serviceAccounts)]
    .map((account) => dnsLabel(account, where, 'service account'))
    .map((account) => spiffeUri(principalOf(trustDomain, `${namespace}/${account}`, where)))
    .sort();
}

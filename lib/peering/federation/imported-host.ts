import { MeshError } from '../../facts/error';
import { importedHost } from '../../facts/federation';
import { hostname } from '../../facts/names';
import type { FederationFacts, FederationUse } from './facts';
import type { FederationGateways } from './gateways';

/**
 * Host that callers of an imported service dial.
 *
 * @throws MESH1002 for a malformed suffix; MESH1276 for that of the own cluster.
 */
export function hostOfImport(
  gateways: FederationGateways,
  facts: FederationFacts,
  { domainSuffix }: FederationUse,
  where: string,
): string {
  const { mesh, peer, form } = gateways;
  if (domainSuffix !== undefined) {
    hostname(domainSuffix, where, 'domain suffix');
    if (domainSuffix === `svc.${mesh.cluster.domain}`) {
      const remedy =
        form === 'maistra'
          ? 'which the control plane skips; use asLocal'
          : 'where only its own Services have names; state another one';
      throw new MeshError('MESH1276', where, `domain suffix '${domainSuffix}' is that of the own cluster, ${remedy}`);
    }
  }
  return importedHost(facts.exportedAs, peer, domainSuffix);
}

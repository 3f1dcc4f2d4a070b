import { MeshError } from '../../facts/error';
import type { Gateway } from '../../mesh/gateway';
import type { Callers } from '../callers';

/** Who may use an egress gateway. */
export type EgressCallers = Callers<'namespaces' | 'serviceAccounts'>;

/**
 * Checks that an egress gateway that ends the mesh's mTLS tells its callers apart.
 *
 * @throws MESH1206 for ServiceAccounts at a gateway that lets everybody through.
 */
export function checkEgressCallers(egress: Gateway, callers: EgressCallers | undefined, where: string): void {
  if (callers?.serviceAccounts === undefined || egress.denyByDefault) return;
  throw new MeshError(
    'MESH1206',
    where,
    `callers names ServiceAccounts (${callers.serviceAccounts.join(', ')}), but gateway ${egress.node.path} lets everybody through; set denyByDefault: true on the gateway, or use Callers.namespaces; the rule would be widened`,
  );
}

/**
 * Checks that an egress gateway keeps others out, where no visibility of a host does.
 *
 * @throws MESH1206 for callers at a gateway that lets everybody through.
 */
export function requireClosedEgress(egress: Gateway, callers: EgressCallers | undefined, where: string): void {
  if (callers === undefined || egress.denyByDefault) return;
  throw new MeshError(
    'MESH1206',
    where,
    `callers names ${(callers.serviceAccounts ?? callers.namespaces).join(', ')}, but gateway ${egress.node.path} lets everybody through; set denyByDefault: true on the gateway, or leave callers out; the rule would be widened`,
  );
}

/** Namespaces that see what callers need; the gateway's own is one of them. */
export function exportTo(egress: Gateway, callers: EgressCallers | undefined): string[] {
  if (callers === undefined) return ['*'];
  const others = callers.namespaces.filter((namespace) => namespace !== egress.namespace);
  return ['.', ...others.sort()];
}

/** SPIFFE IDs of callers as policies write them; `*` at the end stands for any rest. */
export function principals(trustDomain: string, callers: EgressCallers | undefined): string[] {
  if (callers === undefined) return [`${trustDomain}/*`];
  const { namespaces, serviceAccounts } = callers;
  const paths = serviceAccounts
    ? serviceAccounts.map((account) => account.replace('/', '/sa/'))
    : namespaces.map((namespace) => `${namespace}/*`);
  return paths.map((path) => `${trustDomain}/ns/${path}`).sort();
}

/** That the application's own TLS shows a gateway nobody. */
export function unseenAccounts(accounts: readonly string[], where: string): MeshError {
  return new MeshError(
    'MESH1206',
    where,
    `callers names ServiceAccounts (${accounts.join(', ')}), but the application's own TLS shows the egress gateway no identity; use Callers.namespaces; the rule would be widened`,
  );
}

import type { Access, AccessFacts } from '../../facts/access';
import { MeshError } from '../../facts/error';
import type { Protocol } from '../../facts/port';
import type { Gateway } from '../../mesh/gateway';
import { type EgressCallers, principals } from './egress-callers';

/**
 * Why an egress gateway cannot enforce an access rule of a server behind it, if so: it denies what nobody allows, it sees
 * requests where it ends the mesh's mTLS, and of the application's own TLS nothing but the name of the server.
 */
export function unenforceableAt(egress: Gateway, access: Access, protocol: Protocol): string | undefined {
  const { from, methods, paths } = access;
  const names = from && `names callers (${from.join(', ')})`;
  const limit = names ?? (methods || paths ? 'limits methods or paths' : undefined);
  if (limit === undefined) return undefined;
  if (!egress.denyByDefault) {
    return `an access rule ${limit}, but gateway ${egress.node.path} lets everybody through; set denyByDefault: true on the gateway, or leave the limit out`;
  }
  if (protocol !== 'tls') return undefined;
  return `an access rule ${limit}, but the application's own TLS shows the egress gateway no identity; leave 'from' out`;
}

/** Who may do what through an egress gateway. */
export interface EgressAccess {
  readonly egress: Gateway;
  /** Who may use it; absent: the whole mesh. */
  readonly callers?: EgressCallers;
  readonly access: readonly AccessFacts[];
  readonly where: string;
}

/**
 * Checks that whoever an access rule names is among the callers.
 *
 * @throws MESH1227 for somebody who has no way to the gateway.
 */
export function checkEgressAccess({ egress, callers, access, where }: EgressAccess): void {
  const known = principals(egress.mesh.trustDomain, callers);
  const stranger = access
    .flatMap(({ from = [] }) => from)
    .find((one) => !known.some((own) => one === own || (own.endsWith('*') && one.startsWith(own.slice(0, -1)))));
  if (stranger === undefined) return;
  throw new MeshError(
    'MESH1227',
    where,
    `an access rule names '${stranger}', who is none of the callers (${known.join(', ')}); add them to callers, or leave them out of 'from'`,
  );
}

import { CODES } from '../../facts/codes';
import type { Finding } from '../../facts/finding';
import { attached } from '../../fleet/attached';
import type { Gateway } from '../../mesh/gateway';
import type { Mesh } from '../../mesh/mesh';
import type { EgressCallers } from './egress-callers';

/** Namespaces of a mesh whose pods have no other way out than a gateway. */
export function closedAt(mesh: Mesh): Set<string> {
  return attached(mesh, 'closed namespaces', () => new Set<string>());
}

/** A peering whose egress gateway limits what callers may do. */
export interface LimitedPeering {
  readonly egress: Gateway;
  /** Who may use it; absent: the whole mesh. */
  readonly callers?: EgressCallers;
  readonly where: string;
}

/** What a gateway limits holds for calls through it: pods that may dial the server themselves go around. */
export function waysAround({ egress, callers, where }: LimitedPeering): Finding[] {
  const { mesh } = egress;
  const closed = closedAt(mesh);
  const open = (callers?.namespaces ?? mesh.namespaces).filter(
    (namespace) => namespace !== egress.namespace && !closed.has(namespace),
  );
  if (open.length === 0) return [];
  const { why, fix } = CODES.MESH1228;
  return [
    {
      code: 'MESH1228',
      severity: 'info',
      objects: [`peering ${where}`],
      message: `peering ${where} limits calls at gateway ${egress.node.path}, which pods of ${[...open].sort().join(', ')} can go around`,
      atRuntime: why,
      fix,
    },
  ];
}

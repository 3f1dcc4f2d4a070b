import { MeshError } from '../facts/error';
import type { Leader } from '../mesh/led-hosts';
import type { Mesh } from '../mesh/mesh';

/** A host that shall lead through a peering. */
export interface HostClaim {
  readonly consumer: Mesh;
  readonly host: string;
  /** Whose proxies see that, and how it is registered. */
  readonly leader: Omit<Leader, 'by'>;
  /** Whether it is that of a server in no mesh, which has no other. */
  readonly isOfServer: boolean;
  /** Construct path of the peering. */
  readonly where: string;
}

/**
 * Notes where a host leads: of two ServiceEntries or VirtualServices that a proxy sees the younger is ignored.
 *
 * @throws MESH1204 when it leads elsewhere already for a proxy that sees it.
 */
export function claimHost({ consumer, host, leader, isOfServer, where }: HostClaim): void {
  const other = consumer.callable.claimHost(host, { by: where, ...leader });
  if (other === undefined) return;
  const alone = isOfServer
    ? 'a server in no mesh has one host, which a proxy knows once: leave one of the two out, or state callers in namespaces of their own for both'
    : 'give this exposure a host of its own';
  const labels = other.isOfPods
    ? ', or workloads of which no pod can have the labels of both: one label with different values'
    : '';
  const fix =
    other.shared === undefined
      ? `; ${alone}`
      : ` for callers in ${other.shared}, whose proxies take one of the two; let the two peerings have callers in namespaces of their own${labels}`;
  throw new MeshError(
    'MESH1204',
    where,
    `host '${host}' already leads through ${other.by} in ${consumer.node.path}${fix}`,
  );
}

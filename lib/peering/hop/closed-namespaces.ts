import { MeshError } from '../../facts/error';
import { requireList } from '../../facts/kind-of';
import { dnsLabel } from '../../facts/names';
import type { Gateway } from '../../mesh/gateway';

/** Namespaces that shall be reached, or left, through one gateway only. */
export interface ClosedNamespaces {
  /** Option that names them. */
  readonly option: 'onlyWayIn' | 'onlyWayOut';
  readonly namespaces: string[];
  readonly gateway: Gateway;
  /** What closing the gateway's own namespace would do. */
  readonly cutOff: string;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/**
 * The namespaces, each once and sorted.
 *
 * @throws MESH1006 for something that is no list; MESH1208 for an empty one, a namespace that is none of the mesh, or
 * that of the gateway.
 */
export function closedNamespaces({ option, namespaces, gateway, cutOff, where }: ClosedNamespaces): string[] {
  const { mesh } = gateway;
  requireList(namespaces, where, `'${option}'`);
  if (namespaces.length === 0) {
    throw new MeshError('MESH1208', where, `${option} is empty; name the namespaces, or leave it out`);
  }
  const closed = [...new Set(namespaces)].sort();
  for (const namespace of closed) {
    dnsLabel(namespace, where, 'namespace');
    if (namespace === gateway.namespace) {
      throw new MeshError(
        'MESH1208',
        where,
        `${option} names '${namespace}', where gateway ${gateway.node.path} is: ${cutOff}; leave it out, and keep workloads out of that namespace`,
      );
    }
    if (!mesh.hasNamespace(namespace)) {
      throw new MeshError(
        'MESH1208',
        where,
        `${option} names '${namespace}', which is no namespace of ${mesh.node.path}; it has ${mesh.namespaces.join(', ') || 'none'}: declare it with mesh.namespace('${namespace}')`,
      );
    }
  }
  return closed;
}

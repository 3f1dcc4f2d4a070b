import { MeshError } from '../facts/error';
import { requireObject } from '../facts/kind-of';
import type { Protocol } from '../facts/port';
import type { MeshService } from '../facts/service';
import type { Mesh } from '../mesh/mesh';
import type { Diallable, DialledHost } from './dialled-host';

/** A port that rules can be about. */
export interface KnownPort {
  readonly number: number;
  readonly protocol: Protocol;
}

/** What a Routing is about. */
export interface RoutedHost {
  readonly host: string;
  /** As messages name it. */
  readonly name: string;
  /** Namespace of its VirtualService. */
  readonly namespace: string;
  /** Who sees it; absent: the whole mesh. */
  readonly exportTo?: string[];
  /** Its ports that rules may be about. */
  readonly ports: readonly KnownPort[];
  /** The port that is meant where a rule does not say it; absent: every rule says it. */
  readonly port?: KnownPort;
  readonly isOnlyPort: boolean;
  readonly lead?: DialledHost['lead'];
}

/**
 * A service or alias of the mesh.
 *
 * @throws MESH1303 when it is of another mesh.
 */
export function routedService(mesh: Mesh, service: MeshService, where: string): RoutedHost {
  requireObject(service.owner, where, 'owner of the host', 'a service or alias of the mesh: mesh.service(…)');
  const { host, ref, namespace, owner, ports } = service;
  if (owner.mesh !== mesh.node.path) {
    throw new MeshError(
      'MESH1303',
      where,
      `host ${ref} is of mesh ${owner.mesh}; expected a service of ${mesh.node.path}`,
    );
  }
  const port = ports.length === 1 ? ports[0] : undefined;
  return { host, name: ref, namespace, ports, port, isOnlyPort: mesh.portsOf(service).length === 1 };
}

/**
 * An exposure that callers dial by its own host.
 *
 * @throws MESH1303 when another mesh consumes it; MESH1314 when nobody can dial it.
 */
export function routedExposure(mesh: Mesh, exposure: Diallable, where: string): RoutedHost {
  const { dialled, usableIn, protocol, nextHop } = exposure;
  if (usableIn !== mesh.node.path) {
    throw new MeshError(
      'MESH1303',
      where,
      `exposure ${nextHop?.host} is consumed by ${usableIn || 'somebody else'}; expected one that ${mesh.node.path} consumes`,
    );
  }
  if (dialled === undefined) {
    throw new MeshError(
      'MESH1314',
      where,
      `exposure ${nextHop.authority ?? nextHop.host} has no host that callers dial; give it a name with mesh.alias(), and let the Routing be about that`,
    );
  }
  const port = { number: dialled.port, protocol };
  return { ...dialled, name: dialled.host, ports: [port], port, isOnlyPort: false };
}

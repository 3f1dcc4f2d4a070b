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
  /** All ports of the host, when everything is stated: those that no rule is about go where they went. */
  readonly allPorts: () => readonly KnownPort[];
  /** Where rules go instead of a VirtualService of the Routing, by port. */
  readonly leads?: readonly { readonly port: KnownPort; readonly lead: NonNullable<DialledHost['lead']> }[];
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
  const allPorts = () => mesh.callable.portsOf(service);
  return { host, name: ref, namespace, ports, port, allPorts, isOnlyPort: allPorts().length === 1 };
}

/**
 * Exposures that callers dial by their own host: ports of one host.
 *
 * @throws MESH1303 when another mesh consumes one, for an empty list, different hosts or one port twice; MESH1314 when
 * nobody can dial one.
 */
export function routedExposures(mesh: Mesh, exposures: readonly Diallable[], where: string): RoutedHost {
  const dialled = exposures.map((exposure) => dialledPort(mesh, exposure, where));
  const [first, ...others] = dialled;
  const refuse = (message: string) => new MeshError('MESH1303', where, message);
  if (first === undefined) throw refuse('the list of hosts is empty; state the exposures of a host');
  const unlike = others.find(({ host, namespace }) => host !== first.host || namespace !== first.namespace);
  if (unlike !== undefined) {
    throw refuse(`hosts '${first.host}' and '${unlike.host}' are two; state a Routing for each`);
  }
  const twice = dialled.find(({ port }, index) => dialled.findIndex((one) => one.port.number === port.number) < index);
  if (twice !== undefined)
    throw refuse(`port ${twice.port.number} of host '${twice.host}' is stated twice; state it once`);
  const ports = dialled.map(({ port }) => port);
  const leads = dialled.flatMap(({ port, lead }) => (lead ? [{ port, lead }] : []));
  return {
    ...{ host: first.host, name: first.host, namespace: first.namespace, exportTo: first.exportTo, ports },
    ...(ports.length === 1 && { port: ports[0] }),
    isOnlyPort: false,
    allPorts: first.ports ?? (() => ports),
    ...(leads.length > 0 && { leads }),
  };
}

function dialledPort(mesh: Mesh, { dialled, usableIn, protocol, nextHop }: Diallable, where: string) {
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
  return { ...dialled, port: { number: dialled.port, protocol } };
}

import type { Access } from '../facts/access';
import { MeshError } from '../facts/error';
import type { ExposedService } from '../facts/exposure';
import { listOf, made } from '../facts/guard';
import type { Protocol } from '../facts/port';
import type { MeshService } from '../facts/service';
import type { ExternalServer } from '../mesh/external';
import { type Provider, pathOf } from './parties';

/** Something that a peering can expose. */
export type Exposable<P extends Protocol = Protocol> = MeshService<P> | ExternalServer<P>;

const EXPOSABLE = made('a service: mesh.service(…), or a server: External.server(…)', 'MeshService', 'ExternalServer');
const ALLOW = listOf(made('Access.http() or Access.tcp()', 'Access'));

/** What a strategy cannot do. */
export interface Limits {
  /** Why a protocol cannot be carried, if so. */
  uncarried(protocol: Protocol): string | undefined;
  /** Why an access rule cannot be enforced, if so. */
  unenforceable(access: Access, protocol: Protocol): string | undefined;
  /** Why no server outside of meshes can stand behind the provider, if so. */
  readonly unfronted: string | undefined;
  /** Why calls that no access rule allows cannot be denied, if so. */
  undeniable(): string | undefined;
}

/**
 * Checks that a service is the provider's, that its bytes can be carried, and that its access rules can be enforced.
 *
 * @throws MESH1203 for a service of somebody else, or a server in no mesh that no gateway stands before; MESH1219 for a
 * protocol that cannot be carried; MESH1206 for a rule that cannot be enforced; MESH1103 for a service of which no port
 * is said.
 */
export function checkExposable(
  service: Exposable,
  allow: readonly Access[],
  { provider, limits, where }: { readonly provider: Provider; readonly limits: Limits; readonly where: string },
): void {
  EXPOSABLE(service, where, 'what is exposed');
  ALLOW(allow, where, "'allow'");
  const owner = service.kind === 'meshService' ? service.owner.mesh : service.host;
  const isOutside = service.kind === 'externalServer' && provider.kind === 'mesh';
  if (isOutside && limits.unfronted !== undefined) {
    throw new MeshError('MESH1203', where, `server ${owner} is in no mesh, and ${limits.unfronted}`);
  }
  if (!isOutside && owner !== pathOf(provider)) {
    const named = service.kind === 'meshService' ? `service ${service.ref} of ${owner}` : `server ${owner}`;
    throw new MeshError(
      'MESH1203',
      where,
      `${named} is not of the provider; expected a service of ${pathOf(provider)}`,
    );
  }
  const { protocol, number } = service.port;
  const uncarried = limits.uncarried(protocol);
  if (uncarried !== undefined) throw new MeshError('MESH1219', where, `port ${protocol} ${number} ${uncarried}`);
  const unseen =
    allow.length === 0
      ? limits.undeniable()
      : allow.map((access) => limits.unenforceable(access, protocol)).find((reason) => reason !== undefined);
  if (unseen !== undefined) throw new MeshError('MESH1206', where, `${unseen}; the rule would be widened`);
}

/**
 * A service as facts.
 *
 * @param knownIn namespace of the gateway before a server in no mesh: what has a namespace is reached through a gateway.
 * @throws MESH1104 for a subset that it lacks.
 */
export function exposedService(
  service: Exposable,
  subset: string | undefined,
  where: string,
  knownIn?: string,
): ExposedService {
  const { number: port, protocol } = service.port;
  if (service.kind === 'externalServer') {
    if (subset !== undefined) {
      throw new MeshError('MESH1104', where, `subset '${subset}': a server in no mesh has no subsets; leave it out`);
    }
    const { host } = service;
    return { host, ...(knownIn !== undefined && { namespace: knownIn }), name: host, port, protocol };
  }
  if (subset !== undefined) service.requireSubset(subset);
  const { host, namespace, name } = service;
  return { host, namespace, name, port, protocol, ...(subset !== undefined && { subset }) };
}

import { MeshError } from '../../facts/error';
import { requireList } from '../../facts/kind-of';
import { hostname } from '../../facts/names';
import { isHttp, type Protocol } from '../../facts/port';
import type { Gateway } from '../../mesh/gateway';

/** What an exposure that takes copies is made with. */
export interface CopyTaker {
  /** What flows. */
  readonly protocol: Protocol;
  /** The gateway before it, if any. */
  readonly ingress?: Gateway;
  readonly where: string;
}

/**
 * Checks hosts whose copies an exposure takes; sorted.
 *
 * @throws MESH1002 for a malformed host; MESH1315 where copies could not arrive.
 */
export function checkMirrorOf(hosts: string[], { protocol, ingress, where }: CopyTaker): string[] {
  requireList(hosts, where, "'mirrorOf'");
  const refuse = (message: string) => new MeshError('MESH1315', where, message);
  if (hosts.length === 0) throw refuse("'mirrorOf' is empty; state a host, or leave it out");
  if (!isHttp(protocol)) {
    throw refuse(`copies are made of requests, and where ${protocol} flows the mesh sees none; leave mirrorOf out`);
  }
  const route = ingress?.route;
  if (ingress && route && route.termination !== 'passthrough') {
    throw refuse(
      `a Route with termination ${route.termination} in front of gateway ${ingress.node.path} leads requests by their host, and has none for those of copies; expected RouteFront.passthrough()`,
    );
  }
  const named = hosts.map((one) => hostname(one, where, 'host of mirrorOf'));
  const twice = named.find((one, index) => named.indexOf(one) !== index);
  if (twice !== undefined) throw refuse(`host '${twice}' is in mirrorOf twice; state it once`);
  return named.sort();
}

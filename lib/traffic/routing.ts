import { Construct } from 'constructs';
import * as istio from '../../imports/istio';
import { MeshError } from '../facts/error';
import { requireList, requireObject } from '../facts/kind-of';
import type { Http, Protocol } from '../facts/port';
import type { MeshService } from '../facts/service';
import { attached } from '../fleet/attached';
import { childId } from '../fleet/child-id';
import type { Mesh } from '../mesh/mesh';
import { routes } from './routes';
import type { Rule } from './rule';
import { callersOf } from './rule-callers';
import { checkOrder } from './rule-order';

/** What a routing states. */
export interface RoutingProps<P extends Protocol = Http> {
  /** The host that workloads dial: a service of the mesh or an alias; with several ports, one of them by `at()`. */
  readonly host: MeshService<P>;
  /** In this order: the first rule that is about a call decides. */
  readonly rules: Rule<Flow<P>>[];
}

/** What can be led where: requests to requests, bytes (of an application's TLS or any other) to bytes. */
export type Flow<P extends Protocol> = P extends Http ? Http : Exclude<Protocol, Http>;

/**
 * What a consumer does when its workloads dial a host. The only writer of that host's VirtualService in the mesh: of
 * two the younger is ignored.
 */
export class Routing<P extends Protocol = Http> extends Construct {
  /**
   * @throws MESH1301 for rules that are missing, unreachable or after `otherwise`; MESH1303 for a host of another mesh
   * or one that another Routing is about; MESH1304 for a destination of another mesh; MESH1307 for a rule that nobody could
   * use.
   */
  constructor(mesh: Mesh, id: string, props: RoutingProps<P>) {
    super(mesh, childId(mesh, id, { kind: 'routing', scope: 'Mesh' }));
    const { host, rules } = props;
    const where = this.node.path;
    requireList(rules, where, "'rules'");
    requireObject(host?.owner, where, 'owner of the host', 'a service or alias of the mesh: mesh.service(…)');
    if (host.owner.mesh !== mesh.node.path) {
      throw new MeshError(
        'MESH1303',
        where,
        `host ${host.ref} is of mesh ${host.owner.mesh}; expected a service of ${mesh.node.path}`,
      );
    }
    const routed = attached(mesh, 'routed', () => new Set<string>());
    if (routed.has(host.host)) {
      throw new MeshError('MESH1303', where, `another Routing is about ${host.ref}; put all rules of a host into one`);
    }
    routed.add(host.host);
    checkOrder(rules, where);
    const destinations = rules.flatMap((rule) => rule.destinations.map(({ to }) => to));
    for (const { usableIn, nextHop } of destinations) {
      if (usableIn !== mesh.node.path) {
        throw new MeshError(
          'MESH1304',
          where,
          `destination ${nextHop.host} is ${usableIn === '' ? 'consumed by somebody else' : `of mesh ${usableIn}`}; expected a service of ${mesh.node.path}, or an exposure that it consumes`,
        );
      }
    }
    const unusable = rules.find((rule) => callersOf(rule)?.namespaces.length === 0);
    if (unusable !== undefined) {
      throw new MeshError(
        'MESH1307',
        where,
        `a rule for ${unusable.paths?.join(', ') ?? 'every call'} leads to destinations that have no caller in common (${unusable.destinations.map(({ to }) => to.nextHop.host).join(', ')}); split it, or let the peerings have the same callers`,
      );
    }
    for (const nextHop of destinations.map((destination) => destination.nextHop)) {
      if (nextHop.subset !== undefined) mesh.writeServiceRule(nextHop.host);
    }
    new istio.VirtualService(mesh.ownChart(this, 'chart', id), 'VirtualService', {
      apiVersion: mesh.platform.apiVersion('VirtualService'),
      metadata: { name: id, namespace: host.namespace },
      spec: { hosts: [host.host], ...routes(rules, host, mesh.portsOf(host).length === 1) },
    });
  }
}

import { Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import * as istio from '../../imports/istio';
import { MeshError } from '../facts/error';
import { checkOptions, type Guards, listOf, made } from '../facts/guard';
import type { Http, Protocol } from '../facts/port';
import type { MeshService } from '../facts/service';
import { attached } from '../fleet/attached';
import { childId } from '../fleet/child-id';
import { Fleet } from '../fleet/fleet';
import type { Mesh } from '../mesh/mesh';
import type { Diallable } from './dialled-host';
import { routesOfHost } from './host-routes';
import { type RoutedHost, routedExposures, routedService } from './routed-host';
import { routes } from './routes';
import type { Flow, Rule } from './rule';
import { checkRules } from './rule-checks';
import { checkOrder } from './rule-order';
import { ruleSummary } from './rule-summary';

/** What a routing states. */
export interface RoutingProps<P extends Protocol = Http> {
  /**
   * The host that workloads dial: a service of the mesh or an alias, or an exposure that has a host to dial, or a list of
   * exposures that are ports of one host. With several ports, one of them by `at()`, or rules that say which by `Rule.port`
   * and `port` of `Rule.when`. Ports of the host that no rule is about go where they went.
   */
  readonly host: MeshService<P> | Diallable<P> | readonly Diallable<P>[];
  /** In this order: the first rule that is about a call decides. */
  readonly rules: Rule<Flow<P>>[];
}

/**
 * What a consumer does when its workloads dial a host. The only writer of that host's rules in the mesh: of two
 * VirtualServices the younger is ignored. The rules of an exposure that leaves through an egress gateway go into the
 * VirtualService of the peering.
 */
export class Routing<P extends Protocol = Http> extends Construct {
  /**
   * @throws MESH1301 for rules that are missing, unreachable or after `otherwise`; MESH1303 for a host of another mesh
   * or one that another Routing is about; MESH1304 for a destination of another mesh; MESH1307 for a rule that nobody could
   * use; MESH1311 for a mirror that would answer 404; MESH1312 for what the platform does not know; MESH1313 for a rule
   * that does not fit what flows through the port; MESH1314 for an exposure that nobody can dial.
   */
  constructor(mesh: Mesh, id: string, props: RoutingProps<P>) {
    super(mesh, childId(mesh, id, { kind: 'routing', scope: 'Mesh' }));
    const where = this.node.path;
    checkOptions<RoutingProps<Protocol>>(props, where, PROPS);
    const { rules } = props;
    const routed = routedHost(mesh, props.host, where);
    const known = attached(mesh, 'routed', () => new Set<string>());
    if (known.has(routed.host)) {
      throw new MeshError(
        'MESH1303',
        where,
        `another Routing is about ${routed.name}; put all rules of a host into one${routed.leads || routed.exportTo ? ', with a list of exposures for several of its ports' : ''}`,
      );
    }
    known.add(routed.host);
    checkOrder(rules, routed, where);
    checkRules(rules, { mesh, routed, where });
    for (const { nextHop } of rules.flatMap((rule) => rule.reached)) {
      if (nextHop.subset !== undefined) mesh.writeServiceRule(nextHop.host);
    }
    Fleet.of(mesh).register.addRouting(mesh.node.path, {
      ...{ path: where, host: routed.host },
      rules: rules.map((rule) => ruleSummary(rule, routed)),
    });
    if (routed.leads) {
      for (const { port, lead } of routed.leads) {
        const own = rules.filter(({ calls }) => (calls.port ?? port).number === port.number);
        if (own.length > 0) lead((match) => routes(own, { ...routed, port, match }));
      }
      return;
    }
    const { namespace, exportTo } = routed;
    const serverNames = rules.flatMap((rule) => rule.calls.sniHosts ?? []).filter((name) => name !== routed.host);
    new istio.VirtualService(mesh.ownChart(this, 'chart', id), 'VirtualService', {
      apiVersion: mesh.platform.apiVersion('VirtualService'),
      metadata: { name: id, namespace },
      spec: Lazy.any({
        produce: () => ({
          hosts: [routed.host, ...serverNames],
          ...(exportTo && { exportTo }),
          ...routesOfHost(rules, routed),
        }),
      }),
    });
  }
}

const HOST = made(
  'a service or alias of the mesh: mesh.service(…), or an exposure',
  'MeshService',
  'Exposure',
  'Failover',
);

const HOSTS = listOf(made('an exposure', 'Exposure'));

const PROPS: Guards<RoutingProps<Protocol>> = {
  host: (value, place, what) => (Array.isArray(value) ? HOSTS : HOST)(value, place, what),
  rules: listOf(made('rules such as Rule.otherwise().to(…)', 'Rule')),
};

function routedHost(mesh: Mesh, host: MeshService | Diallable | readonly Diallable[], where: string): RoutedHost {
  if (isList(host)) return routedExposures(mesh, host, where);
  const isExposure = 'nextHop' in host && !('owner' in host);
  return isExposure ? routedExposures(mesh, [host], where) : routedService(mesh, host as MeshService, where);
}

const isList = (host: MeshService | Diallable | readonly Diallable[]): host is readonly Diallable[] =>
  Array.isArray(host);

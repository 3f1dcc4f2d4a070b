import { Construct } from 'constructs';
import * as istio from '../../imports/istio';
import { MeshError } from '../facts/error';
import { requireList, requireObject } from '../facts/kind-of';
import { dnsLabel } from '../facts/names';
import type { Http, Protocol } from '../facts/port';
import type { MeshService } from '../facts/service';
import { attached } from '../fleet/attached';
import type { Mesh } from '../mesh/mesh';
import type { Rule, Weighted } from './rule';

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
   * or one that another Routing is about; MESH1304 for a destination of another mesh.
   */
  constructor(mesh: Mesh, id: string, props: RoutingProps<P>) {
    super(mesh, dnsLabel(id, mesh.node.path, 'routing id'));
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

/** Rules in the section of the VirtualService that is about what flows through the port. */
function routes(
  rules: Rule<Protocol>[],
  { host, port: { protocol, number } }: MeshService,
  isOnlyPort: boolean,
): Pick<istio.VirtualServiceSpec, 'http' | 'tcp' | 'tls'> {
  switch (protocol) {
    case 'tls':
      return {
        tls: rules.map((rule) => ({ match: [{ port: number, sniHosts: [host] }], route: streamDestinations(rule) })),
      };
    case 'tcp':
      return { tcp: rules.map((rule) => ({ match: [{ port: number }], route: streamDestinations(rule) })) };
    default:
      return { http: rules.map((rule) => httpRoute(rule, isOnlyPort ? undefined : number)) };
  }
}

/** Istio takes the first route that matches: what stands behind a broader one is never reached. */
function checkOrder(rules: Rule<Protocol>[], where: string): void {
  if (rules.length === 0) {
    throw new MeshError(
      'MESH1301',
      where,
      'the list of rules is empty, so every call would end in 404; state at least one rule',
    );
  }
  const seen: string[] = [];
  for (const rule of rules) {
    for (const path of rule.paths ?? ['*']) {
      const broader = seen.find((earlier) => covers(earlier, path));
      if (broader !== undefined) {
        throw new MeshError(
          'MESH1301',
          where,
          `the rule for ${describe(path)} is never reached: the one for ${describe(broader)} above it is about the same calls; put the narrower rule first, or remove it`,
        );
      }
    }
    seen.push(...(rule.paths ?? ['*']));
  }
}

function covers(broad: string, narrow: string): boolean {
  return broad.endsWith('*') ? narrow.startsWith(broad.slice(0, -1)) : broad === narrow;
}

function describe(path: string): string {
  return path === '*' ? 'every call (Rule.otherwise)' : `'${path}'`;
}

function httpRoute(rule: Rule<Protocol>, port: number | undefined): istio.HTTPRoute {
  const byPort = port === undefined ? {} : { port };
  const match: istio.HTTPMatchRequest[] = rule.paths
    ? rule.paths.map((path) => ({
        ...byPort,
        uri: path.endsWith('*') ? { prefix: path.slice(0, -1) } : { exact: path },
      }))
    : port === undefined
      ? []
      : [byPort];
  const isSplit = rule.destinations.length > 1;
  return {
    ...(match.length > 0 && { match }),
    route: rule.destinations.map((destination) => routeDestination(destination, isSplit)),
  };
}

/**
 * One destination. The authority is set per destination, not per rule: in a split, a local and a remote one need
 * different ones. A rule's destination does not pass through that host's own VirtualService, so it is the next hop.
 */
function routeDestination({ weight, to }: Weighted<Protocol>, isSplit: boolean): istio.HTTPRouteDestination {
  const { host, port, subset, authority } = to.nextHop;
  return {
    destination: { host, port: { number: port }, ...(subset !== undefined && { subset }) },
    ...(isSplit && { weight }),
    ...(authority !== undefined && { headers: { request: { set: { ':authority': authority } } } }),
  };
}

/** Destinations of bytes. */
function streamDestinations({ destinations }: Rule<Protocol>): istio.RouteDestination[] {
  return destinations.map(({ weight, to: { nextHop } }) => ({
    destination: {
      host: nextHop.host,
      port: { number: nextHop.port },
      ...(nextHop.subset !== undefined && { subset: nextHop.subset }),
    },
    ...(destinations.length > 1 && { weight }),
  }));
}

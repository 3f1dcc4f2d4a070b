import { hostsMatch, intersection, splitHost } from '../registry/hosts';
import { isHttp } from '../registry/protocol';
import type { Service } from '../registry/service';
import type { VirtualService } from '../scope/virtual-service';
import type { L4Match } from '../world/istio-types';
import { refTo } from '../world/resource';
import { autoPassthroughChains } from './auto-passthrough';
import type { ClusterClient } from './clusters';
import { type MergedGateways, passesTlsThrough, type Server, type ServerGroup } from './gateway-merge';
import { type RouteClient, virtualServiceRoutes } from './routes';
import { l4Clusters } from './tcp-chains';
import { serverLimits } from './tls-limits';
import type { Chain, Listener, Rbac, Route, ServerTls, VirtualHost } from './types';

/** What a gateway's listeners and routes are made of. */
export interface GatewaySources extends ClusterClient, RouteClient {
  readonly ip: string;
  readonly merged: MergedGateways;
  readonly httpRbac: readonly Rbac[];
  readonly tcpRbac: readonly Rbac[];
  readonly rulesOf: (gatewayName: string) => readonly VirtualService[];
  /** The service that a VirtualService of a namespace means by a host. */
  readonly serviceFor: (host: string, namespace: string) => Service | undefined;
}

/** Listeners of a gateway by port (`gateway.go: buildGatewayListeners`). */
export function gatewayListeners(sources: GatewaySources): Map<number, Listener> {
  const chains = new Map<number, Chain[]>();
  const sniSeen = new Map<number, Set<string>>();
  for (const group of sources.merged.groups) {
    // a server that binds to another address than the workload's own takes no connection
    if (!['', '0.0.0.0', sources.ip].includes(group.bind)) continue;
    const seen = sniSeen.get(group.port) ?? new Set<string>();
    sniSeen.set(group.port, seen);
    const made = chains.get(group.port) ?? [];
    chains.set(group.port, [...made, ...groupChains(group, sources, seen)]);
  }
  const listening = [...chains].filter(([, made]) => made.length > 0);
  return new Map(listening.map(([port, made]) => [port, { name: `0.0.0.0_${port}`, chains: made }]));
}

function groupChains(group: ServerGroup, sources: GatewaySources, sniSeen: Set<string>): Chain[] {
  const { httpRbac, tcpRbac } = sources;
  if (isHttp(group.protocol)) {
    const refs = group.servers.map(({ ref }) => ref);
    return [{ name: '', http: { rds: group.routeName }, rbac: httpRbac, refs }];
  }
  return group.servers.flatMap((server): Chain[] => {
    const { spec, sni = [], ref, protocol, routeName } = server;
    if (spec.tls && protocol === 'HTTPS' && !passesTlsThrough(spec)) {
      const tls = serverTls(server, sources);
      return [{ name: '', sni, tls, http: { rds: routeName }, rbac: httpRbac, refs: [ref] }];
    }
    if (!spec.tls || !passesTlsThrough(spec)) return tcpChain(server, sources);
    if (spec.tls.mode === 'AUTO_PASSTHROUGH') return autoPassthroughChains(sni, sources, ref);
    return passthroughChains(server, sources, sniSeen).map((one) => ({ ...one, rbac: tcpRbac }));
  });
}

/** The first TCP route of a VirtualService of the gateway (`gateway.go: buildGatewayNetworkFiltersFromTCPRoutes`). */
function tcpChain(server: Server, sources: GatewaySources): Chain[] {
  const { spec, sni = [], ref } = server;
  for (const rules of sources.rulesOf(server.gatewayName).filter((one) => concerns(one, server))) {
    for (const [index, rule] of rules.tcp.entries()) {
      const matches = rule.match ?? [];
      const applies = matches.length === 0 || matches.some((match) => isFor(match, server));
      if (!applies || !rule.route?.length) continue;
      return [
        {
          name: '',
          ...(spec.tls ? { sni, tls: serverTls(server, sources) } : {}),
          tcp: l4Clusters(rule, spec.port.number, (host) => sources.scope.byHost.get(host)),
          rbac: sources.tcpRbac,
          refs: [ref, refTo(rules.from, `spec.tcp[${index}]`)],
        },
      ];
    }
  }
  return [];
}

/** A chain per SNI of the TLS routes; of two routes for one SNI the first counts (`buildGatewayNetworkFiltersFromTLSRoutes`). */
function passthroughChains(server: Server, sources: GatewaySources, seen: Set<string>): Chain[] {
  const { spec, ref } = server;
  const chains: Chain[] = [];
  for (const rules of sources.rulesOf(server.gatewayName).filter((one) => concerns(one, server))) {
    for (const [index, rule] of rules.tls.entries()) {
      if (!rule.route?.length) continue;
      for (const { sniHosts = [] } of (rule.match ?? []).filter((match) => isFor(match, server))) {
        if (sniHosts.some((host) => seen.has(host))) continue;
        for (const host of sniHosts) seen.add(host);
        const tcp = l4Clusters(rule, spec.port.number, (host) => sources.scope.byHost.get(host));
        chains.push({ name: '', sni: sniHosts, tcp, rbac: [], refs: [ref, refTo(rules.from, `spec.tls[${index}]`)] });
      }
    }
  }
  return chains;
}

/** `gateway.go: pickMatchingGatewayHosts`. */
function concerns({ hosts, namespace }: VirtualService, server: Server): boolean {
  return server.hosts.some((given) => {
    const { namespace: only, host } = splitHost(given);
    return (only === undefined || only === namespace) && hosts.some((one) => hostsMatch(host, one));
  });
}

function isFor({ port, gateways }: L4Match, { spec, gatewayName }: Server): boolean {
  return (!port || port === spec.port.number) && (!gateways?.length || gateways.includes(gatewayName));
}

/** `listener.go: BuildListenerTLSContext`. */
function serverTls({ spec, ref }: Server, { mesh }: GatewaySources): ServerTls {
  const { mode = 'PASSTHROUGH', credentialName, credentialNames, subjectAltNames, ...files } = spec.tls ?? {};
  const requiresClient = mode === 'MUTUAL' || mode === 'ISTIO_MUTUAL';
  const limits = spec.tls && serverLimits(spec.tls, mesh);
  const credential = mode === 'ISTIO_MUTUAL' ? undefined : credentialName || credentialNames?.[0];
  const paths = {
    ...(files.serverCertificate ? { certificate: files.serverCertificate } : {}),
    ...(files.privateKey ? { key: files.privateKey } : {}),
    ...(files.caCertificates ? { ca: files.caCertificates } : {}),
  };
  return {
    mode,
    requiresClient,
    validatesClient: requiresClient || mode === 'OPTIONAL_MUTUAL',
    ...(subjectAltNames ? { subjectAltNames } : {}),
    ...(limits ? { limits } : {}),
    ...(credential ? { credential } : mode === 'ISTIO_MUTUAL' ? {} : { files: paths }),
    refs: [{ note: mode, ...ref, field: `${ref.field}.tls` }],
  };
}

/** Virtual hosts of a gateway's routes (`gateway.go: buildGatewayHTTPRouteConfig`). */
export function gatewayVirtualHosts(sources: GatewaySources, routeName: string): VirtualHost[] {
  const found = new Map<string, VirtualHost>();
  for (const server of sources.merged.byRoute.get(routeName) ?? []) {
    const requiresTls = server.spec.tls?.httpsRedirect ? { requiresTls: true } : {};
    const port = server.spec.port.number;
    for (const rules of sources.rulesOf(server.gatewayName)) {
      const hosts = intersection(hostsFor(server, rules.namespace), rules.hosts);
      if (hosts.length === 0) continue;
      const lookup = (host: string) => sources.serviceFor(host, rules.namespace);
      const routes = virtualServiceRoutes(rules, sources, port, [server.gatewayName], lookup);
      if (routes.length === 0) continue;
      for (const host of hosts.map((one) => one.toLowerCase())) {
        const held = found.get(host);
        const refs = [{ ...server.ref, field: `${server.ref.field}.hosts` }, refTo(rules.from, 'spec.hosts')];
        found.set(host, {
          ...(held ?? { name: `${host}:${port}`, domains: [host], routes: [], refs }),
          routes: [...(held?.routes ?? []), ...routes],
          ...requiresTls,
        });
      }
    }
    if (!server.spec.tls?.httpsRedirect) continue;
    for (const host of server.hosts.map((one) => one.toLowerCase())) {
      const held = found.get(host) ?? { name: host, domains: [host], routes: [], refs: [server.ref] };
      found.set(host, { ...held, requiresTls: true });
    }
  }
  return [...found.values()].map((one) => ({ ...one, routes: catchAllsLast(one.routes) }));
}

function hostsFor({ hosts }: Server, namespace: string): string[] {
  return hosts
    .map(splitHost)
    .flatMap(({ namespace: only, host }) => (only === undefined || only === namespace ? [host] : []));
}

/** `route.SortVHostRoutes`. */
const catchAllsLast = (routes: readonly Route[]): Route[] => [
  ...routes.filter(({ isCatchAll }) => !isCatchAll),
  ...routes.filter(({ isCatchAll }) => isCatchAll),
];

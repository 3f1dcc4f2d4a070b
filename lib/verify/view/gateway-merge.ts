import { isHttp, type Protocol, parseProtocol } from '../registry/protocol';
import type { Target } from '../registry/registry';
import type { GatewaySpec, ServerSpec } from '../world/istio-types';
import { type Ref, type Resource, refTo } from '../world/resource';

/** A server of a Gateway on a gateway workload. */
export interface Server {
  readonly spec: ServerSpec;
  /** `namespace/name` of the Gateway. */
  readonly gatewayName: string;
  readonly protocol: Protocol;
  /** Port at the workload: a Service may translate it. */
  readonly port: number;
  readonly bind: string;
  /** Name of the routes; empty where it has none. */
  readonly routeName: string;
  /** A namespace before the slash is the only one whose VirtualServices it takes. */
  readonly hosts: readonly string[];
  /** Of servers with TLS. */
  readonly sni?: readonly string[];
  readonly ref: Ref;
}

/** Servers that share a listener's chain. */
export interface ServerGroup {
  readonly port: number;
  readonly bind: string;
  readonly protocol: Protocol;
  readonly routeName: string;
  readonly servers: readonly Server[];
}

/** A server that istiod leaves out. */
export interface SkippedServer {
  readonly server: Server;
  readonly why: string;
}

/** All Gateways of a workload as one. */
export interface MergedGateways {
  readonly groups: readonly ServerGroup[];
  readonly byRoute: ReadonlyMap<string, readonly Server[]>;
  readonly skipped: readonly SkippedServer[];
}

export const passesTlsThrough = ({ tls }: ServerSpec): boolean =>
  tls !== undefined && ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(tls.mode ?? 'PASSTHROUGH');

/** Whether it speaks HTTP after TLS, if any (`gateway.IsHTTPServer`). */
const speaksHttp = ({ spec, protocol }: Server): boolean =>
  isHttp(protocol) || (protocol === 'HTTPS' && !passesTlsThrough(spec));

/** `gateway.IsTLSServer`. */
const isTlsServer = ({ spec, protocol }: Server): boolean => spec.tls !== undefined && !isHttp(protocol);

/** Servers by port and protocol, while they are merged. */
interface Group extends Omit<ServerGroup, 'servers'> {
  readonly servers: Server[];
}

/** Merges Gateways in the order of age (`model.mergeGateways`). */
export function mergeGateways(gateways: readonly Resource<GatewaySpec>[], targets: readonly Target[]): MergedGateways {
  return new GatewayMerge(gateways.flatMap((gateway) => serversOf(gateway, targets))).result();
}

class GatewayMerge {
  private readonly groups = new Map<string, Group>();
  private readonly byRoute = new Map<string, Server[]>();
  private readonly skipped: SkippedServer[] = [];
  private readonly ports = new Set<number>();
  /** Key of the first group without TLS of a port. */
  private readonly plain = new Map<number, string>();
  /** Bind addresses of the hosts with TLS of a port. */
  private readonly tlsHosts = new Map<number, Map<string, string>>();

  constructor(servers: readonly Server[]) {
    for (const server of servers) {
      const why = this.add(server);
      if (why !== undefined) this.skipped.push({ server, why });
    }
  }

  public result(): MergedGateways {
    return { groups: [...this.groups.values()], byRoute: this.byRoute, skipped: this.skipped };
  }

  /** Why the server is left out, if it is. */
  private add(server: Server): string | undefined {
    const { port, bind, spec, routeName } = server;
    if (spec.tls) {
      const hosts = this.tlsHosts.get(port) ?? new Map<string, string>();
      this.tlsHosts.set(port, hosts);
      const taken = server.hosts.filter((host) => hosts.get(host) === bind);
      if (taken.length > 0) return `another server of port ${port} has ${taken.join(' and ')} already`;
      for (const host of server.hosts) hosts.set(host, bind);
    }
    const key = `${port}|${spec.port.protocol}|${bind}`;
    if (!this.ports.has(port)) {
      this.ports.add(port);
      return this.open(server, key);
    }
    const first = this.groups.get(this.plain.get(port) ?? '');
    if (first) return first.bind === bind ? this.joinPlain(server, first) : this.open(server, key);
    if (!isTlsServer(server)) return this.open(server, key);
    if (speaksHttp(server)) {
      if (this.byRoute.has(routeName)) return `another server of ${server.gatewayName} has its port name already`;
      this.byRoute.set(routeName, [server]);
    }
    const group = this.groups.get(key);
    if (group) group.servers.push(server);
    else this.groups.set(key, { port, bind, protocol: server.protocol, routeName: '', servers: [server] });
    return undefined;
  }

  private open(server: Server, key: string): undefined {
    const { port, bind, protocol, routeName } = server;
    const group = this.groups.get(key);
    const addsToRoute = group !== undefined;
    if (group) group.servers.push(server);
    else this.groups.set(key, { port, bind, protocol, routeName, servers: [server] });
    if (!addsToRoute && !isTlsServer(server)) this.plain.set(port, key);
    if (addsToRoute) this.byRoute.set(routeName, [...(this.byRoute.get(routeName) ?? []), server]);
    else if (speaksHttp(server)) this.byRoute.set(routeName, [server]);
    return undefined;
  }

  private joinPlain(server: Server, group: Group): string | undefined {
    const { protocol, routeName, port } = server;
    if (!isHttp(group.protocol) || !(isHttp(protocol) || protocol === group.protocol)) {
      return `port ${port} speaks ${group.protocol} for ${group.servers[0].gatewayName} already`;
    }
    if (routeName === '') return `port ${port} has no routes for it`;
    group.servers.push(server);
    this.byRoute.set(routeName, [...(this.byRoute.get(routeName) ?? []), server]);
    return undefined;
  }
}

function serversOf(gateway: Resource<GatewaySpec>, targets: readonly Target[]): Server[] {
  return (gateway.spec.servers ?? []).map((spec, index) => {
    const { namespace, name } = gateway;
    const hosts = (spec.hosts ?? []).map((host) => hostIn(host, namespace));
    const protocol = parseProtocol(spec.port.protocol);
    const port = workloadPort(spec.port.number, targets);
    const bind = spec.bind ?? '';
    const suffix = bind === '' ? '' : `.${bind}`;
    const isHttps = protocol === 'HTTPS' && !passesTlsThrough(spec);
    const httpsRoute = `https.${spec.port.number}.${spec.port.name ?? ''}.${name}.${namespace}${suffix}`;
    return {
      spec,
      protocol,
      port,
      bind,
      hosts,
      gatewayName: `${namespace}/${name}`,
      routeName: isHttp(protocol) ? `http.${port}${suffix}` : isHttps ? httpsRoute : '',
      ...(spec.tls ? { sni: [...new Set(hosts.map((host) => host.split('/').pop() ?? host))].sort() } : {}),
      ref: refTo(gateway, `spec.servers[${index}]`),
    };
  });
}

/** `./host` is of the Gateway's namespace, `*` before the slash of any (`model.sanitizeServerHostNamespace`). */
function hostIn(host: string, namespace: string): string {
  if (host.startsWith('./')) return `${namespace}/${host.slice(2)}`;
  return host.startsWith('*/') ? host.slice(2) : host;
}

/** The port that the workload's Service sends a Gateway's port to, unless the Service says that it must not. */
function workloadPort(port: number, targets: readonly Target[]): number {
  const translated = targets.find(
    ({ service, port: one }) =>
      one.port === port && !service.labels['experimental.istio.io/disable-gateway-port-translation'],
  );
  return translated?.target ?? port;
}

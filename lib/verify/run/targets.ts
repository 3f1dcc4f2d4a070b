import { parseClusterName } from '../view/clusters';
import { routesOf } from '../view/extensions';
import type { SniForward } from '../view/sni-forward';
import type { Cluster, ClusterEndpoint } from '../view/types';
import { isIp } from '../world/addresses';
import type { Workload } from '../world/workloads';
import type { Bytes } from './bytes';
import type { Flag } from './hop';
import { candidates, lookUp } from './names';
import type { Surroundings, Terminated } from './stations';

/** An address that a cluster may send to. */
export interface Target {
  readonly ip: string;
  readonly port: number;
  readonly weight: number;
  /** As logs call it. */
  readonly name: string;
  readonly endpoint?: ClusterEndpoint;
}

/** What a call asks for, as a dynamic forward proxy reads it: the authority of a request, the SNI of TLS. */
export interface Asked {
  readonly name: string;
  readonly port: number;
}

/**
 * @param listens the port that the connection was for: TLS names none
 * @param forward the filter before a cluster that an EnvoyFilter adds: they share a cache, or the cluster finds nothing
 */
export function askedFor(bytes: Bytes, { type, tls, cache }: Cluster, listens: number, forward?: SniForward): Asked {
  if (type !== 'DYNAMIC' || cache !== undefined || bytes.kind !== 'http') {
    const isFound = cache === undefined || cache === forward?.cache;
    const sni = bytes.kind === 'tls' && isFound ? bytes.sni : undefined;
    return { name: sni ?? '', port: forward?.port ?? listens };
  }
  const { host, origins } = bytes;
  origins?.decides('host');
  const [, name, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  return { name, port: port === undefined ? (tls ? 443 : 80) : Number(port) };
}

/** Why there is nobody to send to. */
export function whyNoTarget(
  name: string,
  { type, endpoints }: Cluster,
  asked: Asked,
  isHttp: boolean,
): { flag: Flag; why: string } {
  if (type !== 'DYNAMIC') {
    const names = endpoints
      .flat()
      .map(({ address }) => address)
      .filter((address) => !isIp(address));
    const unknown = names.length > 0 ? `: DNS does not know ${[...new Set(names)].join(', ')}` : '';
    const passed = name.startsWith('outbound_.') ? ' with the mTLS of the mesh' : '';
    return { flag: 'UH', why: `cluster ${name} has no endpoint${passed}${unknown}` };
  }
  // the filter for TLS goes on without an address, which the cluster lacks then
  return {
    flag: isHttp ? 'DF' : 'UH',
    why: asked.name ? `DNS does not know ${asked.name}` : 'the call asks for no name',
  };
}

/** Notes routes of the Gateway API that would lead the call of a sidecar elsewhere: they are not modelled. */
export function noteRoutes(engine: Surroundings, { proxy, role }: Terminated, cluster: string): void {
  if (role !== 'sidecar outbound') return;
  const { host = '' } = parseClusterName(cluster) ?? {};
  const service = proxy.scope.byHost.get(host);
  const routes = service ? routesOf(proxy.controlPlane.mesh, service, proxy.workload.namespace) : [];
  for (const route of routes) engine.leaveOut(route);
}

/** Addresses by priority. */
export function targets(
  engine: Surroundings,
  { proxy, connection }: Terminated,
  cluster: Cluster,
  { name, port }: Asked,
): Target[][] {
  if (cluster.type === 'ORIGINAL_DST') {
    const { ip, port: dialled } = connection;
    const to = cluster.portOverride ?? dialled;
    return [[{ ip, port: to, weight: 1, name: `${engine.world.shown(ip)}:${to}` }]];
  }
  const { workload } = proxy;
  const resolved = (endpoint: ClusterEndpoint): Target[] => {
    const { address, weight, workload: own } = endpoint;
    const at = { port: endpoint.port, weight, name: `${own?.id ?? address}:${endpoint.port}`, endpoint };
    const make = (ip: string): Target => ({ ip, ...at });
    if (isIp(address)) return [make(address)];
    return lookUpFrom(engine, workload, address).map(make);
  };
  if (cluster.type === 'DYNAMIC') {
    const found = lookUpFrom(engine, workload, name);
    return found.length > 0
      ? [found.map((ip) => ({ ip, port, weight: 1, name: `${engine.world.shown(ip)}:${port}` }))]
      : [];
  }
  return cluster.endpoints.map((group) => group.flatMap(resolved)).filter((group) => group.length > 0);
}

/** Addresses of a name as the resolver of a pod finds them. */
function lookUpFrom(engine: Surroundings, workload: Workload, name: string): string[] {
  for (const candidate of candidates(name, workload)) {
    const found = lookUp(engine.world, engine.plane(workload), candidate);
    if (found) return found;
  }
  return [];
}

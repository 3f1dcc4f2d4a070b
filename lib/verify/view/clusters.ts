import { type Labels, selects } from '../../facts/labels';
import { isWildcard } from '../registry/hosts';
import { isHttp2, type Protocol } from '../registry/protocol';
import type { Registry } from '../registry/registry';
import { type Endpoint, type Port, portOf, type Service } from '../registry/service';
import type { MergedRule } from '../scope/destination-rules';
import type { Scope } from '../scope/scope';
import { isIp } from '../world/addresses';
import type { PortPolicy } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import { refTo } from '../world/resource';
import { byPriority } from './locality';
import type { PeerAuthentications } from './peer-authentication';
import { portPolicy, subsetOf, subsetPolicy, tlsModeForEndpoints } from './traffic-policy';
import type { Cluster, ClusterEndpoint, ClusterType } from './types';
import { upstreamTls } from './upstream-tls';

/** Who asks for a cluster. */
export interface ClusterClient {
  readonly mesh: Mesh;
  readonly registry: Registry;
  readonly peerAuthentications: PeerAuthentications;
  readonly scope: Scope;
  readonly isGateway: boolean;
  readonly labels: Labels;
  readonly locality: string;
}

/** Parts of a cluster's name. */
interface ClusterId {
  readonly host: string;
  readonly port: number;
  readonly subset: string;
  /** A gateway that passes TLS on finds it by SNI (`cluster.go: buildOutboundSniDnatClusters`). */
  readonly isSniDnat: boolean;
}

export function parseClusterName(name: string): ClusterId | undefined {
  if (name.startsWith('outbound|')) {
    const [, port, subset, host] = name.split('|');
    return { host, port: Number(port), subset, isSniDnat: false };
  }
  const [, port, subset, host] = /^outbound_\.(\d+)_\.([^_]*)_\.(.*)$/.exec(name) ?? [];
  return port === undefined ? undefined : { host, port: Number(port), subset, isSniDnat: true };
}

/** An outbound cluster by name; undefined where Envoy answers that there is none (`cluster.go: buildOutboundClusters`). */
export function outboundCluster(client: ClusterClient, name: string): Cluster | undefined {
  const id = parseClusterName(name);
  const service = id && client.scope.byHost.get(id.host);
  if (!id || !service || service.resolution === 'alias') return undefined;
  if (id.isSniDnat && (!client.isGateway || service.isExternal)) return undefined;
  const port = portOf(service, id.port);
  if (!port) return undefined;
  const rule = client.scope.rule(service.hostname, client.labels);
  const subset = subsetOf(rule, id.subset);
  if (id.subset && !subset) return undefined;
  if (isDynamic(service) && (id.subset || !FORWARDED.includes(port.protocol))) return undefined;

  const { policy: top } = portPolicy(rule?.spec.trafficPolicy, port.port);
  const policy = subset ? subsetPolicy(top, subset.trafficPolicy, port.port) : top;
  const type = clusterType(service, client.isGateway, [policy, top, subset?.trafficPolicy]);
  const endpoints = type === 'DYNAMIC' ? [] : endpointsOf(client, service, port, id, rule, type, subset?.labels);
  // istiod does not send a DNS cluster without endpoints (cluster_builder.go: buildCluster)
  if (isDns(type) && endpoints.length === 0 && !id.isSniDnat) return undefined;

  const isH2 = speaksHttp2(port, policy, client.mesh);
  const question = { service, port: port.port, type, isHttp2: isH2, ...client };
  const { refs, ...tls } = id.isSniDnat ? { refs: [] } : upstreamTls({ rule, subset, policy, ...question });
  const ejectsOutliers = policy?.outlierDetection !== undefined;
  const setting = policy?.loadBalancer?.localityLbSetting ?? client.mesh.config.localityLbSetting ?? {};
  return {
    type,
    ejectsOutliers,
    isHttp2: isH2,
    ...tls,
    endpoints: byPriority(endpoints, client.locality, setting, ejectsOutliers && type !== 'ORIGINAL_DST'),
    ...(type === 'ORIGINAL_DST' ? portOverride(service, port) : {}),
    refs: [
      refTo(service.from, 'spec'),
      ...(rule ? [refTo(rule.rule, subset ? `spec.subsets[${subset.name}]` : 'spec')] : []),
      ...refs,
    ],
  };
}

/** A name is looked up for each call (`cluster.go: buildOutboundClusters`), over these protocols, without subsets. */
const isDynamic = ({ hostname, resolution }: Service): boolean => resolution === 'dynamic-dns' && isWildcard(hostname);
const FORWARDED: readonly Protocol[] = ['HTTP', 'HTTP2', 'GRPC', 'TLS'];

/** Envoy refuses a cluster of this kind with several endpoints, which two ServiceEntries of one host may make. */
export const isRefused = ({ type, endpoints }: Cluster): boolean =>
  type === 'LOGICAL_DNS' && endpoints.flat().length > 1;

const isDns = (type: ClusterType): boolean => type === 'STRICT_DNS' || type === 'LOGICAL_DNS';

/**
 * `cluster.go: convertResolution`. A subset takes the type of the main cluster, and looks at its own load balancer even
 * where settings of the port replace it (`cluster_builder.go: buildSubsetCluster`).
 */
function clusterType(service: Service, isGateway: boolean, policies: readonly (PortPolicy | undefined)[]): ClusterType {
  const { resolution } = service;
  if (isDynamic(service)) return 'DYNAMIC';
  if (policies.some((policy) => policy?.loadBalancer?.simple === 'PASSTHROUGH')) return 'ORIGINAL_DST';
  if (resolution === 'dns') return 'STRICT_DNS';
  if (resolution === 'dns-round-robin') return 'LOGICAL_DNS';
  return resolution === 'passthrough' && !isGateway ? 'ORIGINAL_DST' : 'EDS';
}

/** `targetPort` of a ServiceEntry without resolution: the only way in which its port is translated. */
function portOverride({ registry, resolution }: Service, { targetPort }: Port): { portOverride?: number } {
  if (registry !== 'ServiceEntry' || resolution !== 'passthrough' || typeof targetPort !== 'number') return {};
  return { portOverride: targetPort };
}

function speaksHttp2({ protocol }: Port, policy: PortPolicy | undefined, { config }: Mesh): boolean {
  const upgrade = policy?.connectionPool?.http?.h2UpgradePolicy;
  if (isHttp2(protocol) || upgrade === 'UPGRADE') return true;
  return upgrade !== 'DO_NOT_UPGRADE' && config.h2UpgradePolicy === 'UPGRADE' && protocol === 'HTTP';
}

function endpointsOf(
  client: ClusterClient,
  service: Service,
  port: Port,
  { subset, isSniDnat }: ClusterId,
  rule: MergedRule | undefined,
  type: ClusterType,
  labels: Labels | undefined,
): ClusterEndpoint[] {
  const mode = tlsModeForEndpoints(rule, subset, port.port);
  const counts = (endpoint: Endpoint): boolean => {
    // the rule decides before the endpoint does (xds/endpoints/mtls_checker.go: checkMtlsEnabled)
    if (mode !== undefined) return mode === 'ISTIO_MUTUAL';
    if (!endpoint.takesMtls) return false;
    const { mode: ofWorkload, ports } = client.peerAuthentications.of(endpoint.namespace, endpoint.labels);
    return (ports.get(endpoint.port) ?? ofWorkload) !== 'DISABLE';
  };
  const chosen = client.registry
    .endpoints(service, port.port)
    .filter((endpoint) => selects(labels, endpoint.labels))
    .map((endpoint) => ({ usesMtls: endpoint.takesMtls && counts(endpoint), ...endpoint }))
    .filter(({ usesMtls }) => !isSniDnat || usesMtls);
  if (type === 'EDS') return throughNetworks(client, chosen).filter(({ address }) => isIp(address));
  return chosen;
}

/**
 * Endpoints of another network are reached through its gateway, if they take mTLS (`xds/endpoints/ep_filters.go:
 * EndpointsByNetworkFilter`); their weights add up there.
 */
function throughNetworks({ mesh, registry }: ClusterClient, endpoints: readonly ClusterEndpoint[]): ClusterEndpoint[] {
  if (registry.networkGateways.size === 0) return [...endpoints];
  const own = mesh.fact.network ?? '';
  const found: ClusterEndpoint[] = [];
  for (const endpoint of endpoints) {
    const gateways = registry.networkGateways.get(endpoint.network) ?? [];
    if (endpoint.network === '' || endpoint.network === own || gateways.length === 0) {
      found.push(endpoint);
      continue;
    }
    if (!endpoint.usesMtls) continue;
    for (const { address, port } of gateways) {
      const held = found.findIndex((one) => one.address === address && one.port === port);
      const weight = endpoint.weight / gateways.length;
      if (held < 0) found.push({ ...endpoint, address, port, weight });
      else found[held] = { ...found[held], weight: found[held].weight + weight };
    }
  }
  return found;
}

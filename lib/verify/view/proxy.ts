import { selects } from '../../facts/labels';
import { Memo } from '../../facts/memo';
import type { Egress } from '../scope/egress';
import type { Scope } from '../scope/scope';
import { DEPLOYED_FOR } from '../world/gateway-api';
import type { Ref } from '../world/resource';
import type { Workload } from '../world/workloads';
import { type ClusterClient, outboundCluster, parseClusterName } from './clusters';
import { dynamicChain, dynamicCluster, isDynamicRoute, isOfUnknownHosts } from './dynamic-dns';
import {
  addedCluster,
  isOfContext,
  type Patch,
  type PatchContext,
  patchListener,
  whyNotModelled,
} from './envoy-filter';
import { extensionsOf } from './extensions';
import { type GatewaySources, gatewayListeners, gatewayVirtualHosts } from './gateway';
import { type MergedGateways, mergeGateways } from './gateway-merge';
import { inboundListener } from './inbound';
import type { Istiod } from './istiod';
import { matchesAll, type OutboundEntry, outboundEntries } from './outbound';
import type { TokenRule } from './request-authentication';
import { destinationCluster } from './routes';
import { workloadLimits } from './tls-limits';
import { type Tunnel, tunnelOf } from './tunnel';
import type { Chain, Cluster, Listener, VirtualHost, Weighted } from './types';
import { outboundVirtualHosts, pickVirtualHost, sniffed, unknownHost } from './vhosts';

/** Name of the chain that takes connections to addresses that nobody knows. */
const UNKNOWN_CHAIN = 'PassthroughFilterChain';

/** One Envoy: what istiod would send to it, made piece by piece as it is asked for. */
export class ProxyView {
  public readonly scope: Scope;
  public readonly isGateway: boolean;
  private readonly patches: readonly Patch[];
  private readonly tables = new Memo<readonly VirtualHost[]>();
  private readonly clusters = new Memo<Cluster | undefined>();
  private readonly one = new Memo<unknown>();

  constructor(
    public readonly controlPlane: Istiod,
    public readonly workload: Workload,
  ) {
    this.scope = controlPlane.scopeOf(workload);
    this.isGateway = workload.proxy === 'gateway';
    this.patches = controlPlane.envoyFilters.of(workload.namespace, workload.labels);
  }

  /** Objects that change this proxy in ways that are not modelled. */
  public get unmodelled(): readonly Ref[] {
    return this.once('unmodelled', () => this.findUnmodelled());
  }

  private findUnmodelled(): readonly Ref[] {
    const { namespace, labels } = this.workload;
    const { mesh, authorizationPolicies, requestAuthentications } = this.controlPlane;
    const policies = [
      ...authorizationPolicies.unmodelled(namespace, labels),
      ...requestAuthentications.unmodelled(namespace),
    ];
    const contexts: PatchContext[] = this.isGateway ? ['GATEWAY'] : ['SIDECAR_INBOUND', 'SIDECAR_OUTBOUND'];
    const patches = this.patches.flatMap((patch): Ref[] => {
      const note = contexts.some((context) => isOfContext(patch, context)) ? whyNotModelled(patch) : undefined;
      return note === undefined ? [] : [{ ...patch.ref, note }];
    });
    return [...policies, ...patches, ...extensionsOf(mesh, this.workload)];
  }

  /** The listener that takes an outbound connection. */
  public outboundListener(ip: string, port: number): Listener {
    const entries = this.outboundEntries(port);
    const entry = entries.get(`${ip}:${port}`) ?? entries.get(`0.0.0.0:${port}`);
    if (entry && !entry.isBound) return this.listenerOf(entry);
    const { mode, ref } = this.scope.unknownHosts;
    const chains = mode === 'ALLOW_ANY_DYNAMIC_DNS' ? [dynamicChain(ref)] : [];
    return { name: 'virtualOutbound', chains, fallback: this.unknownAddress() };
  }

  /** A listener as the proxy gets it. */
  public listenerOf(entry: OutboundEntry): Listener {
    const { bind, port } = entry;
    const fallback = this.unknownAddress();
    const own = [...entry.chains].reverse().find(matchesAll);
    const chains = entry.chains.filter((chain) => !matchesAll(chain));
    const listener = { name: `${bind}_${port}`, chains, fallback: own ?? fallback };
    return patchListener(listener, port, this.patches, 'SIDECAR_OUTBOUND');
  }

  /** Outbound listeners of a port by address. */
  public outboundEntries(port: number): ReadonlyMap<string, OutboundEntry> {
    const { registry, shared } = this.controlPlane;
    return shared.outboundEntries(this.scope, this.workload, port, () => {
      const { egress, byHost } = this.scope;
      const { namespace, labels, dnsCapture, dnsDomain, ip } = this.workload;
      const onPort = (one: Egress, number: number) => shared.onPort(this.scope, one, number);
      const service = (host: string) => byHost.get(host);
      return outboundEntries({ egress, registry, onPort, namespace, labels, dnsCapture, dnsDomain, ip, service }, port);
    });
  }

  /** The virtual host of an outbound route that takes a request for a host. */
  public virtualHost(rds: string, authority: string): VirtualHost | undefined {
    if (isDynamicRoute(rds)) return unknownHost(this.scope);
    if (rds.includes(':')) return pickVirtualHost(this.outboundTable(rds), authority);
    const port = Number(rds);
    const host = authority.replace(/:\d+$/, '').toLowerCase();
    return this.controlPlane.shared.virtualHost(this.scope, this.workload, `${rds} ${host}`, () => {
      const egress = this.egressFor(port);
      const index = this.controlPlane.shared.index(this.scope, egress, this.workload);
      const sources = index.slice(host, this.workload.namespace, port);
      const made = outboundVirtualHosts(sources, this.workload, port);
      return pickVirtualHost([...made, unknownHost(this.scope)], authority);
    });
  }

  /** All virtual hosts of an outbound route. */
  public outboundTable(rds: string): readonly VirtualHost[] {
    return this.tables.get(rds, () => {
      const port = Number(rds.slice(rds.lastIndexOf(':') + 1));
      const made = outboundVirtualHosts(this.egressFor(port), this.workload, port);
      return rds.includes(':') ? sniffed(made, rds) : [...made, unknownHost(this.scope)];
    });
  }

  public cluster(name: string): Cluster | undefined {
    return this.clusters.get(name, () => {
      const { mode, ref } = this.scope.unknownHosts;
      const isDynamic = isOfUnknownHosts(name) && !this.isGateway && mode === 'ALLOW_ANY_DYNAMIC_DNS';
      if (isDynamic) return dynamicCluster(this.controlPlane.mesh, ref);
      return outboundCluster(this.clusterClient(), name) ?? addedCluster(name, this.patches);
    });
  }

  /** The tunnel that bytes take to a destination of a chain (`networkfilter.go: buildOutboundNetworkFilters`). */
  public tunnel({ name }: Chain, { cluster, tunnelBy }: Weighted): Tunnel | undefined {
    const id = parseClusterName(cluster);
    // what goes to hosts that nobody knows, and what passes by SNI, is never put into one
    if (!id || id.isSniDnat || name === UNKNOWN_CHAIN) return undefined;
    const rule = this.scope.rule(tunnelBy ?? id.host, this.workload.labels);
    return tunnelOf(rule, tunnelBy === undefined ? id.subset : '');
  }

  /** The listener that takes connections to the workload of a sidecar. */
  public inboundListener(): Listener {
    return this.once('inbound', () => {
      const { namespace, labels } = this.workload;
      const { peerAuthentications, authorizationPolicies, registry, mesh } = this.controlPlane;
      const listener = inboundListener({
        mtls: peerAuthentications.of(namespace, labels),
        limits: workloadLimits(mesh),
        trustDomains: mesh.acceptedTrustDomains,
        targets: registry.targets(this.workload),
        ...(this.scope.sidecar ? { sidecar: this.scope.sidecar } : {}),
        httpRbac: authorizationPolicies.of(namespace, labels, false),
        tcpRbac: authorizationPolicies.of(namespace, labels, true),
      });
      return patchListener(listener, 15006, this.patches, 'SIDECAR_INBOUND');
    });
  }

  /** Rules by which it verifies tokens of requests to it. */
  public tokenRules(): readonly TokenRule[] {
    const { namespace, labels } = this.workload;
    return this.once('tokens', () => this.controlPlane.requestAuthentications.of(namespace, labels));
  }

  /** Listeners of a gateway by port. */
  public gatewayListeners(): ReadonlyMap<number, Listener> {
    return this.once('gateway', () => {
      const patched = (listener: Listener, port: number) => patchListener(listener, port, this.patches, 'GATEWAY');
      const made = gatewayListeners(this.gatewaySources());
      return new Map([...made].map(([port, listener]) => [port, patched(listener, port)]));
    });
  }

  /** All virtual hosts of a gateway's route. */
  public gatewayTable(rds: string): readonly VirtualHost[] {
    return this.tables.get(rds, () => gatewayVirtualHosts(this.gatewaySources(), rds));
  }

  /** The Gateways that select the workload, as one. */
  public mergedGateways(): MergedGateways {
    return this.once('merged', () => {
      const { gateways, registry, mesh } = this.controlPlane;
      const { labels, namespace } = this.workload;
      const isOwn = mesh.profile.mergesStrictly && labels[DEPLOYED_FOR] !== undefined;
      const selecting = gateways.filter(
        (gateway) => selects(gateway.spec.selector, labels) && (!isOwn || gateway.namespace === namespace),
      );
      return mergeGateways(selecting, registry.targets(this.workload));
    });
  }

  /** What the proxy's DNS server answers itself, where DNS is captured. */
  public capturedName(name: string): string | undefined {
    if (!this.workload.dnsCapture) return undefined;
    const names = this.controlPlane.shared.capturedNames(this.scope);
    const labels = name.split('.');
    // a wildcard answers where the name itself is unknown (`pkg/dns/client: LookupTable.lookupHost`)
    const wildcards = labels.map((_, index) => ['*', ...labels.slice(index + 1)].join('.'));
    return [name, ...wildcards].map((one) => names.get(one)).find((address) => address !== undefined);
  }

  /** What takes connections to addresses that nobody knows. */
  private unknownAddress(): Chain {
    const { mode, egressProxy, ref } = this.scope.unknownHosts;
    const known = egressProxy ? destinationCluster(egressProxy, undefined, 0) : 'PassthroughCluster';
    const cluster = mode === 'REGISTRY_ONLY' ? 'BlackHoleCluster' : known;
    return { name: UNKNOWN_CHAIN, tcp: [{ cluster, weight: 1 }], rbac: [], refs: [ref] };
  }

  /**
   * The egress listener whose hosts a route knows: the first of that port or without port, not the one that made the
   * listener (`SidecarScope.GetEgressListenerForRDS`).
   */
  private egressFor(port: number): Egress {
    const { egress } = this.scope;
    return egress.find(({ spec }) => !spec.port?.number || spec.port.number === port) ?? egress[0];
  }

  private clusterClient(): ClusterClient {
    const { mesh, registry, peerAuthentications } = this.controlPlane;
    const { labels, locality } = this.workload;
    return { mesh, registry, peerAuthentications, scope: this.scope, isGateway: this.isGateway, labels, locality };
  }

  private gatewaySources(): GatewaySources {
    return this.once('sources', () => this.makeGatewaySources());
  }

  private makeGatewaySources(): GatewaySources {
    const { controlPlane, workload, scope } = this;
    const { namespace, labels, ip } = workload;
    const { authorizationPolicies, virtualServices } = controlPlane;
    return {
      namespace,
      ip,
      merged: this.mergedGateways(),
      httpRbac: authorizationPolicies.of(namespace, labels, false),
      tcpRbac: authorizationPolicies.of(namespace, labels, true),
      rulesOf: (gateway) => virtualServices.forGateway(namespace, gateway),
      serviceFor: (host, from) => controlPlane.serviceFor(host, from, namespace, scope),
      ...this.clusterClient(),
    };
  }

  private once<T>(key: string, make: () => T): T {
    return this.one.get(key, make) as T;
  }
}

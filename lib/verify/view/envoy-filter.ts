import { type Labels, selects } from '../../facts/labels';
import type { ConfigPatch, EnvoyFilterSpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import { type Ref, type Resource, refTo } from '../world/resource';
import { envoyRbac } from './envoy-rbac';
import {
  FORWARD_FILTER,
  type ForwardCluster,
  forwardCluster,
  isSameCache,
  otherCluster,
  type SniForward,
  sniForward,
} from './sni-forward';
import type { Chain, Cluster, Listener } from './types';

/** A patch of an EnvoyFilter that concerns a proxy. */
export interface Patch extends ConfigPatch {
  readonly ref: Ref;
}

export type PatchContext = 'SIDECAR_INBOUND' | 'SIDECAR_OUTBOUND' | 'GATEWAY';

/** The EnvoyFilters of a mesh, by priority and age (`push_context.go: initEnvoyFilters`). */
export class EnvoyFilters {
  private readonly ordered: readonly Resource<EnvoyFilterSpec>[];

  constructor(private readonly mesh: Mesh) {
    const byAge = mesh.byAge<EnvoyFilterSpec>('EnvoyFilter');
    this.ordered = byAge.sort((a, b) => (a.spec.priority ?? 0) - (b.spec.priority ?? 0));
  }

  /** Patches for a proxy: of the root namespace first, then of its own. */
  public of(namespace: string, labels: Labels): Patch[] {
    const namespaces = new Set([this.mesh.rootNamespace, namespace]);
    return [...namespaces].flatMap((one) =>
      this.ordered
        .filter((filter) => filter.namespace === one && selects(filter.spec.workloadSelector?.labels, labels))
        .flatMap((filter) =>
          (filter.spec.configPatches ?? []).map((patch, index) => ({
            ...patch,
            ref: refTo(filter, `spec.configPatches[${index}]`),
          })),
        ),
    );
  }
}

/** Whether a patch can concern proxies of a context. */
export const isOfContext = ({ match }: ConfigPatch, context: PatchContext): boolean =>
  !match?.context || match.context === 'ANY' || match.context === context;

/** What a patch does that is not modelled; undefined for one that is. */
export function whyNotModelled(patch: Patch): string | undefined {
  const { applyTo } = patch;
  if (applyTo === 'CLUSTER' && patch.patch?.operation === 'ADD') {
    const added = forwardCluster(patch.patch.value ?? {});
    return typeof added === 'string' ? added : undefined;
  }
  if (applyTo !== 'HTTP_FILTER' && applyTo !== 'NETWORK_FILTER') return `changes ${applyTo ?? 'nothing'}`;
  const change = changeOf(patch);
  return change.kind === 'unmodelled' ? change.why : undefined;
}

/** A cluster that a patch adds, as far as it is modelled (`envoyfilter/cluster_patch.go: InsertedClusters`). */
export function addedCluster(name: string, patches: readonly Patch[]): Cluster | undefined {
  const found = addedClusters(patches).find(({ cluster }) => cluster.name === name);
  if (!found) return undefined;
  const { cache } = found.cluster;
  return { type: 'DYNAMIC', endpoints: [], isHttp2: false, ejectsOutliers: false, cache, refs: [found.ref] };
}

function addedClusters(patches: readonly Patch[]): { readonly cluster: ForwardCluster; readonly ref: Ref }[] {
  return patches.flatMap(({ applyTo, patch, ref }) => {
    const cluster = applyTo === 'CLUSTER' && patch?.operation === 'ADD' ? forwardCluster(patch.value ?? {}) : '';
    return typeof cluster === 'string' ? [] : [{ cluster, ref }];
  });
}

/** Applies patches to a listener of a port (`envoyfilter/listener_patch.go: patchListeners`). */
export function patchListener(
  listener: Listener,
  port: number,
  patches: readonly Patch[],
  context: PatchContext,
): Listener {
  let patched = listener;
  for (const patch of patches) {
    if (patch.applyTo === 'CLUSTER' || !isOfContext(patch, context) || whyNotModelled(patch) !== undefined) continue;
    patched = applied(patched, port, patch, patches);
  }
  return patched;
}

function applied(listener: Listener, port: number, patch: Patch, all: readonly Patch[]): Listener {
  const change = changeOf(patch);
  let { refused } = listener;
  const chains = listener.chains.map((chain) => {
    if (!matches(chain, listener, port, patch)) return chain;
    if (change.kind === 'refused') refused ??= { why: change.why, ref: patch.ref };
    if (change.kind === 'forward') {
      const { forward } = change;
      if (!addedClusters(all).every(({ cluster }) => isSameCache(forward, cluster))) {
        refused ??= { why: `two settings of the DNS cache '${forward.cache}'`, ref: patch.ref };
      }
      return { ...chain, forward, refs: [...chain.refs, patch.ref] };
    }
    if (change.kind === 'lead') {
      return { ...chain, tcp: [{ cluster: change.cluster, weight: 1 }], refs: [...chain.refs, patch.ref] };
    }
    // that it is gone decides whatever passes
    if (change.kind === 'clear') return { ...chain, rbac: [], refs: [...chain.refs, patch.ref] };
    return change.kind === 'add' ? { ...chain, rbac: [...chain.rbac, change.rbac] } : chain;
  });
  return { ...listener, chains, ...(refused ? { refused } : {}) };
}

const TCP_PROXY = 'envoy.filters.network.tcp_proxy';
const HTTP_MANAGER = 'envoy.filters.network.http_connection_manager';
const HTTP_RBAC = 'envoy.filters.http.rbac';
const NETWORK_RBAC = 'envoy.filters.network.rbac';

/** Filters that istiod puts into chains, beside RBAC. */
const HTTP_FILTERS = [
  'envoy.filters.http.grpc_stats',
  'istio.alpn',
  'envoy.filters.http.fault',
  'envoy.filters.http.cors',
  'envoy.filters.http.router',
];

function matches(chain: Chain, listener: Listener, port: number, { applyTo, match, patch }: Patch): boolean {
  const wanted = match?.listener;
  const isVirtual = listener.name === 'virtualInbound';
  if (wanted?.name && wanted.name !== listener.name) return false;
  if (wanted?.portNumber && wanted.portNumber !== (isVirtual ? chain.destinationPort : port)) return false;
  const { name, sni, destinationPort, transportProtocol, filter } = wanted?.filterChain ?? {};
  if (name && name !== chain.name) return false;
  if (sni && !chain.sni?.includes(sni)) return false;
  if (destinationPort && destinationPort !== chain.destinationPort) return false;
  if (transportProtocol && transportProtocol !== chain.transport) return false;
  const needsNoFilter = patch?.operation === 'ADD' || patch?.operation === 'INSERT_FIRST';
  if (applyTo === 'NETWORK_FILTER') {
    const present = [chain.http ? HTTP_MANAGER : TCP_PROXY, ...(chain.rbac.length ? [NETWORK_RBAC] : [])];
    return !filter?.name || needsNoFilter || present.includes(filter.name);
  }
  if (!chain.http || (filter?.name && filter.name !== HTTP_MANAGER)) return false;
  const present = [...(chain.rbac.length > 0 ? [HTTP_RBAC] : []), ...HTTP_FILTERS];
  return !filter?.subFilter?.name || needsNoFilter || present.includes(filter.subFilter.name);
}

type Change =
  | { readonly kind: 'add'; readonly rbac: Chain['rbac'][number] }
  | { readonly kind: 'forward'; readonly forward: SniForward }
  | { readonly kind: 'lead'; readonly cluster: string }
  | { readonly kind: 'refused' | 'unmodelled'; readonly why: string }
  | { readonly kind: 'clear' | 'nothing' };

/** `envoyfilter/listener_patch.go: patchHTTPFilters`, `patchNetworkFilters`. */
function changeOf({ applyTo, match, patch, ref }: Patch): Change {
  const filter = match?.listener?.filterChain?.filter;
  const isHttp = applyTo === 'HTTP_FILTER';
  const anchor = isHttp ? filter?.subFilter?.name : filter?.name;
  const operation = patch?.operation ?? 'MERGE';
  if (operation === 'MERGE' && !isHttp && anchor === TCP_PROXY) {
    const to = otherCluster(patch?.value ?? {});
    return typeof to === 'string' ? { kind: 'unmodelled', why: to } : { kind: 'lead', ...to };
  }
  if (operation === 'MERGE' || operation === 'REPLACE')
    return { kind: 'unmodelled', why: `${operation} of ${anchor ?? 'filters'}` };
  if (operation === 'REMOVE') {
    if (anchor === HTTP_RBAC || anchor === NETWORK_RBAC) return { kind: 'clear' };
    return { kind: 'unmodelled', why: `removes ${anchor ?? 'all filters'}` };
  }
  const last = isHttp ? 'envoy.filters.http.router' : TCP_PROXY;
  const isLast =
    operation === 'ADD' || (operation === 'INSERT_AFTER' && (!anchor || anchor === last || anchor === HTTP_MANAGER));
  if (isLast) return { kind: 'refused', why: `a filter after ${last}` };
  const value = patch?.value ?? {};
  const config = (value.typed_config ?? value.typedConfig) as Readonly<Record<string, unknown>> | undefined;
  if (!config) return { kind: 'refused', why: `filter ${String(value.name)} has no typed_config` };
  const type = String(config['@type'] ?? '');
  if (!isHttp && type.endsWith(FORWARD_FILTER)) {
    const forward = sniForward(config);
    return typeof forward === 'string' ? { kind: 'unmodelled', why: forward } : { kind: 'forward', forward };
  }
  if (!type.endsWith('rbac.v3.RBAC')) return { kind: 'unmodelled', why: `adds ${type}` };
  const rbac = envoyRbac(config, ref);
  if (typeof rbac === 'string') return { kind: 'unmodelled', why: rbac };
  return rbac ? { kind: 'add', rbac } : { kind: 'nothing' };
}

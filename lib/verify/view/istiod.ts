import type { Registry } from '../registry/registry';
import type { Service } from '../registry/service';
import type { Scope } from '../scope/scope';
import type { VirtualServices } from '../scope/virtual-services';
import type { Visibility } from '../scope/visibility';
import type { GatewaySpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import type { Resource } from '../world/resource';
import type { Workload } from '../world/workloads';
import type { AuthorizationPolicies } from './authorization';
import type { EnvoyFilters } from './envoy-filter';
import type { PeerAuthentications } from './peer-authentication';
import type { RequestAuthentications } from './request-authentication';
import type { SharedViews } from './shared';

/** What the view of a proxy is made from: a control plane, as its proxies know it. */
export interface Istiod {
  readonly mesh: Mesh;
  readonly registry: Registry;
  readonly visibility: Visibility;
  readonly virtualServices: VirtualServices;
  readonly peerAuthentications: PeerAuthentications;
  readonly authorizationPolicies: AuthorizationPolicies;
  readonly requestAuthentications: RequestAuthentications;
  readonly envoyFilters: EnvoyFilters;
  /** Oldest first. */
  readonly gateways: readonly Resource<GatewaySpec>[];
  /** What proxies that see the same share. */
  readonly shared: SharedViews;
  scopeOf(workload: Workload): Scope;
  /** The service that an object of a namespace means by a host, as a gateway of another namespace sees it. */
  serviceFor(host: string, namespace: string, viewer: string, scope: Scope): Service | undefined;
}

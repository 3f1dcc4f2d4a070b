import { Memo } from '../facts/memo';
import { Registry } from './registry/registry';
import type { Service } from './registry/service';
import { DestinationRules } from './scope/destination-rules';
import {
  gatewayScope,
  gatewayScopeKey,
  type Scope,
  type ScopeSources,
  scopeKey,
  seesTheSame,
  sharedScope,
  sidecarFor,
  sidecarScope,
} from './scope/scope';
import { VirtualServices } from './scope/virtual-services';
import { Visibility } from './scope/visibility';
import { AuthorizationPolicies } from './view/authorization';
import { EnvoyFilters } from './view/envoy-filter';
import type { Istiod } from './view/istiod';
import { PeerAuthentications } from './view/peer-authentication';
import { ProxyView } from './view/proxy';
import { RequestAuthentications } from './view/request-authentication';
import { SharedViews } from './view/shared';
import type { GatewaySpec, SidecarSpec } from './world/istio-types';
import type { Mesh } from './world/mesh';
import type { Resource } from './world/resource';
import type { Workload } from './world/workloads';

/** What istiod knows and would send: everything is computed when it is first asked for. */
export class ControlPlane implements Istiod {
  public readonly registry: Registry;
  public readonly visibility: Visibility;
  public readonly virtualServices: VirtualServices;
  public readonly peerAuthentications: PeerAuthentications;
  public readonly authorizationPolicies: AuthorizationPolicies;
  public readonly requestAuthentications: RequestAuthentications;
  public readonly envoyFilters: EnvoyFilters;
  /** Oldest first. */
  public readonly gateways: readonly Resource<GatewaySpec>[];
  public readonly shared = new SharedViews();
  private readonly sources: ScopeSources;
  private readonly sidecars: readonly Resource<SidecarSpec>[];
  private readonly scopes = new Memo<Scope>();
  private readonly proxies = new Memo<ProxyView>();
  private readonly isUniform: boolean;

  constructor(public readonly mesh: Mesh) {
    this.registry = new Registry(mesh);
    this.visibility = new Visibility(mesh, this.registry);
    this.virtualServices = new VirtualServices(mesh);
    this.peerAuthentications = new PeerAuthentications(mesh);
    this.authorizationPolicies = new AuthorizationPolicies(mesh);
    this.requestAuthentications = new RequestAuthentications(mesh);
    this.envoyFilters = new EnvoyFilters(mesh);
    this.gateways = mesh
      .byAge<GatewaySpec>('Gateway')
      .filter((one) => one.apiVersion.startsWith('networking.istio.io/'));
    this.sidecars = mesh.byAge<SidecarSpec>('Sidecar');
    const { registry, visibility, virtualServices } = this;
    this.sources = { mesh, registry, visibility, virtualServices, destinationRules: new DestinationRules(mesh) };
    this.isUniform = seesTheSame(this.sources);
  }

  /** The proxy of a workload. */
  public proxy(workload: Workload): ProxyView {
    return this.proxies.get(workload.id, () => new ProxyView(this, workload));
  }

  public scopeOf({ namespace, labels, proxy }: Pick<Workload, 'namespace' | 'labels' | 'proxy'>): Scope {
    if (proxy === 'gateway') {
      return this.scopes.get(gatewayScopeKey(namespace), () => gatewayScope(this.sources, namespace));
    }
    const sidecar = sidecarFor(this.sidecars, namespace, this.mesh.rootNamespace, labels);
    return this.scopes.get(scopeKey(namespace, sidecar), () => {
      if (sidecar || !this.isUniform) return sidecarScope(this.sources, namespace, sidecar);
      return sharedScope(this.sources, namespace, this.sharedScope());
    });
  }

  /** The service that an object of a namespace means by a host, as a gateway of another namespace sees it. */
  public serviceFor(host: string, namespace: string, viewer: string, scope: Scope): Service | undefined {
    const own = this.registry.byHost.get(host)?.get(namespace);
    return own && this.visibility.isVisible(own, viewer) ? own : scope.byHost.get(host);
  }

  private sharedScope(): Scope {
    return this.scopes.get('', () => sidecarScope(this.sources, '', undefined));
  }
}

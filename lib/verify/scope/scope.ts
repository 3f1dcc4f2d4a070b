import { type Labels, selects } from '../../facts/labels';
import type { Registry } from '../registry/registry';
import type { Port, Service } from '../registry/service';
import { compareText } from '../world/age';
import type { Destination, OutboundTrafficPolicy, SidecarSpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import { type Ref, type Resource, refTo } from '../world/resource';
import { type DestinationRules, type MergedRule, ruleFor } from './destination-rules';
import { type Egress, egressOf, portFilter, withPort } from './egress';
import { destinationsOf } from './virtual-service';
import type { VirtualServices } from './virtual-services';
import type { Visibility } from './visibility';

/** What scopes are made of. */
export interface ScopeSources {
  readonly mesh: Mesh;
  readonly registry: Registry;
  readonly visibility: Visibility;
  readonly virtualServices: VirtualServices;
  readonly destinationRules: DestinationRules;
}

/** What the proxies of a namespace that share a Sidecar see (`model.SidecarScope`). */
export interface Scope {
  readonly key: string;
  /** Key of its services and VirtualServices, which several scopes may share. */
  readonly lists: string;
  readonly sidecar?: Resource<SidecarSpec>;
  readonly egress: readonly Egress[];
  /** Services that get clusters: those of the egress listeners and destinations of VirtualServices. */
  readonly services: readonly Service[];
  readonly byHost: ReadonlyMap<string, Service>;
  readonly unknownHosts: {
    readonly mode: NonNullable<OutboundTrafficPolicy['mode']>;
    readonly egressProxy?: Destination;
    readonly ref: Ref;
  };
  /** The DestinationRule that a proxy with these labels takes for a host. */
  rule(host: string, labels: Labels): MergedRule | undefined;
}

/** The Sidecar of a workload: one that selects it, its namespace's, the root namespace's (`PushContext.getSidecarScope`). */
export function sidecarFor(
  sidecars: readonly Resource<SidecarSpec>[],
  namespace: string,
  root: string,
  labels: Labels,
) {
  const here = sidecars.filter((one) => one.namespace === namespace);
  return (
    here.find(({ spec }) => spec.workloadSelector && selects(spec.workloadSelector.labels, labels)) ??
    here.find(({ spec }) => !spec.workloadSelector) ??
    sidecars.find((one) => one.namespace === root && !one.spec.workloadSelector)
  );
}

/** What tells scopes apart: all sidecars of a namespace that share a Sidecar have one. */
export const scopeKey = (namespace: string, sidecar?: Resource<SidecarSpec>): string =>
  `${namespace} ${sidecar ? `${sidecar.namespace}/${sidecar.name}` : ''}`;

/** The same of gateways, which no Sidecar is about. */
export const gatewayScopeKey = (namespace: string): string => `gateway ${namespace}`;

/** Scope of the gateways of a namespace: everything exported to it (`DefaultSidecarScopeForGateway`). */
export function gatewayScope(sources: ScopeSources, namespace: string): Scope {
  const services = new ServiceSet();
  for (const service of sources.visibility.exportedTo(namespace)) services.add(service);
  const egress = {
    index: 0,
    spec: {},
    services: services.list,
    mostSpecific: new Map(),
    virtualServices: sources.virtualServices.forGateway(namespace, 'mesh'),
  };
  return finish(sources, gatewayScopeKey(namespace), namespace, [egress], services, undefined);
}

/** The scope of a namespace without Sidecar, where it differs from that of another in its DestinationRules only. */
export function sharedScope(sources: ScopeSources, namespace: string, other: Scope): Scope {
  const services = new ServiceSet(other.services, other.byHost);
  return { ...finish(sources, scopeKey(namespace), namespace, other.egress, services, undefined), lists: other.lists };
}

/** Whether all namespaces without Sidecar see the same services and VirtualServices. */
export function seesTheSame({ registry, visibility, virtualServices }: ScopeSources): boolean {
  if (!visibility.isUniform || virtualServices.all.some(({ exportTo }) => !exportTo.includes('*'))) return false;
  return new Set(registry.services.map(({ hostname }) => hostname)).size === registry.services.length;
}

/** Scope of the sidecars of a namespace (`sidecar.go: initSidecarScopeInternalIndexes`). */
export function sidecarScope(
  sources: ScopeSources,
  namespace: string,
  sidecar: Resource<SidecarSpec> | undefined,
): Scope {
  const { visibility, virtualServices } = sources;
  const listeners = sidecar?.spec.egress?.length ? sidecar.spec.egress : [{ hosts: ['*/*'] }];
  const egress = listeners.map((one, index) => egressOf(one, index, namespace, visibility, virtualServices));
  const services = new ServiceSet();
  for (const one of egress) {
    for (const service of one.services) services.add(service);
    addDestinations(sources, namespace, one, services);
  }
  return finish(sources, scopeKey(namespace, sidecar), namespace, egress, services, sidecar);
}

/** Where VirtualServices lead is imported, too, with the ports that they name (`collectImportedServices`). */
function addDestinations(
  { mesh, registry, visibility }: ScopeSources,
  namespace: string,
  egress: Egress,
  into: ServiceSet,
) {
  const number = portFilter(egress.spec);
  const trimmed = (service: Service, ports: ReadonlySet<number>) =>
    number === undefined ? withPorts(service, ports) : withPort(service, number);
  for (const one of egress.virtualServices) {
    for (const [host, ports] of destinationsOf(one, namespace)) {
      const byNamespace = registry.byHost.get(host);
      const own = byNamespace?.get(namespace);
      const visible = [...(byNamespace?.values() ?? [])].filter((service) => visibility.isVisible(service, namespace));
      const picked = own ?? (mesh.profile.picksBestNamespace ? best(visible) : firstByName(visible));
      if (picked) into.add(trimmed(picked, ports));
    }
  }
}

/** `sidecar.go: pickBestVisibleNamespace`; the services come oldest first. */
const best = (services: readonly Service[]): Service | undefined =>
  services.find(({ registry }) => registry === 'Kubernetes') ?? services[0];

/** `sidecar.go: pickFirstVisibleNamespace`. */
const firstByName = (services: readonly Service[]): Service | undefined =>
  [...services].sort((a, b) => compareText(a.namespace, b.namespace))[0];

function withPorts(service: Service, ports: ReadonlySet<number>): Service | undefined {
  if (ports.size === 0 || ports.has(0)) return service;
  const kept = service.ports.filter(({ port }) => ports.has(port));
  if (kept.length === service.ports.length) return service;
  return kept.length > 0 ? { ...service, ports: kept } : undefined;
}

function finish(
  { mesh, destinationRules }: ScopeSources,
  key: string,
  namespace: string,
  egress: readonly Egress[],
  { list: services, byHost }: ServiceSet,
  sidecar: Resource<SidecarSpec> | undefined,
): Scope {
  const rules = new Map<string, readonly MergedRule[]>();
  return {
    key,
    lists: key,
    egress,
    services,
    byHost,
    ...(sidecar ? { sidecar } : {}),
    unknownHosts: unknownHosts(mesh, sidecar),
    rule: (host, labels) => {
      const service = byHost.get(host);
      if (!service) return undefined;
      const found = rules.get(host) ?? destinationRules.of(namespace, service);
      rules.set(host, found);
      return ruleFor(found, namespace, labels);
    },
  };
}

/** The mode of a Sidecar that states a policy without one is REGISTRY_ONLY: the zero of its protobuf enum. */
function unknownHosts(mesh: Mesh, sidecar: Resource<SidecarSpec> | undefined): Scope['unknownHosts'] {
  const own: OutboundTrafficPolicy | undefined = sidecar?.spec.outboundTrafficPolicy;
  if (sidecar && own) {
    const ref = refTo(sidecar, 'spec.outboundTrafficPolicy');
    const { mode = 'REGISTRY_ONLY', egressProxy } = own;
    return { mode, ref, ...(egressProxy ? { egressProxy } : {}) };
  }
  const ref = { object: `MeshConfig @${mesh.cluster}`, field: 'outboundTrafficPolicy.mode' };
  return { mode: mesh.config.outboundTrafficPolicy?.mode ?? 'ALLOW_ANY', ref };
}

/** Services by host, of rivals the one that istiod keeps (`sidecar.go: appendSidecarServices`). */
class ServiceSet {
  public readonly list: Service[];
  public readonly byHost: Map<string, Service>;

  constructor(list: readonly Service[] = [], byHost: ReadonlyMap<string, Service> = new Map()) {
    this.list = list as Service[];
    this.byHost = byHost as Map<string, Service>;
  }

  public add(service: Service | undefined): void {
    if (!service) return;
    const held = this.byHost.get(service.hostname);
    if (!held) {
      this.list.push(service);
      this.byHost.set(service.hostname, service);
      return;
    }
    if (held === service || (held.registry === 'Kubernetes' && service.registry !== 'Kubernetes')) return;
    if (held.registry !== 'Kubernetes' && service.registry === 'Kubernetes') this.replace(held, service);
    else if (canMergePorts(held, service)) this.replace(held, { ...held, ports: mergedPorts(held, service) });
  }

  private replace(held: Service, by: Service): void {
    this.list[this.list.indexOf(held)] = by;
    this.byHost.set(by.hostname, by);
  }
}

function mergedPorts({ ports }: Service, other: Service): Port[] {
  return [...ports, ...other.ports.filter(({ port }) => !ports.some((one) => one.port === port))];
}

/** Whether two services differ in nothing but their ports (`sidecar.go: canMergeServices`). */
function canMergePorts(a: Service, b: Service): boolean {
  const identity = ({ namespace, resolution, registry, labels, selector, exportTo }: Service) => [
    ...[namespace, resolution, registry],
    ...[labels, selector ?? {}].map((map) => Object.entries(map).sort()),
    [...(exportTo ?? [])].sort(),
  ];
  const same = (x: unknown, y: unknown) => JSON.stringify(x) === JSON.stringify(y);
  return !same(a.ports, b.ports) && same(identity(a), identity(b));
}

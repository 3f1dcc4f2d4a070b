import { serviceHost } from '../../facts/service-host';
import { ControlPlane } from '../control-plane';
import { ambientRef } from '../objects/ambient';
import { portOf } from '../registry/service';
import type { ProxyView } from '../view/proxy';
import type { Listener, Rbac } from '../view/types';
import type { AddressFact } from '../world/facts';
import { isGatewayApi, type KubernetesGatewaySpec, passesOn } from '../world/gateway-api';
import type { ServiceSpec } from '../world/kube-types';
import { describe, type Ref } from '../world/resource';
import type { Workload } from '../world/workloads';
import type { AddressOwner, World } from '../world/world';
import { application } from './application';
import type { Bytes, Layer, TlsBytes, TlsClient } from './bytes';
import { type Branch, ends, fork } from './hop';
import { throughNetwork } from './network';
import { whyNoListener } from './no-listener';
import type { CertificateOrigin } from './origin';
import { type Unknown, unknownsOf } from './policy';
import { throughRouter } from './router';
import { Secrets } from './secrets';
import { serve } from './serve';
import type { Dial, SeenAddresses, Surroundings } from './stations';

const MOST_STATIONS = 24;

/** Ports of a sidecar that are its own, and not captured. */
const UNCAPTURED = new Set([15008, 15020, 15021, 15090]);

/** Envoys, network and applications at run time: bytes go in, and every way that they may take comes out. */
export class Engine implements Surroundings {
  /** What was believed because no fact says otherwise. */
  public readonly assumptions = new Set<string>();
  /** Objects that were in the way and are not modelled. */
  public readonly unmodelled = new Map<string, Ref>();
  private readonly planes: ReadonlyMap<string, ControlPlane>;
  private readonly secretsOf: ReadonlyMap<string, Secrets>;
  /** The calling workload, while an exploration notes what is asked of its certificate. */
  public explored: { readonly caller: string; readonly origin: CertificateOrigin } | undefined;
  /** Addresses that the call at hand has behind a load balancer, where it states them. */
  public seen: SeenAddresses | undefined;
  /** What policies ask of tokens: filters are the same for all calls that pass them. */
  private readonly tokens = new Map<readonly Rbac[], readonly Unknown[]>();
  private layers = 0;

  /**
   * @param prior where proxies run that had the configuration of another world before: they keep the last good Secret,
   * listener and cluster. Without it all of them start now.
   */
  constructor(
    public readonly world: World,
    private readonly prior?: Engine,
  ) {
    this.planes = new Map([...world.meshes].map(([cluster, mesh]) => [cluster, new ControlPlane(mesh)]));
    const assume = (what: string) => this.assume(what);
    const originOf = ({ id }: Workload) => (this.explored?.caller === id ? this.explored.origin : undefined);
    const lastGood = (workload: Workload) => this.lastGood(workload);
    this.secretsOf = new Map(
      [...world.meshes].map(([cluster, mesh]) => [cluster, new Secrets(world, mesh, assume, originOf, lastGood)]),
    );
  }

  public plane({ cluster }: { readonly cluster: string }): ControlPlane {
    const plane = this.planes.get(cluster);
    if (!plane) throw new Error(`there is no mesh in ${cluster}`);
    return plane;
  }

  public secrets({ cluster }: { readonly cluster: string }): Secrets {
    const secrets = this.secretsOf.get(cluster);
    if (!secrets) throw new Error(`there is no mesh in ${cluster}`);
    return secrets;
  }

  /** The proxy of a workload; what it cannot be judged with is noted. */
  public proxy(workload: Workload): ProxyView {
    const view = this.plane(workload).proxy(workload);
    for (const ref of view.unmodelled) this.leaveOut(ref);
    return view;
  }

  public before(workload: Workload): ProxyView | undefined {
    const before = this.runningBefore(workload);
    return before && this.prior?.proxy(before);
  }

  private lastGood(workload: Workload): { secrets: Secrets; workload: Workload } | undefined {
    const before = this.runningBefore(workload);
    return before && this.prior && { secrets: this.prior.secrets(before), workload: before };
  }

  /** The same pods as they ran before; undefined where their template changes, and they start anew. */
  private runningBefore({ cluster, namespace, name, ...workload }: Workload): Workload | undefined {
    const before = this.prior?.world.workload(cluster, namespace, name);
    const template = (of: Partial<Workload>) =>
      JSON.stringify([of.labels, of.annotations, of.serviceAccount, of.containers, of.proxyMounts]);
    return before?.name === name && template(before) === template(workload) ? before : undefined;
  }

  /** A listener that Envoy refuses, or that waits for a Secret, does not replace the one that runs. */
  private running(proxy: ProxyView, fresh: Listener, pick: (view: ProxyView) => Listener | undefined): Listener {
    const before = this.prior && this.before(proxy.workload);
    if (!before) return fresh;
    const secrets = this.secrets(proxy.workload);
    const waits = fresh.chains.some(({ tls }) => tls && 'missing' in secrets.serverPair(proxy.workload, tls));
    return fresh.refused || waits ? (pick(before) ?? fresh) : fresh;
  }

  public assume(what: string): void {
    this.assumptions.add(what);
  }

  /** @param isStated whether the call says what is in its token, or that it has none. */
  public assumeNoTokens(filters: readonly Rbac[], isStated: boolean): void {
    const asked = this.tokens.get(filters) ?? unknownsOf(filters);
    this.tokens.set(filters, asked);
    for (const { unknown, claims } of asked) if (!(isStated && claims)) this.assume(`no token fulfils ${unknown}`);
  }

  public leaveOut(ref: Ref): void {
    this.unmodelled.set(`${ref.object} ${ref.field}`, ref);
  }

  /** Forgets what earlier calls assumed. */
  public begin(): void {
    this.assumptions.clear();
    this.unmodelled.clear();
    this.seen = undefined;
    this.layers = 0;
  }

  public wrap(client: TlsClient, sni: string | undefined, alpn: readonly string[], inner: Bytes): TlsBytes {
    return { kind: 'tls', layer: this.layer('tls'), client, alpn, inner, ...(sni === undefined ? {} : { sni }) };
  }

  public layer(kind: string): Layer {
    return `${kind} ${++this.layers}`;
  }

  /** An application dials: its sidecar takes the connection, if it has one. */
  public dial(dial: Dial): Branch[] {
    const { source, ip, port, bytes, depth } = dial;
    const isCaptured = source.proxy === 'sidecar' && !ip.startsWith('127.') && !isExcluded(source, port, 'Outbound');
    if (!isCaptured) {
      this.noteAmbient(source);
      return this.send(dial);
    }
    const proxy = this.proxy(source);
    const connection = { sourceIp: source.ip, ip, port };
    return serve(
      this,
      { proxy, role: 'sidecar outbound', connection, depth: depth + 1 },
      proxy.outboundListener(ip, port),
      bytes,
    );
  }

  public send(dial: Dial): Branch[] {
    const { ip, port, depth } = dial;
    if (depth > MOST_STATIONS) {
      const why = `after ${depth} stations the call is at ${this.world.shown(ip)}:${port}`;
      return ends(
        { kind: 'timeout' },
        { at: this.world.shown(ip), role: 'network', failure: { code: 'MESH-T106', why }, refs: [] },
      );
    }
    const owner = this.world.ownerOf(ip);
    if (!owner) {
      const why = `no workload, Service or load balancer of the world has ${ip}`;
      return ends(
        { kind: 'unreachable' },
        { at: `${ip}:${port}`, role: 'network', failure: { code: 'MESH-T102', why }, refs: [] },
      );
    }
    if (owner.kind === 'router') {
      const { mesh, router: fact } = owner;
      return throughRouter({ engine: this, mesh, fact, dial: this.seen ? { ...dial, seen: this.seen } : dial });
    }
    if (owner.kind === 'outside') return this.throughAddress(owner.address, dial);
    return owner.kind === 'workload' ? this.arrive(owner.workload, dial) : this.toService(owner, dial);
  }

  /** A load balancer, router or node hands the connection to a port of a Service. */
  private throughAddress({ ip, ports }: AddressFact, dial: Dial): Branch[] {
    const to = ports[dial.port];
    const mesh = to && this.world.meshes.get(to.cluster);
    const service = mesh?.find<ServiceSpec>('Service', to.namespace, to.service);
    if (!mesh || !service) {
      const leads = Object.keys(ports).join(', ') || 'no port';
      const place = this.world.shown(ip);
      const why = to
        ? `${place}:${dial.port} leads to Service ${to.namespace}/${to.service} @${to.cluster}, which does not exist`
        : `${place} does not take port ${dial.port}; it takes ${leads}`;
      const hop = { at: `${place}:${dial.port}`, role: 'network' as const, refs: [] };
      return ends({ kind: 'unreachable' }, { ...hop, failure: { code: 'MESH-T102', why } });
    }
    return this.toService(
      { kind: 'service', mesh, service },
      {
        ...dial,
        port: to.port,
        ...(this.seen ? { seen: this.seen } : {}),
      },
    );
  }

  private toService({ mesh, service }: Extract<AddressOwner, { kind: 'service' }>, dial: Dial): Branch[] {
    const { registry } = this.plane(mesh);
    const known = registry.byHost
      .get(serviceHost(service.name, service.namespace, mesh.dnsDomain))
      ?.get(service.namespace);
    const refs = [{ object: describe(service), field: 'spec.ports' }];
    const at = `${mesh.cluster}/${service.namespace}/${service.name}:${dial.port}`;
    const port = known && portOf(known, dial.port);
    if (!known || !port) {
      const why = `Service ${service.namespace}/${service.name} has no port ${dial.port}`;
      return ends({ kind: 'unreachable' }, { at, role: 'network', failure: { code: 'MESH-T103', why }, refs });
    }
    const endpoints = registry.endpoints(known, port.port);
    if (endpoints.length === 0) {
      const why = `Service ${service.namespace}/${service.name} has no endpoints`;
      return ends({ kind: 'refused' }, { at, role: 'network', failure: { code: 'MESH-T104', why }, refs });
    }
    return fork(endpoints, ({ address, port: target }) =>
      this.send({ ...dial, ip: address, port: target, depth: dial.depth + 1 }),
    );
  }

  private arrive(workload: Workload, dial: Dial): Branch[] {
    const refused = throughNetwork(this, { from: dial.source, to: workload, port: dial.port });
    if (refused) return refused;
    const { source, port, bytes, origin, seen } = dial;
    const addresses = seen ? { isAddressStated: true as const, ...seen } : { sourceIp: source.ip };
    const connection = { ip: workload.ip, port, ...addresses, ...(origin ? { origin } : {}) };
    const depth = dial.depth + 1;
    if (workload.proxy === 'sidecar' && !UNCAPTURED.has(port) && !isExcluded(workload, port, 'Inbound')) {
      const proxy = this.proxy(workload);
      const listener = this.running(proxy, proxy.inboundListener(), (view) => view.inboundListener());
      return serve(this, { proxy, role: 'sidecar inbound', connection, depth }, listener, bytes);
    }
    if (workload.proxy === 'gateway') {
      const proxy = this.proxy(workload);
      this.noteGatewayApi(workload);
      const fresh = proxy.gatewayListeners().get(port);
      const listener = fresh && this.running(proxy, fresh, (view) => view.gatewayListeners().get(port));
      if (listener) return serve(this, { proxy, role: 'gateway', connection, depth }, listener, bytes);
      const { why, refs } = whyNoListener(proxy, port);
      return ends({ kind: 'refused' }, { at: workload.id, role: 'gateway', failure: { code: 'MESH-T202', why }, refs });
    }
    this.noteAmbient(workload);
    return application(this, workload, port, bytes, depth);
  }

  /** Neither ztunnels nor waypoints are modelled. */
  private noteAmbient(workload: Workload): void {
    const mesh = this.world.meshes.get(workload.cluster);
    const ref = mesh && ambientRef(mesh, workload);
    if (ref) this.leaveOut(ref);
  }

  /** Listeners and routes of the Gateway API are not modelled. */
  private noteGatewayApi({ cluster, namespace, labels }: Workload): void {
    const name = labels['gateway.networking.k8s.io/gateway-name'];
    for (const gateway of name === undefined ? [] : this.plane({ cluster }).mesh.kind('Gateway')) {
      if (!isGatewayApi(gateway) || gateway.namespace !== namespace || gateway.name !== name) continue;
      const { listeners = [] } = gateway.spec as KubernetesGatewaySpec;
      if (listeners.every(passesOn)) continue;
      this.leaveOut({ object: describe(gateway), field: 'spec.listeners' });
    }
  }
}

/** Annotations that take ports out of the sidecar's hands. */
function isExcluded({ annotations }: Workload, port: number, direction: 'Inbound' | 'Outbound'): boolean {
  const excluded = annotations[`traffic.sidecar.istio.io/exclude${direction}Ports`];
  if (excluded === undefined) return false;
  return excluded.split(',').some((one) => one.trim() === String(port));
}

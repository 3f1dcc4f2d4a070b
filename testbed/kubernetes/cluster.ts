import type { Certificates } from '../bed/certificates';
import { clusterDirectory } from '../bed/paths';
import { until } from '../bed/process';
import type { ClusterSetup, ControlPlaneSetup } from '../bed/scenario';
import { Istiod, type IstioInstallation } from '../istio/istiod';
import { withAuthorities } from '../istio/mesh-config';
import { dnsAddress, loadBalancerAddress, MAX_CLUSTERS, nodeAddress, routerAddress } from '../network/addresses';
import { serveDns } from '../network/dns';
import { nft } from '../network/network';
import { networkPolicyRules } from '../network/networkpolicy';
import { RouterProcess } from '../network/router-process';
import { type ServiceView, serviceRules, viewServices } from '../network/services';
import { ApiServer } from './apiserver';
import type { Etcd, Snapshot } from './etcd';
import { Informer, type Kube } from './kube';
import { Kubelet, NODE_NAME, STATIC_POD } from './kubelet';
import type { EndpointSlice, KubeObject, Namespace, NetworkPolicy, Pod, Service } from './types';

/** What clusters of one bed share. */
export interface BedContext {
  binaries: string;
  etcd: Etcd;
  certificates: Certificates;
  istio: IstioInstallation;
  /** Answers for names that no Service has; `cluster` is the slot that asks. */
  external(slot: string, name: string): readonly string[] | string | undefined;
}

/** CustomResourceDefinitions that a cluster serves, by what they are for. */
export interface CrdSet {
  /** Distinguishes sets: clusters of one set are reused between scenarios. */
  id: string;
  objects: readonly KubeObject[];
}

/**
 * One cluster of the bed. It is started once and used by many scenarios: before each, its data is put back to what
 * it was after the CustomResourceDefinitions were installed, and the control plane is started anew.
 */
export class Cluster {
  readonly slot: string;
  readonly kubelet: Kubelet;
  istiod: Istiod | undefined;
  services: ServiceView = { ports: [], names: new Map(), loadBalancers: new Map() };
  private readonly router: RouterProcess;
  private readonly informers;
  private readonly loadBalancers = new Map<string, string>();
  private dns: { close(): void } | undefined;
  private lastRules = '';
  private applying: Promise<void> = Promise.resolve();

  private constructor(
    readonly index: number,
    readonly crds: CrdSet,
    private readonly context: BedContext,
    private readonly api: ApiServer,
  ) {
    this.slot = slotName(index);
    const { kube } = api;
    this.kubelet = new Kubelet(kube, this.slot, index, context.binaries);
    this.router = new RouterProcess(this.slot, index, context.certificates);
    const changed = () => this.changed();
    this.informers = {
      services: new Informer<Service>(kube, '/api/v1/services', changed),
      slices: new Informer<EndpointSlice>(kube, '/apis/discovery.k8s.io/v1/endpointslices', changed),
      pods: new Informer<Pod>(kube, '/api/v1/pods', changed),
      namespaces: new Informer<Namespace>(kube, '/api/v1/namespaces', changed),
      policies: new Informer<NetworkPolicy>(kube, '/apis/networking.k8s.io/v1/networkpolicies', changed),
    };
  }

  private snapshot: Snapshot = new Map();

  get kube(): Kube {
    return this.api.kube;
  }

  static async start(index: number, crds: CrdSet, context: BedContext): Promise<Cluster> {
    const slot = slotName(index);
    const directory = clusterDirectory(slot);
    const api = await ApiServer.start(slot, index, context.binaries, directory, context.certificates);
    const cluster = new Cluster(index, crds, context, api);
    try {
      await cluster.install();
      cluster.dns = await serveDns(dnsAddress(index), (name) => cluster.resolve(name));
      await cluster.kubelet.start();
      await Promise.all(Object.values(cluster.informers).map((informer) => informer.start()));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  private async install(): Promise<void> {
    await Promise.all(this.crds.objects.map((crd) => this.kube.apply(crd)));
    await until(`CustomResourceDefinitions of ${this.slot}`, 30, async () => {
      const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      const { items } = await this.kube.get<{ items: Established[] }>(path);
      const ready = items.filter(({ status }) =>
        status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True'),
      );
      return ready.length >= this.crds.objects.length ? true : undefined;
    });
    this.snapshot = await this.context.etcd.snapshot(`${this.api.etcdPrefix}/`);
  }

  /** Starts controllers and control plane as a scenario wants them. */
  async begin(name: string, setup: ClusterSetup): Promise<void> {
    this.api.startControllers();
    await this.kube.apply(node(name, setup));
    await this.kube.merge(`/api/v1/nodes/${NODE_NAME}/status`, {
      status: { addresses: [{ type: 'InternalIP', address: nodeAddress(this.index) }] },
    });
    await this.addStaticPod('kube-system', 'coredns', { 'k8s-app': 'kube-dns' }, dnsAddress(this.index));
    if (this.crds.objects.some(({ metadata }) => metadata.name === 'routes.route.openshift.io')) {
      await this.kube.apply(namespace('openshift-ingress', { 'network.openshift.io/policy-group': 'ingress' }));
      const labels = { 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller': 'default' };
      await this.addStaticPod('openshift-ingress', 'router', labels, routerAddress(this.index));
      await this.router.start(this.kube, () => [...this.informers.slices.items.values()], this.informers.services);
    }
    if (setup.controlPlane === false) return;
    await this.startIstiod(name, setup.controlPlane ?? {});
  }

  private async startIstiod(name: string, setup: ControlPlaneSetup): Promise<void> {
    const { namespace: home = 'istio-system', root = `root-${name}`, mesh = {}, env = {}, network = '' } = setup;
    const { revision = 'default' } = setup;
    await this.kube.apply(namespace(home, setup.labels ?? {}));
    const { certificates, istio } = this.context;
    const objects = istio.controlPlane({
      ...{ cluster: name, namespace: home, env, network, revision },
      mesh: await withAuthorities(mesh, (authority) => certificates.authority(authority)),
      cacerts: await certificates.cacerts(root, name),
    });
    const [deployment, ...others] = [...objects].reverse();
    await Promise.all(others.map((object) => this.kube.apply(object)));
    await this.kube.apply(deployment);
    this.istiod = new Istiod(this.kube, this.kubelet, home, revision);
    await this.istiod.ready();
  }

  /** Puts everything back to what it was after the installation. */
  async reset(): Promise<void> {
    this.istiod = undefined;
    await this.api.stopControllers();
    await this.router.stop();
    await this.context.etcd.restore(`${this.api.etcdPrefix}/`, this.snapshot);
    await until(`reset of ${this.slot}`, 20, async () => {
      const left = this.kubelet.known().length + this.informers.policies.items.size;
      return left === 0 ? true : undefined;
    });
    await this.kubelet.killAll();
    this.loadBalancers.clear();
  }

  /** Ends the cluster for good; another may take its place. */
  async stop(): Promise<void> {
    for (const informer of Object.values(this.informers)) informer.stop();
    this.dns?.close();
    await this.router.stop();
    await this.kubelet.stop();
    await this.api.stop();
    await this.context.etcd.clear(`${this.api.etcdPrefix}/`);
  }

  /** Address under which a Service of type LoadBalancer, or the router, is reachable from everywhere. */
  publicAddress(service: string): string | undefined {
    return service === 'router' ? routerAddress(this.index) : this.services.loadBalancers.get(service);
  }

  /** Hosts of the cluster's Routes. */
  routeHosts(): readonly string[] {
    return this.router.hosts();
  }

  /** Resolves when the network does what the objects known now say. */
  async networkReady(): Promise<void> {
    await Promise.all(Object.values(this.informers).map((informer) => informer.current()));
    await this.applying;
    await this.router.current();
  }

  /** Addresses of a name, as the cluster's DNS answers now. */
  readonly resolve = (name: string): readonly string[] | undefined => this.follow(name, 0);

  private follow(name: string, depth: number): readonly string[] | undefined {
    const found = this.services.names.get(name) ?? this.context.external(this.slot, name);
    if (typeof found !== 'string') return found;
    return depth < 5 ? this.follow(found, depth + 1) : undefined;
  }

  /** Something that concerns the network has changed: computes the rules anew, and applies them if they differ. */
  private changed(): void {
    this.applying = this.applying.then(() => this.applyNetwork()).catch((error) => console.error(error));
  }

  private async applyNetwork(): Promise<void> {
    const { services, slices, pods, namespaces, policies } = this.informers;
    const all = <T>(informer: { items: Map<string, T> }) => [...informer.items.values()];
    this.services = viewServices(all(services), all(slices), nodeAddress(this.index), (service) =>
      this.allocate(service),
    );
    const addresses = all(pods).flatMap(({ status }) => status?.podIP ?? []);
    const rules =
      serviceRules(`${this.slot}-services`, this.services.ports, addresses) +
      networkPolicyRules(`${this.slot}-policies`, all(policies), all(pods), all(namespaces));
    if (rules !== this.lastRules) {
      await nft(rules);
      this.lastRules = rules;
    }
    this.router.refresh();
    for (const [key, ip] of this.services.loadBalancers) {
      const service = services.items.get(key);
      if (service && !service.status?.loadBalancer?.ingress?.length) await this.announce(service, ip);
    }
  }

  private async announce({ metadata: { namespace, name } }: Service, ip: string): Promise<void> {
    const status = { loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } };
    await this.kube.merge(`/api/v1/namespaces/${namespace}/services/${name}/status`, { status }).catch(() => {});
  }

  private allocate(service: string): string {
    const known = this.loadBalancers.get(service);
    const address = known ?? loadBalancerAddress(this.index, this.loadBalancers.size);
    this.loadBalancers.set(service, address);
    return address;
  }

  /** A Pod object for something that the testbed runs itself, so that policies can select it. */
  private async addStaticPod(
    namespace: string,
    name: string,
    labels: Record<string, string>,
    address: string,
  ): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
    await until(`ServiceAccount ${namespace}/default`, 30, () => this.kube.find(path));
    await this.kube.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels, annotations: { [STATIC_POD]: 'true' } },
      spec: { nodeName: NODE_NAME, containers: [{ name, image: name }] },
    });
    await this.kube.merge(`/api/v1/namespaces/${namespace}/pods/${name}/status`, {
      status: {
        phase: 'Running',
        podIP: address,
        podIPs: [{ ip: address }],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    });
  }
}

interface Established {
  status?: { conditions?: { type: string; status: string }[] };
}

export function slotName(index: number): string {
  if (index > MAX_CLUSTERS) throw new Error(`${index} clusters, at most ${MAX_CLUSTERS} fit`);
  return `cluster${index}`;
}

const namespace = (name: string, labels: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

const node = (cluster: string, { region, zone }: ClusterSetup): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: NODE_NAME,
    labels: {
      'kubernetes.io/hostname': NODE_NAME,
      'topology.kubernetes.io/region': region ?? cluster,
      'topology.kubernetes.io/zone': zone ?? `${cluster}-a`,
    },
  },
});

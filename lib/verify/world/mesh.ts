import { push } from '../../facts/memo';
import { type Profile, profileOf } from '../profile';
import { symbolicAddress } from './addresses';
import { type Aged, type AgeOrder, ageComparator } from './age';
import type { MeshFact } from './facts';
import { deployedFor, type KubernetesGatewaySpec } from './gateway-api';
import { isGenuine } from './groups';
import { proxyMetadata, proxyMounts, proxyOf, trustedProxies } from './injection';
import type { ServicePortSpec, ServiceSpec } from './kube-types';
import type { MeshConfig } from './mesh-config-types';
import { Owners } from './owners';
import { type Resource, resource } from './resource';
import { applicationContainers, templateOf, WORKLOAD_KINDS, type Workload } from './workloads';

/** One control plane with all objects that it sees. */
export class Mesh {
  public readonly config: MeshConfig;
  /** Certificate authority of its workload certificates. */
  public readonly root: string;
  public readonly rootNamespace: string;
  public readonly trustDomain: string;
  /** DNS domain of its Services. */
  public readonly dnsDomain: string;
  /** Its own trust domain and the aliases. */
  public readonly trustDomains: readonly string[];
  /** Those, and the ones that it believes further roots for (`caCertificates[].trustDomains`). */
  public readonly acceptedTrustDomains: readonly string[];
  public readonly profile: Profile;
  public readonly workloads: readonly Workload[];
  private readonly byKind = new Map<string, Resource[]>();
  private readonly byName = new Map<string, Resource>();
  private readonly workloadsByNamespace = new Map<string, Workload[]>();
  private readonly addresses = new Map<string, string>();

  /** @param index of its cluster, from 0. */
  constructor(
    public readonly cluster: string,
    public readonly index: number,
    public readonly fact: MeshFact,
    public readonly resources: readonly Resource[],
    public readonly order: AgeOrder,
  ) {
    this.config = fact.meshConfig ?? {};
    this.compareAge = ageComparator(order);
    this.root = fact.root ?? `root of ${cluster}`;
    this.rootNamespace = this.config.rootNamespace ?? 'istio-system';
    this.trustDomain = this.config.trustDomain ?? 'cluster.local';
    this.dnsDomain = fact.dnsDomain ?? 'cluster.local';
    this.trustDomains = [this.trustDomain, ...(this.config.trustDomainAliases ?? [])];
    const believed = (this.config.caCertificates ?? []).flatMap(({ trustDomains = [] }) => trustDomains);
    this.acceptedTrustDomains = [...new Set([...this.trustDomains, ...believed])];
    this.profile = profileOf(fact);
    this.take(resources.filter(isGenuine));
    const made = this.kind<KubernetesGatewaySpec>('Gateway').flatMap(deployedFor);
    this.take(made.filter((one) => !resources.some((other) => isSameObject(one, other))));
    this.take(systemServices(cluster, this.rootNamespace, resources));
    this.allot();
    this.workloads = this.makeWorkloads();
    for (const workload of this.workloads) push(this.workloadsByNamespace, workload.namespace, workload);
  }

  private take(resources: readonly Resource[]): void {
    for (const one of resources) {
      this.byName.set(`${one.kind} ${one.namespace}/${one.name}`, one);
      push(this.byKind, one.kind, one);
    }
  }

  /** Objects of a kind, in the order in which they were given. */
  public kind<Spec>(kind: string): readonly Resource<Spec>[] {
    return (this.byKind.get(kind) ?? []) as Resource<Spec>[];
  }

  public workloadsIn(namespace: string): readonly Workload[] {
    return this.workloadsByNamespace.get(namespace) ?? [];
  }

  /** An object by its name; `namespace` is empty for one of the whole cluster. */
  public find<Spec>(kind: string, namespace: string, name: string): Resource<Spec> | undefined {
    return this.byName.get(`${kind} ${namespace}/${name}`) as Resource<Spec> | undefined;
  }

  /** Objects of a kind, oldest first. */
  public byAge<Spec>(kind: string): Resource<Spec>[] {
    return [...this.kind<Spec>(kind)].sort(this.compareAge);
  }

  public readonly compareAge: (a: Aged, b: Aged) => number;

  /** Address of a Service; undefined for headless ones and aliases. */
  public serviceAddress(service: Resource): string | undefined {
    return this.addresses.get(`${service.namespace}/${service.name}`);
  }

  private allot(): void {
    let next = 1;
    for (const service of this.kind<ServiceSpec>('Service')) {
      const { clusterIP, type } = service.spec;
      if (clusterIP === 'None' || type === 'ExternalName') continue;
      const address = clusterIP || symbolicAddress('service', this.index, next++);
      this.addresses.set(`${service.namespace}/${service.name}`, address);
    }
  }

  private makeWorkloads(): Workload[] {
    const namespaces = new Map(this.kind('Namespace').map(({ name, labels }) => [name, labels]));
    const owners = new Owners(WORKLOAD_KINDS.flatMap((kind) => this.kind(kind)));
    const makers = WORKLOAD_KINDS.flatMap((kind) => this.kind(kind).filter((one) => !owners.isOwned(one)));
    return makers.flatMap((maker, index) => {
      const { labels, annotations, pod, replicas } = templateOf(maker);
      if (replicas === 0) return [];
      const { cluster, namespace, name } = maker;
      const revision = this.fact.revision ?? 'default';
      const namespaceLabels = namespaces.get(namespace) ?? {};
      const proxy = proxyOf({ namespace, namespaceLabels, labels, annotations, pod, revision });
      const metadata = proxyMetadata(this.config, annotations);
      const { region = cluster, zone = `${cluster}-a` } = this.fact;
      const [ip = symbolicAddress('workload', this.index, index + 10), ...moreIps] = owners.addressesOf(maker);
      return [
        {
          cluster,
          namespace,
          name,
          annotations,
          replicas,
          id: `${cluster}/${namespace}/${name}`,
          // the injector adds the label that clients decide automatic mTLS by
          labels: proxy === 'sidecar' ? { 'security.istio.io/tlsMode': 'istio', ...labels } : labels,
          serviceAccount: pod.serviceAccountName || 'default',
          ip,
          moreIps,
          dnsDomain: this.dnsDomain,
          ...(proxy ? { proxy } : {}),
          containers: applicationContainers(pod),
          proxyMounts: proxyMounts(pod, annotations),
          locality: `${region}/${zone}`,
          dnsCapture: metadata.ISTIO_META_DNS_CAPTURE === 'true',
          proxyMetadata: metadata,
          trustedProxies: trustedProxies(this.config, annotations),
        },
      ];
    });
  }
}

/** Services that every cluster with a mesh has, where the manifests do not show them: their ports make listeners. */
function systemServices(cluster: string, rootNamespace: string, given: readonly Resource[]): Resource[] {
  const make = (namespace: string, name: string, ports: ServicePortSpec[]) =>
    resource(cluster, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, creationTimestamp: '1970-01-01T00:00:00Z' },
      spec: { ports },
    });
  const all = [
    make('default', 'kubernetes', [{ name: 'https', port: 443, targetPort: 6443 }]),
    make(rootNamespace, 'istiod', [
      { name: 'grpc-xds', port: 15010 },
      { name: 'https-dns', port: 15012 },
      { name: 'https-webhook', port: 443, targetPort: 15017 },
      { name: 'http-monitoring', port: 15014 },
    ]),
  ];
  const isGiven = ({ namespace, name }: Resource) =>
    given.some((one) => one.kind === 'Service' && one.namespace === namespace && one.name === name);
  return all.filter((service) => !isGiven(service));
}

/** A dump has what istiod makes. */
const isSameObject = (a: Resource, b: Resource): boolean =>
  a.kind === b.kind && a.namespace === b.namespace && a.name === b.name && a.apiVersion === b.apiVersion;

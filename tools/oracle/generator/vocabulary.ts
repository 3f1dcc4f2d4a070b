import type { Labels } from '../../../lib/facts/labels';
import type { GatewaySpec, ServiceEntrySpec, VirtualServiceSpec } from '../../../lib/verify/world/istio-types';
import type { ServiceSpec } from '../../../lib/verify/world/kube-types';
import type { Resource } from '../../../lib/verify/world/resource';
import { templateOf, WORKLOAD_KINDS } from '../../../lib/verify/world/workloads';
import type { Random } from '../../random';

/** Names that the objects of a cluster use already: new objects that use them, too, collide. */
export class Vocabulary {
  public readonly namespaces: string[];
  /** Hosts of services. */
  public readonly hosts: string[];
  /** All names that anything is called. */
  public readonly names: string[];
  public readonly ports: number[];
  /** `namespace/name`. */
  public readonly gateways: string[];
  public readonly gatewaySelectors: Labels[];
  public readonly workloadLabels: Labels[];
  public readonly principals: string[];

  constructor(
    private readonly random: Random,
    resources: readonly Resource[],
  ) {
    const of = <Spec>(kind: string) => resources.filter((one) => one.kind === kind) as Resource<Spec>[];
    const services = of<ServiceSpec>('Service');
    const entries = of<ServiceEntrySpec>('ServiceEntry');
    const gateways = of<GatewaySpec>('Gateway').filter((one) => one.apiVersion.startsWith('networking.istio.io/'));
    const workloads = WORKLOAD_KINDS.flatMap((kind) => of(kind));
    this.namespaces = unique([
      ...resources.map(({ namespace }) => namespace).filter((one) => one !== ''),
      'istio-system',
    ]);
    const serviceHosts = services.map(({ name, namespace }) => `${name}.${namespace}.svc.cluster.local`);
    this.hosts = unique(['nobody.example', ...serviceHosts, ...entries.flatMap(({ spec }) => spec.hosts ?? [])]);
    this.names = unique([
      ...this.hosts,
      ...services.flatMap(({ name, namespace }) => [name, `${name}.${namespace}`]),
      ...of<VirtualServiceSpec>('VirtualService').flatMap(({ spec }) => spec.hosts ?? []),
      ...gateways.flatMap(({ spec }) => (spec.servers ?? []).flatMap(({ hosts }) => hosts ?? [])),
    ]).filter((name) => !name.includes('/'));
    const servicePorts = services.flatMap(({ spec }) => spec.ports ?? []);
    this.ports = unique([
      ...[80, 443, 8080],
      ...servicePorts.flatMap(({ port, targetPort = port }) =>
        typeof targetPort === 'number' ? [port, targetPort] : [port],
      ),
      ...entries.flatMap(({ spec }) => (spec.ports ?? []).map(({ number }) => number)),
      ...gateways.flatMap(({ spec }) => (spec.servers ?? []).map(({ port }) => port.number)),
    ]);
    this.gateways = unique(gateways.map(({ namespace, name }) => `${namespace}/${name}`));
    const selectors = gateways.flatMap(({ spec }) => (spec.selector ? [spec.selector] : []));
    this.gatewaySelectors = selectors.length > 0 ? selectors : [{ istio: 'ingressgateway' }];
    this.workloadLabels = workloads
      .map((one) => templateOf(one).labels)
      .filter((labels) => Object.keys(labels).length > 0);
    const accounts = workloads.map(
      (one) => `cluster.local/ns/${one.namespace}/sa/${templateOf(one).pod.serviceAccountName}`,
    );
    this.principals = unique([...accounts, '*', 'other.domain/ns/a/sa/b', '*/sa/sleep', 'cluster.local/ns/*']);
  }

  public namespace = (): string => this.random.pick(this.namespaces);
  public port = (): number => this.random.pick(this.ports);

  /** Any name, sometimes as a wildcard or short. */
  public name(): string {
    const name = this.random.pick(this.names);
    const chance = this.random.next();
    if (chance < 0.12 && name.includes('.')) return `*.${name.slice(name.indexOf('.') + 1)}`;
    return chance < 0.2 ? name.split('.')[0] : name;
  }

  /** A host that several objects like to claim. */
  public host(): string {
    const hosts = this.random.pick(this.hosts);
    return this.random.pick([hosts, hosts, this.name(), '*.local', 'new.example', '*.example']);
  }

  /** One label of a workload, as a selector. */
  public labels(): Labels {
    const labels = this.random.pick(this.workloadLabels);
    const key = this.random.pick(Object.keys(labels).sort());
    return { [key]: labels[key] };
  }

  /** Undefined for the default. */
  public exportTo(): string[] | undefined {
    const namespaces = [this.namespace(), this.namespace()];
    return this.random.pick([undefined, undefined, undefined, ['.'], ['*'], [namespaces[0]], ['.', namespaces[1]]]);
  }
}

const unique = <T extends string | number>(list: readonly T[]): T[] =>
  [...new Set(list)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

import { type Labels, selects } from '../../facts/labels';
import { push } from '../../facts/memo';
import type { ServiceEntrySpec, WorkloadEntrySpec } from '../world/istio-types';
import type { EndpointSliceManifest, EndpointsManifest } from '../world/kube-types';
import type { Mesh } from '../world/mesh';
import type { Resource } from '../world/resource';
import type { Workload } from '../world/workloads';
import { type Endpoint, hasSelector, type Port, type Service, saysMtls, takesMtls } from './service';

/** Finds the endpoints that each service gives by itself; services of one host share them afterwards. */
export class EndpointFinder {
  private readonly workloadByIp = new Map<string, Workload>();
  private readonly entries = new Map<string, Resource<WorkloadEntrySpec>[]>();

  constructor(private readonly mesh: Mesh) {
    for (const workload of mesh.workloads) {
      for (const ip of [workload.ip, ...workload.moreIps]) this.workloadByIp.set(ip, workload);
    }
    for (const entry of mesh.kind<WorkloadEntrySpec>('WorkloadEntry')) {
      push(this.entries, entry.namespace, entry);
    }
  }

  /** Endpoints of a port of one service. */
  public of(service: Service, port: Port): Endpoint[] {
    if (service.registry === 'ServiceEntry') return this.ofServiceEntry(service, port);
    if (!hasSelector(service)) return this.written(service, port);
    const pods = this.selected(service).flatMap((workload) => {
      const target = targetPort(workload, port.targetPort);
      return target === undefined ? [] : [this.ofWorkload(workload, target)];
    });
    return [...pods, ...this.selectedEntries(service, port)];
  }

  /** Workloads that a service's selector chooses. */
  public selected({ namespace, selector }: Service): Workload[] {
    return this.mesh.workloadsIn(namespace).filter(({ labels }) => selects(selector, labels));
  }

  /** A Kubernetes Service selects WorkloadEntries, too (`kube/controller: serviceInstanceFromWorkloadInstance`). */
  private selectedEntries(service: Service, { targetPort: target }: Port): Endpoint[] {
    if (service.resolution !== 'static') return [];
    return (this.entries.get(service.namespace) ?? []).flatMap((entry) => {
      const spec = withOwnLabels(entry);
      if (Object.keys(spec.labels).length === 0 || !selects(service.selector, spec.labels)) return [];
      const number = numeric(target) ?? spec.ports?.[String(target)];
      return number ? [this.ofEntry(spec, service.namespace, number)] : [];
    });
  }

  /** `serviceregistry/serviceentry: convertServiceEntryToInstances`. */
  private ofServiceEntry(service: Service, port: Port): Endpoint[] {
    const spec = service.from.spec as ServiceEntrySpec;
    const base = numeric(port.targetPort) || port.port;
    if (spec.workloadSelector) {
      const pods = this.selected(service).map((workload) => this.ofWorkload(workload, base));
      const entries = (this.entries.get(service.namespace) ?? []).map(withOwnLabels);
      const chosen = entries.filter(({ labels }) => selects(service.selector, labels));
      return [
        ...pods,
        ...chosen.map((entry) => this.ofEntry(entry, service.namespace, entry.ports?.[port.name] || base)),
      ];
    }
    if (spec.endpoints?.length) {
      return spec.endpoints.map((one) => this.ofEntry(one, service.namespace, one.ports?.[port.name] || base));
    }
    if (service.resolution !== 'dns' && service.resolution !== 'dns-round-robin') return [];
    return [this.ofEntry({ address: service.hostname }, service.namespace, base)];
  }

  /** A Service without selector: the EndpointSlices and Endpoints that somebody wrote for it. */
  private written(service: Service, port: Port): Endpoint[] {
    const { namespace } = service;
    const found: Endpoint[] = [];
    const add = (address: string, number: number | undefined) => {
      const workload = this.workloadByIp.get(address);
      if (number === undefined) return;
      found.push(workload ? this.ofWorkload(workload, number) : this.ofEntry({ address }, namespace, number));
    };
    for (const slice of this.mesh.kind('EndpointSlice')) {
      if (slice.namespace !== namespace || slice.labels['kubernetes.io/service-name'] !== service.name) continue;
      const { ports = [], endpoints = [] } = slice.manifest as EndpointSliceManifest;
      for (const one of ports.filter(({ name = '' }) => name === port.name)) {
        for (const address of endpoints.flatMap(({ addresses }) => addresses)) add(address, one.port);
      }
    }
    for (const { namespace: itsNamespace, name, manifest } of this.mesh.kind('Endpoints')) {
      if (itsNamespace !== namespace || name !== service.name) continue;
      for (const { ports = [], addresses = [] } of (manifest as EndpointsManifest).subsets ?? []) {
        for (const one of ports.filter(({ name: portName = '' }) => portName === port.name)) {
          for (const { ip } of addresses) add(ip, one.port);
        }
      }
    }
    return found;
  }

  private ofWorkload(workload: Workload, port: number): Endpoint {
    const { ip, labels, namespace, serviceAccount, locality, replicas } = workload;
    return {
      address: ip,
      port,
      labels,
      namespace,
      locality,
      workload,
      weight: replicas,
      network: '',
      takesMtls: takesMtls(labels),
      serviceAccount: this.spiffeId(namespace, serviceAccount),
    };
  }

  private ofEntry(entry: WorkloadEntrySpec, namespace: string, port: number): Endpoint {
    const { address = '', labels = {}, serviceAccount, locality = '', network = '', weight } = entry;
    return {
      address,
      port,
      labels,
      namespace,
      locality,
      network,
      weight: weight || 1,
      // an endpoint with a service account is one with a proxy, unless its label says otherwise
      takesMtls: takesMtls(labels) || (!saysMtls(labels) && serviceAccount !== undefined),
      ...(serviceAccount ? { serviceAccount: this.spiffeId(namespace, serviceAccount) } : {}),
    };
  }

  private spiffeId(namespace: string, serviceAccount: string): string {
    return `spiffe://${this.mesh.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
  }
}

/** Labels of a WorkloadEntry are those of its spec and those of the object. */
function withOwnLabels({ spec, labels }: Resource<WorkloadEntrySpec>): WorkloadEntrySpec & { labels: Labels } {
  return { ...spec, labels: { ...spec.labels, ...labels } };
}

function numeric(target: number | string | undefined): number | undefined {
  if (typeof target === 'number') return target;
  return target !== undefined && /^\d+$/.test(target) ? Number(target) : undefined;
}

/** The port of a pod that a Service's target names. */
export function targetPort(workload: Workload, target: number | string | undefined): number | undefined {
  const number = numeric(target);
  if (number !== undefined || target === undefined) return number;
  for (const { portNames } of workload.containers) {
    const named = portNames.get(String(target));
    if (named !== undefined) return named;
  }
  return undefined;
}

import type { Labels } from '../../facts/labels';
import type { ContainerSpec, PodSpec, WorkloadSpec } from './kube-types';
import type { Resource } from './resource';

/** A file of a Secret in a container. */
export interface SecretMount {
  readonly path: string;
  /** Undefined where it is another kind of volume. */
  readonly secret?: string;
}

/** A container of an application. */
export interface Container {
  readonly name: string;
  /** Last part of its image's name, without tag. */
  readonly image: string;
  readonly env: Labels;
  readonly ports: readonly number[];
  readonly portNames: ReadonlyMap<string, number>;
  readonly mounts: readonly SecretMount[];
}

/** Pods of one template, as one: they differ in nothing that a trace sees. */
export interface Workload {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** `cluster/namespace/name`. */
  readonly id: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly serviceAccount: string;
  /** Stands for the address of any of its pods. */
  readonly ip: string;
  /** Addresses of further pods, where they are known. */
  readonly moreIps: readonly string[];
  /** Undefined where no proxy is injected. */
  readonly proxy?: 'sidecar' | 'gateway';
  readonly containers: readonly Container[];
  /** Mounts of the proxy's own container. */
  readonly proxyMounts: readonly SecretMount[];
  readonly replicas: number;
  readonly locality: string;
  readonly dnsCapture: boolean;
  /** DNS domain of its cluster. */
  readonly dnsDomain: string;
  /** `proxyMetadata` of mesh and pod. */
  readonly proxyMetadata: Labels;
  /** How many proxies before it a gateway trusts to tell of clients. @default 0 */
  readonly trustedProxies?: number;
}

/** Kinds that make pods. */
export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Pod'] as const;

/** Pod template, replicas, and containers of an object that makes pods. */
export function templateOf(from: Resource): { labels: Labels; annotations: Labels; pod: PodSpec; replicas: number } {
  if (from.kind === 'Pod') {
    return { labels: from.labels, annotations: from.annotations, pod: from.spec as PodSpec, replicas: 1 };
  }
  const { template, replicas = 1 } = from.spec as WorkloadSpec;
  const { labels = {}, annotations = {} } = template?.metadata ?? {};
  return { labels, annotations, pod: template?.spec ?? {}, replicas };
}

/** The containers that are not Istio's proxy. */
export function applicationContainers(pod: PodSpec): Container[] {
  return (pod.containers ?? []).filter(({ name }) => name !== 'istio-proxy').map((spec) => container(spec, pod));
}

function container(spec: ContainerSpec, pod: PodSpec): Container {
  const ports = (spec.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP');
  const [image] = (spec.image?.split('/').pop() ?? '').split(/[:@]/);
  return {
    name: spec.name,
    image,
    env: Object.fromEntries((spec.env ?? []).map(({ name, value = '' }) => [name, value])),
    ports: ports.map(({ containerPort }) => containerPort),
    portNames: new Map(ports.flatMap(({ name, containerPort }) => (name ? [[name, containerPort]] : []))),
    mounts: mountsOf(spec, pod),
  };
}

/** Which Secrets a container sees, and where. */
export function mountsOf(spec: ContainerSpec | undefined, pod: PodSpec): SecretMount[] {
  return (spec?.volumeMounts ?? []).map(({ name, mountPath }) => {
    const secret = pod.volumes?.find((volume) => volume.name === name)?.secret?.secretName;
    return { path: (mountPath ?? '').replace(/\/$/, ''), ...(secret === undefined ? {} : { secret }) };
  });
}

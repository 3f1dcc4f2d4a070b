import type { Labels } from '../../facts/labels';
import { yaml } from '../../facts/packages';
import type { PodSpec, VolumeSpec } from './kube-types';
import type { MeshConfig, ProxyConfig } from './mesh-config-types';
import { mountsOf, type SecretMount } from './workloads';

/** Namespaces that the injector never touches (`pkg/kube/inject: IgnoredNamespaces`). */
const IGNORED = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];

/** What the injector looks at. */
export interface Injected {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly pod: PodSpec;
  readonly revision: string;
}

/**
 * Which proxy a pod gets: by the selectors of the webhooks (labels of namespace and pod, revision), then by the
 * injector's own conditions (`pkg/kube/inject: injectRequired`). A pod that brings a router of its own needs no injection.
 */
export function proxyOf(pod: Injected): 'sidecar' | 'gateway' | undefined {
  if (hasRouter(pod.pod)) return 'gateway';
  if (!isInjected(pod)) return undefined;
  return asksForGateway(pod.annotations) ? 'gateway' : 'sidecar';
}

/** Whether pods are meant as a gateway: by injection, or with a router of their own. */
export const isGatewayPod = ({ annotations, pod }: Pick<Injected, 'annotations' | 'pod'>): boolean =>
  asksForGateway(annotations) || hasRouter(pod);

/** Whether pods ask the injector for a gateway. */
export function asksForGateway({ 'inject.istio.io/templates': templates = '' }: Labels): boolean {
  return templates.split(',').some((name) => name.trim() === 'gateway');
}

const hasRouter = ({ containers = [] }: PodSpec): boolean =>
  containers.some(({ name, args }) => name === 'istio-proxy' && args?.includes('router'));

function isInjected({ namespace, namespaceLabels, labels, annotations, pod, revision }: Injected): boolean {
  if (pod.hostNetwork === true || IGNORED.includes(namespace)) return false;
  const wish = labels['sidecar.istio.io/inject'] ?? annotations['sidecar.istio.io/inject'];
  if (wish === 'false' || namespaceLabels['istio-injection'] === 'disabled') return false;
  if (namespaceLabels['istio-injection'] === 'enabled') return revision === 'default';
  if (namespaceLabels['istio.io/rev'] !== undefined) return namespaceLabels['istio.io/rev'] === revision;
  if (labels['istio.io/rev'] !== undefined) return labels['istio.io/rev'] === revision;
  return wish === 'true' && revision === 'default';
}

/** How many proxies before a gateway it trusts to tell of clients: as the mesh says, or the pod. */
export function trustedProxies(mesh: MeshConfig, annotations: Labels): number {
  const own = ownConfig(annotations)?.gatewayTopology?.numTrustedProxies;
  return own ?? mesh.defaultConfig?.gatewayTopology?.numTrustedProxies ?? 0;
}

/** What a pod says of its proxy itself. */
function ownConfig(annotations: Labels): ProxyConfig | null | undefined {
  const text = annotations['proxy.istio.io/config'];
  return text === undefined ? undefined : (read(text) as ProxyConfig | null);
}

/** `proxyMetadata` of a pod: that of the mesh, overridden by the annotation `proxy.istio.io/config`. */
export function proxyMetadata(mesh: MeshConfig, annotations: Labels): Labels {
  const own = ownConfig(annotations);
  return { ...mesh.defaultConfig?.proxyMetadata, ...own?.proxyMetadata };
}

/** Secrets that the proxy's container sees: by its own mounts, and by the annotations `sidecar.istio.io/userVolume…`. */
export function proxyMounts(pod: PodSpec, annotations: Labels): SecretMount[] {
  const own = mountsOf(
    pod.containers?.find(({ name }) => name === 'istio-proxy'),
    pod,
  );
  const volumes = annotated<VolumeSpec>(annotations['sidecar.istio.io/userVolume']);
  const volumeMounts = annotated<{ name: string; mountPath: string }>(annotations['sidecar.istio.io/userVolumeMount']);
  const all = { volumes: [...volumes, ...(pod.volumes ?? [])] };
  return [...own, ...mountsOf({ name: 'istio-proxy', volumeMounts }, all)];
}

/** A list, or an object by name; the injector refuses a pod whose annotation is neither. */
function annotated<T>(text: string | undefined): (T & { name: string })[] {
  if (text === undefined) return [];
  const value = read(text) as readonly (T & { name: string })[] | Readonly<Record<string, T>> | null;
  const entries = Array.isArray(value) ? value : Object.entries(value ?? {}).map(([name, rest]) => ({ name, ...rest }));
  return entries.filter((one) => typeof one === 'object' && one !== null);
}

/** YAML in an annotation; the injector refuses the pod where it is none. */
function read(text: string): unknown {
  try {
    return yaml().parse(text);
  } catch {
    return null;
  }
}

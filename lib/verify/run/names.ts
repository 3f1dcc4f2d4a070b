import { selects } from '../../facts/labels';
import type { ControlPlane } from '../control-plane';
import { isIp } from '../world/addresses';
import type { ServiceSpec } from '../world/kube-types';
import type { Mesh } from '../world/mesh';
import type { Resource } from '../world/resource';
import type { Workload } from '../world/workloads';
import type { World } from '../world/world';

/** Search list and `ndots` of a pod's resolver. */
const NDOTS = 5;
const searchList = ({ namespace, dnsDomain }: Workload): string[] => [
  `${namespace}.svc.${dnsDomain}`,
  `svc.${dnsDomain}`,
  dnsDomain,
];

/** Names that the resolver of a pod tries, in its order. */
export function candidates(name: string, workload: Workload): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = searchList(workload).map((domain) => `${name}.${domain}`);
  return name.split('.').length > NDOTS ? [name, ...searched] : [...searched, name];
}

/** Addresses that a cluster's DNS server has for a full name; undefined where it knows none. */
export function lookUp(world: World, plane: ControlPlane, name: string, depth = 0): string[] | undefined {
  if (isIp(name)) return [name];
  if (depth > 8) return undefined;
  const { mesh } = plane;
  const stated = world.facts.dns?.[mesh.cluster]?.[name] ?? world.facts.names?.[name];
  if (stated !== undefined) return lookUp(world, plane, stated, depth + 1);
  const suffix = `.svc.${mesh.dnsDomain}`;
  if (!name.endsWith(suffix)) return undefined;
  const [, service, namespace] = /^([^.]+)\.([^.]+)$/.exec(name.slice(0, -suffix.length)) ?? [];
  for (const holder of [mesh, ...world.beside(mesh)]) {
    const found = holder.find<ServiceSpec>('Service', namespace, service);
    if (!found) continue;
    const { type, externalName } = found.spec;
    if (type === 'ExternalName') return externalName ? lookUp(world, plane, externalName, depth + 1) : undefined;
    const address = holder.serviceAddress(found);
    if (address !== undefined) return [address];
    if (holder !== mesh) return podsBehind(holder, found);
    const headless = plane.registry.byHost.get(name)?.get(found.namespace);
    return headless && plane.registry.podAddresses(headless);
  }
  return undefined;
}

/** Pods of a headless Service of another mesh in the cluster. */
function podsBehind(mesh: Mesh, { namespace, spec: { selector } }: Resource<ServiceSpec>): string[] | undefined {
  const pods = selector ? mesh.workloadsIn(namespace).filter(({ labels }) => selects(selector, labels)) : [];
  return pods.length > 0 ? pods.flatMap(({ ip, moreIps }) => [ip, ...moreIps]) : undefined;
}

/** Addresses of a name as an application sees them: the proxy's DNS server answers first, where DNS is captured. */
export function resolve(world: World, plane: ControlPlane, workload: Workload, name: string): string[] | undefined {
  if (isIp(name)) return [name];
  const proxy = workload.proxy === 'sidecar' ? plane.proxy(workload) : undefined;
  for (const candidate of candidates(name, workload)) {
    // the agent strips search domains from names that it knows (pkg/dns/client: buildDNSAnswers)
    const captured = proxy?.capturedName(candidate) ?? (candidate === name ? undefined : proxy?.capturedName(name));
    if (captured !== undefined) return [captured];
    const known = lookUp(world, plane, candidate);
    if (known) return known;
  }
  return undefined;
}

import type { Mesh } from '../world/mesh';
import { type Ref, refTo } from '../world/resource';
import { WORKLOAD_KINDS, type Workload } from '../world/workloads';

/** Label of namespaces and pods whose calls go through the ztunnel of their node. */
const MODE = 'istio.io/dataplane-mode';

const FIELD = `metadata.labels[${MODE}]`;

/** What says that a pod without a proxy is in an ambient mesh, which nothing here models; undefined where nothing does. */
export function ambientRef(mesh: Mesh, { proxy, namespace, name, labels }: Workload): Ref | undefined {
  if (proxy !== undefined) return undefined;
  const mode = labels[MODE];
  if (mode === 'ambient') {
    const own = WORKLOAD_KINDS.map((kind) => mesh.find(kind, namespace, name)).find((one) => one !== undefined);
    return own && refTo(own, own.kind === 'Pod' ? FIELD : `spec.template.${FIELD}`, 'ambient');
  }
  const around = mode === undefined ? mesh.find('Namespace', '', namespace) : undefined;
  return around?.labels[MODE] === 'ambient' ? refTo(around, FIELD, 'ambient') : undefined;
}

import type { Labels } from '../../facts/labels';
import { push } from '../../facts/memo';
import type { ControlPlane } from '../control-plane';
import type { Engine } from '../run/engine';
import type { DestinationRuleSpec, SidecarSpec, VirtualServiceSpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import type { Resource } from '../world/resource';
import type { Workload } from '../world/workloads';

/** Workloads of a cluster that see the same, and differ in nothing but who they are: they are explored as one. */
export interface CallerGroup {
  readonly cluster: string;
  /** What tells groups of the cluster apart. */
  readonly key: string;
  readonly workloads: readonly Workload[];
}

/** Groups of all workloads that make calls: gateways pass on what others call. */
export function callerGroups(engine: Engine): CallerGroup[] {
  return engine.world.clusters.flatMap((mesh) => {
    const plane = engine.plane(mesh);
    const facts = selectorsOf(mesh);
    const groups = new Map<string, Workload[]>();
    for (const workload of mesh.workloads) {
      if (workload.proxy !== 'gateway') push(groups, viewKey(plane, workload, facts), workload);
    }
    return [...groups].map(([key, workloads]) => ({ cluster: mesh.cluster, key, workloads }));
  });
}

/** What objects of a mesh look at in those who call. */
interface Selectors {
  /** Labels that any selector for clients asks for. */
  readonly labels: readonly string[];
  /** Namespaces that have client-side objects of their own. */
  readonly namespaces: ReadonlySet<string>;
  /** Whether every namespace may see something else. */
  readonly tellsNamespaces: boolean;
  /** Whether clients use Secrets, of their namespace and by their account. */
  readonly usesSecrets: boolean;
}

function selectorsOf(mesh: Mesh): Selectors {
  const rules = mesh.kind<DestinationRuleSpec>('DestinationRule');
  const services = mesh.kind<VirtualServiceSpec>('VirtualService');
  const matches = services.flatMap(({ spec: { http = [], tcp = [], tls = [] } }) =>
    [...http, ...tcp, ...tls].flatMap(({ match = [] }) => [...match]),
  );
  const selected = [
    ...mesh.kind<SidecarSpec>('Sidecar').map(({ spec }) => spec.workloadSelector?.labels),
    ...rules.map(({ spec }) => spec.workloadSelector?.matchLabels),
    ...mesh
      .kind<{ workloadSelector?: { labels?: Labels } }>('EnvoyFilter')
      .map(({ spec }) => spec.workloadSelector?.labels),
    ...matches.map(({ sourceLabels }) => sourceLabels),
  ];
  const isPrivate = ({ spec }: Resource<DestinationRuleSpec>) =>
    Boolean(spec.exportTo?.length) && !spec.exportTo?.includes('*');
  return {
    labels: [...new Set(selected.flatMap((labels) => Object.keys(labels ?? {})))].sort(),
    namespaces: new Set(rules.map(({ namespace }) => namespace)),
    tellsNamespaces: rules.some(isPrivate) || matches.some(({ sourceNamespace }) => sourceNamespace),
    usesSecrets: rules.some(({ spec }) => JSON.stringify(spec).includes('"credentialName"')),
  };
}

/** Everything of a workload, but its identity, that its calls may depend on. */
function viewKey(plane: ControlPlane, workload: Workload, facts: Selectors): string {
  const { namespace, labels, serviceAccount, annotations, dnsCapture, proxyMetadata, proxyMounts, locality } = workload;
  if (workload.proxy !== 'sidecar') return 'without proxy';
  const { lists } = plane.scopeOf(workload);
  const isOwn = facts.tellsNamespaces || facts.usesSecrets || facts.namespaces.has(namespace);
  return JSON.stringify([
    isOwn ? namespace : '',
    facts.usesSecrets ? serviceAccount : '',
    lists,
    facts.labels.map((label) => labels[label] ?? null),
    [...plane.envoyFilters.of(namespace, labels)].map(({ ref }) => `${ref.object} ${ref.field}`),
    annotations['traffic.sidecar.istio.io/excludeOutboundPorts'] ?? '',
    [dnsCapture, locality, proxyMetadata, proxyMounts],
  ]);
}

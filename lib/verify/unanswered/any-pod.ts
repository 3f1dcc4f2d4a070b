import { type Labels, selects } from '../../facts/labels';
import type { DestinationRuleSpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import { standInPod } from '../world/stand-ins';
import { World } from '../world/world';

/** What pods are called that stand for those that no manifest holds. */
export const ANY_POD = 'any-pod-of-nobody';

/**
 * The world with pods that call: one in each namespace that states a host and has none of its own, and one of those that a
 * DestinationRule selects, where no manifest holds them.
 */
export function withCallers(world: World, hosts: ReadonlyMap<string, ReadonlySet<string>>): World {
  const pods = [...world.meshes.values()].flatMap((mesh) =>
    hosts.get(mesh.cluster)?.size === 0
      ? []
      : missingCallers(mesh).map((one, index) => standInPod(mesh.cluster, { ...one, name: `${ANY_POD}-${index}` })),
  );
  return pods.length === 0 ? world : new World(world.facts, [...world.resources, ...pods], world.order);
}

interface MissingCaller {
  readonly namespace: string;
  readonly labels: Labels;
  readonly serviceAccount: string;
}

function missingCallers(mesh: Mesh): MissingCaller[] {
  const gateways = new Set(mesh.kind('Gateway').map(({ namespace }) => namespace));
  const isOfCallers = (namespace: string) => !gateways.has(namespace) && namespace !== mesh.rootNamespace;
  const stating = [...mesh.kind('ServiceEntry'), ...mesh.kind('VirtualService')].map(({ namespace }) => namespace);
  const empty = [...new Set(stating)].filter((namespace) => mesh.workloadsIn(namespace).length === 0).sort();
  const selected = mesh.kind<DestinationRuleSpec>('DestinationRule').flatMap(({ namespace, spec }) => {
    const labels = spec.workloadSelector?.matchLabels;
    return labels && !mesh.workloadsIn(namespace).some((one) => selects(labels, one.labels))
      ? [{ namespace, labels }]
      : [];
  });
  const byLabels = new Map(selected.map((one) => [JSON.stringify(one), one]));
  const withRights = [...byLabels.values()].flatMap((one) =>
    accountsIn(mesh, one.namespace).map((serviceAccount) => ({ ...one, serviceAccount })),
  );
  // those that rules are about call first: how their call ends is what is told
  return [...withRights, ...empty.map((namespace) => ({ namespace, labels: {}, serviceAccount: 'default' }))].filter(
    ({ namespace }) => isOfCallers(namespace),
  );
}

/** Accounts of a namespace that are given rights, of which reading Secrets may be one; else the account of pods that state none. */
function accountsIn(mesh: Mesh, namespace: string): string[] {
  const subjects = mesh
    .kind('RoleBinding')
    .filter((one) => one.namespace === namespace)
    .flatMap(({ manifest }) => (manifest as Binding).subjects ?? [])
    .filter(({ kind, namespace: of = namespace }) => kind === 'ServiceAccount' && of === namespace)
    .flatMap(({ name }) => name ?? []);
  return subjects.length > 0 ? [...new Set(subjects)].sort() : ['default'];
}

interface Binding {
  readonly subjects?: readonly { readonly kind?: string; readonly name?: string; readonly namespace?: string }[];
}

import { inCidr, isSymbolic } from '../world/addresses';
import type { ServicePortSpec } from '../world/kube-types';
import { fulfils, type LabelSelector } from '../world/label-selector';
import type { Mesh } from '../world/mesh';
import type { Resource } from '../world/resource';
import type { Workload } from '../world/workloads';

interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface PolicyPort {
  readonly protocol?: string;
  readonly port?: ServicePortSpec['targetPort'];
  readonly endPort?: number;
}

interface PolicySpec {
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly PolicyPort[] }[];
  readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly PolicyPort[] }[];
}

type Policy = Resource<PolicySpec>;

/** A connection between two pods, after the addresses of Services have been translated. */
export interface PodConnection {
  readonly from: Workload;
  readonly to: Workload;
  /** Of the pod that is dialled. */
  readonly port: number;
}

/** What the NetworkPolicies of a cluster make of a connection. */
export type NetworkVerdict =
  | { readonly kind: 'open' }
  /** No rule of them takes it. */
  | { readonly kind: 'refused'; readonly by: readonly Policy[]; readonly direction: 'ingress' | 'egress' }
  /** It depends on an address that nothing says. */
  | { readonly kind: 'unknown'; readonly by: Policy };

/** NetworkPolicies of a namespace that apply to one of its pods in a direction. */
export function policiesOf(mesh: Mesh, { namespace, labels }: Workload, direction: 'ingress' | 'egress'): Policy[] {
  return mesh.kind<PolicySpec>('NetworkPolicy').filter((policy) => {
    const { podSelector = {}, policyTypes, egress } = policy.spec;
    const types = policyTypes ?? ['Ingress', ...(egress ? ['Egress'] : [])];
    const isOfIt = policy.namespace === namespace && fulfils(podSelector, labels);
    return isOfIt && types.some((type) => type.toLowerCase() === direction);
  });
}

/**
 * Whether the policies of one end of a connection let it pass: policies add up, and the first one closes the rest.
 *
 * @param mesh of that end.
 * @param beside other meshes of its cluster.
 */
export function networkVerdict(
  mesh: Mesh,
  connection: PodConnection,
  direction: 'ingress' | 'egress',
  beside: readonly Mesh[] = [],
): NetworkVerdict {
  const policies = policiesOf(mesh, direction === 'ingress' ? connection.to : connection.from, direction);
  if (policies.length === 0) return { kind: 'open' };
  const other = direction === 'ingress' ? connection.from : connection.to;
  let unknown: Policy | undefined;
  for (const policy of policies) {
    for (const { peers, ports } of rulesOf(policy.spec, direction)) {
      if (ports?.length && !ports.some((port) => takesPort(port, connection))) continue;
      const answers = peers?.length ? peers.map((peer) => takesPeer([mesh, ...beside], policy, peer, other)) : [true];
      if (answers.includes(true)) return { kind: 'open' };
      if (answers.includes(undefined)) unknown = policy;
    }
  }
  return unknown ? { kind: 'unknown', by: unknown } : { kind: 'refused', by: policies, direction };
}

function rulesOf({ ingress = [], egress = [] }: PolicySpec, direction: 'ingress' | 'egress') {
  return direction === 'ingress'
    ? ingress.map(({ from, ports }) => ({ peers: from, ports }))
    : egress.map(({ to, ports }) => ({ peers: to, ports }));
}

function takesPort({ protocol = 'TCP', port, endPort }: PolicyPort, { to, port: dialled }: PodConnection): boolean {
  if (protocol !== 'TCP') return false;
  if (port === undefined) return true;
  if (typeof port === 'number') return dialled >= port && dialled <= (endPort ?? port);
  return to.containers.some(({ portNames }) => portNames.get(port) === dialled);
}

/** Undefined where it depends on an address that nothing says. */
function takesPeer(here: readonly Mesh[], policy: Policy, peer: Peer, other: Workload): boolean | undefined {
  const { podSelector = {}, namespaceSelector, ipBlock } = peer;
  if (ipBlock) {
    if (isSymbolic(other.ip) && !ipBlock.cidr.endsWith('/0')) return undefined;
    return inCidr(other.ip, ipBlock.cidr) && !ipBlock.except?.some((block) => inCidr(other.ip, block));
  }
  // pods of other clusters are addresses
  const mesh = here.find(({ cluster }) => cluster === other.cluster);
  if (mesh === undefined) return false;
  const { namespace, labels } = other;
  const namespaceLabels = {
    ...mesh.find('Namespace', '', namespace)?.labels,
    'kubernetes.io/metadata.name': namespace,
  };
  const isInNamespace = namespaceSelector
    ? fulfils(namespaceSelector, namespaceLabels)
    : namespace === policy.namespace;
  return isInNamespace && fulfils(podSelector, labels);
}

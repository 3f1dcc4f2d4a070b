import { attached } from '../fleet/attached';
import type { Mesh } from '../mesh/mesh';

/** What a policy is about: the whole mesh, a namespace, or workloads by their labels. */
export interface PolicyScope {
  /** Absent for the whole mesh. */
  readonly namespace?: string;
  /** Absent for all workloads. */
  readonly workload?: Record<string, string>;
  /** Construct path of the policy. */
  readonly where: string;
}

/** Who states the mTLS mode of what in one mesh: Istio takes the oldest PeerAuthentication and ignores the others. */
export class PolicyScopes {
  public static of(mesh: Mesh): PolicyScopes {
    return attached(mesh, 'PolicyScopes', () => new PolicyScopes());
  }

  private readonly wholes = new Map<string | undefined, PolicyScope>();
  /** Scopes with labels, under each of their labels: whose labels are those of another one and more, is found there. */
  private readonly byLabel = new Map<string, PolicyScope[]>();
  /** The same, each under the label that the fewest have: whose labels are some of those of another one, is found there. */
  private readonly byRarest = new Map<string, PolicyScope[]>();

  /** Claims workloads, unless somebody has: a claimant, where it is somebody else. */
  public claim(scope: PolicyScope): PolicyScope | undefined {
    const { namespace, workload } = scope;
    const known = workload === undefined ? this.wholes.get(namespace) : this.overlapping(scope, workload);
    if (known !== undefined) return known;
    if (workload === undefined) this.wholes.set(namespace, scope);
    else this.add(scope, workload);
    return undefined;
  }

  private overlapping(scope: PolicyScope, workload: Record<string, string>): PolicyScope | undefined {
    const labels = labelsOf(scope, workload);
    const candidates = [...labels.flatMap((label) => this.byRarest.get(label) ?? []), ...this.fewest(labels)];
    return candidates.find(({ workload: other = {} }) => isSubset(other, workload) || isSubset(workload, other));
  }

  private add(scope: PolicyScope, workload: Record<string, string>): void {
    const labels = labelsOf(scope, workload);
    const rarest = labels.reduce((a, b) => (this.count(b) < this.count(a) ? b : a));
    for (const label of labels) append(this.byLabel, label, scope);
    append(this.byRarest, rarest, scope);
  }

  private fewest(labels: readonly string[]): PolicyScope[] {
    const lists = labels.map((label) => this.byLabel.get(label) ?? []);
    return lists.reduce((a, b) => (b.length < a.length ? b : a));
  }

  private count(label: string): number {
    return this.byLabel.get(label)?.length ?? 0;
  }
}

/** Labels with the namespace in which they select. */
function labelsOf({ namespace }: PolicyScope, workload: Record<string, string>): string[] {
  return Object.entries(workload).map(([key, value]) => `${namespace} ${key}=${value}`);
}

function append(lists: Map<string, PolicyScope[]>, key: string, scope: PolicyScope): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [scope]);
  else list.push(scope);
}

function isSubset(few: Record<string, string>, many: Record<string, string>): boolean {
  return Object.entries(few).every(([key, value]) => many[key] === value);
}

/** What a policy is about, for messages. */
export function describeScope({ namespace, workload }: PolicyScope): string {
  if (namespace === undefined) return 'the whole mesh';
  if (workload === undefined) return `namespace '${namespace}'`;
  const labels = Object.entries(workload).map(([key, value]) => `${key}=${value}`);
  return `workloads ${labels.sort().join(', ')} of namespace '${namespace}'`;
}

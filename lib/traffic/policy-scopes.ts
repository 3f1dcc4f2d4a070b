import { selects } from '../facts/labels';
import { push } from '../facts/memo';
import { SelectorIndex } from '../facts/selector-index';
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
  private readonly bySelector = new SelectorIndex<PolicyScope>();
  /** Scopes under each of their labels: those whose labels are the ones of another scope and more. */
  private readonly byLabel = new Map<string, PolicyScope[]>();

  /** Claims workloads, unless somebody has: a claimant, where it is somebody else. */
  public claim(scope: PolicyScope): PolicyScope | undefined {
    const { namespace, workload } = scope;
    if (namespace === undefined || workload === undefined) {
      const known = this.wholes.get(namespace);
      if (known === undefined) this.wholes.set(namespace, scope);
      return known;
    }
    const keys = Object.entries(workload).map(([label, value]) => `${namespace} ${label}=${value}`);
    const [broader] = this.bySelector.selecting(namespace, workload);
    const known = broader ?? this.narrower(keys).find((one) => selects(workload, one.workload ?? {}));
    if (known !== undefined) return known;
    this.bySelector.add(namespace, workload, scope);
    for (const key of keys) push(this.byLabel, key, scope);
    return undefined;
  }

  /** Scopes that may have all of these labels: the fewest that share one of them. */
  private narrower(keys: readonly string[]): readonly PolicyScope[] {
    const lists = keys.map((key) => this.byLabel.get(key) ?? []);
    return lists.reduce((few, list) => (list.length < few.length ? list : few), lists[0] ?? []);
  }
}

/** What a policy is about, for messages. */
export function describeScope({ namespace, workload }: PolicyScope): string {
  if (namespace === undefined) return 'the whole mesh';
  if (workload === undefined) return `namespace '${namespace}'`;
  const labels = Object.entries(workload).map(([key, value]) => `${key}=${value}`);
  return `workloads ${labels.sort().join(', ')} of namespace '${namespace}'`;
}

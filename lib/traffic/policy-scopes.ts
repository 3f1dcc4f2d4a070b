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

  private readonly scopes: PolicyScope[] = [];

  /** Claims workloads, unless somebody has: the first claimant, where it is somebody else. */
  public claim(scope: PolicyScope): PolicyScope | undefined {
    const first = this.scopes.find((known) => overlap(known, scope));
    if (first === undefined) this.scopes.push(scope);
    return first;
  }
}

/** Whether two policies of one kind select the same pod for certain. */
function overlap(a: PolicyScope, b: PolicyScope): boolean {
  if (a.namespace !== b.namespace) return false;
  if (a.workload === undefined || b.workload === undefined) return a.workload === b.workload;
  return isSubset(a.workload, b.workload) || isSubset(b.workload, a.workload);
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

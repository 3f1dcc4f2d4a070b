import { MeshError } from '../facts/error';
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
    return attached(mesh, 'PolicyScopes', () => new PolicyScopes(mesh));
  }

  private readonly scopes: PolicyScope[] = [];

  private constructor(private readonly mesh: Mesh) {}

  /** @throws MESH1305 when somebody else states the mode of the same workloads. */
  public claim(scope: PolicyScope): void {
    if (scope.namespace === undefined) this.refuseSecondMeshWide(scope.where);
    const other = this.scopes.find((known) => overlap(known, scope));
    if (other) {
      throw new MeshError(
        'MESH1305',
        scope.where,
        `policy '${other.where}' is about ${describe(other)}, too, and of two the older would win; state one policy for each`,
      );
    }
    this.scopes.push(scope);
  }

  /** The control plane's own policy is an object of the same name. */
  private refuseSecondMeshWide(where: string): void {
    const { platform, controlPlane } = this.mesh;
    if (platform.has('ServiceMeshControlPlane')) {
      throw new MeshError(
        'MESH1305',
        where,
        `the ServiceMeshControlPlane writes the policy of the whole mesh itself (PeerAuthentication ${controlPlane.namespace}/default); state it there: ControlPlane.smcp('${controlPlane.namespace}', { mtls: true }) is STRICT, mtls: false PERMISSIVE`,
      );
    }
    if (controlPlane.mtls) {
      throw new MeshError(
        'MESH1305',
        where,
        `the control plane states mtls: true, which is a policy STRICT of the whole mesh (PeerAuthentication ${controlPlane.namespace}/default); leave mtls out there, or this policy`,
      );
    }
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

function describe({ namespace, workload }: PolicyScope): string {
  if (namespace === undefined) return 'the whole mesh';
  if (workload === undefined) return `namespace '${namespace}'`;
  const labels = Object.entries(workload).map(([key, value]) => `${key}=${value}`);
  return `workloads ${labels.sort().join(', ')} of namespace '${namespace}'`;
}

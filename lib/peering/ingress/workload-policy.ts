import * as istio from '../../../imports/istio';
import { type AccessFacts, principals } from '../../facts/access';
import { MeshError } from '../../facts/error';
import type { MeshService } from '../../facts/service';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Mesh } from '../../mesh/mesh';

/** Who may call what of one exposed workload. */
export interface WorkloadPolicy {
  readonly mesh: Mesh;
  /** Base name of the exposure's objects. */
  readonly name: string;
  readonly service: MeshService;
  /** Subset that is exposed: the policy is about its pods alone, so that callers of one subset are none of another. */
  readonly subset?: string;
  readonly access: readonly AccessFacts[];
  /** Principals that arrive where an access rule names nobody. */
  readonly arriving: readonly string[];
  /** Principals of the own mesh that go on calling: an ALLOW policy cuts all that none names. */
  readonly alsoFrom?: string[];
  /**
   * Annotations of the policy.
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * The policy at an exposed workload: one per exposure, because ALLOWs add up. Without access rules it allows nobody but
 * `alsoFrom`.
 *
 * It names the pods' port: one on which other exposures of the workload are served stays theirs.
 */
export function writeWorkloadPolicy(chart: MeshChart, policy: WorkloadPolicy): void {
  const { mesh, name, service, subset, access, arriving, annotations } = policy;
  const alsoFrom = principals(policy.alsoFrom, `alsoFrom of ${name}`) ?? [];
  checkOwnCallers(alsoFrom, mesh, name);
  const ports = [String(service.port.targetPort)];
  const fromPeers = access.map(({ from, methods, paths }) => ({
    from: [{ source: { principals: [...(from ?? arriving)].sort() } }],
    to: [{ operation: { ports, ...(methods && { methods }), ...(paths && { paths }) } }],
  }));
  const fromMesh =
    alsoFrom.length > 0
      ? [{ from: [{ source: { principals: [...alsoFrom].sort() } }], to: [{ operation: { ports } }] }]
      : [];
  const rules = [...fromPeers, ...fromMesh];
  new istio.AuthorizationPolicy(chart, `AuthorizationPolicy workload ${name}`, {
    apiVersion: mesh.platform.apiVersion('AuthorizationPolicy'),
    metadata: { name: `${name}.workload`, namespace: service.namespace, ...(annotations && { annotations }) },
    spec: {
      selector: { matchLabels: { ...service.pods, ...(subset && service.subsets[subset]) } },
      action: 'ALLOW',
      ...(rules.length > 0 && { rules }),
    },
  });
}

/**
 * Callers of the own mesh, in the form in which a policy names them.
 *
 * @throws MESH1132 for one that is no identity of the mesh.
 */
function checkOwnCallers(alsoFrom: readonly string[], mesh: Mesh, name: string): void {
  const domains = [mesh.trustDomain, ...mesh.controlPlane.trustDomainAliases];
  const foreign = alsoFrom.find((principal) => {
    const [domain, ...path] = principal.split('/');
    return !domains.includes(domain) || !/^(\*|ns\/[^/]+\/(\*|sa\/[^/]+))$/.test(path.join('/'));
  });
  if (foreign === undefined) return;
  throw new MeshError(
    'MESH1132',
    `alsoFrom of ${name}`,
    `'${foreign}' is no identity of ${mesh.node.path}; expected '${mesh.trustDomain}/ns/<namespace>/sa/<service account>' or '${mesh.trustDomain}/ns/<namespace>/*', as mesh.principal('<namespace>/<service account>') gives them`,
  );
}

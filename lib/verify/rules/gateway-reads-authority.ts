import type { MeshFacts } from '../../facts/fleet';
import { push } from '../../facts/memo';
import { at, type ClusterRule } from '../rule';

interface Role {
  readonly rules?: readonly { readonly resources?: readonly string[]; readonly verbs?: readonly string[] }[];
}

interface Binding {
  readonly roleRef?: { readonly name?: string };
  readonly subjects?: readonly { readonly kind?: string; readonly name?: string; readonly namespace?: string }[];
}

/** Verbs by which the bytes of Secrets come along. */
const READS = ['get', 'list', 'watch', '*'];

/**
 * A gateway that may read the Secrets of the control plane's namespace. The right is per namespace (istiod asks whether
 * the ServiceAccount may list all of them), so it includes the key that signs every identity of the mesh.
 */
export const gatewayReadsAuthority: ClusterRule = {
  code: 'MESH3095',
  severity: 'warning',
  scope: 'cluster',
  title: 'gateway that may read the key of the authority of a mesh',
  why: 'whoever takes over a pod of the gateway reads Secret cacerts or istio-ca-secret, and signs every identity of the mesh',
  fix: 'give the gateway a namespace of its own, which is also where its Secrets are',
  reads: ['Role', 'RoleBinding'],
  check: ({ facts, kinds }) => {
    const meshes = new Map<string, MeshFacts[]>();
    for (const mesh of facts.meshes) push(meshes, mesh.cluster, mesh);
    const roles = new Map(
      [...kinds.sorted('Role', RBAC)].reverse().map(({ cluster, manifest }) => {
        const { namespace, name } = manifest.metadata;
        return [`${cluster}/${namespace}/${name}`, manifest as Role];
      }),
    );
    return kinds.sorted('RoleBinding', RBAC).flatMap(({ cluster, manifest }) => {
      const { namespace } = manifest.metadata;
      const { roleRef, subjects = [] } = manifest as Binding;
      const here = meshes.get(cluster) ?? [];
      if (!here.some(({ controlPlane }) => controlPlane.namespace === namespace)) return [];
      const reader = subjects.find(({ name, namespace: place = namespace }) =>
        here.some(({ gateways }) => gateways.some(({ identity }) => identity.endsWith(`/ns/${place}/sa/${name}`))),
      );
      const reading = (roles.get(`${cluster}/${namespace}/${roleRef?.name}`)?.rules ?? []).findIndex(
        ({ resources = [], verbs = [] }) =>
          (resources.includes('secrets') || resources.includes('*')) && verbs.some((verb) => READS.includes(verb)),
      );
      if (reader === undefined || reading < 0) return [];
      return [
        {
          objects: [at(`Role ${namespace}/${roleRef?.name} @${cluster}`, `rules[${reading}]`)],
          message: `ServiceAccount ${reader.namespace ?? namespace}/${reader.name} of a gateway may read every Secret of ${namespace}, the namespace of a control plane in cluster ${cluster}`,
        },
      ];
    });
  },
};

const RBAC = 'rbac.authorization.k8s.io';

import { isOfKind } from '../objects';
import type { Rule } from '../rule';

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
export const gatewayReadsAuthority: Rule = {
  code: 'MESH3095',
  severity: 'warning',
  title: 'gateway that may read the key of the authority of a mesh',
  why: 'whoever takes over a pod of the gateway reads Secret cacerts or istio-ca-secret, and signs every identity of the mesh',
  fix: 'give the gateway a namespace of its own, which is also where its Secrets are',
  reads: ['Role', 'RoleBinding'],
  check: ({ facts, manifests, included }) =>
    [...manifests, ...included]
      .filter(({ manifest }) => isOfKind(manifest, 'RoleBinding', 'rbac.authorization.k8s.io'))
      .flatMap(({ cluster, manifest }) => {
        const { namespace } = manifest.metadata;
        const { roleRef, subjects = [] } = manifest as Binding;
        const isAuthority = facts.meshes.some(
          (mesh) => mesh.cluster === cluster && mesh.controlPlane.namespace === namespace,
        );
        const reader = subjects.find(({ name, namespace: place = namespace }) =>
          facts.meshes.some(
            (mesh) =>
              mesh.cluster === cluster &&
              mesh.gateways.some(({ identity }) => identity.endsWith(`/ns/${place}/sa/${name}`)),
          ),
        );
        const role = [...manifests, ...included].find(
          (other) =>
            other.cluster === cluster &&
            isOfKind(other.manifest, 'Role', 'rbac.authorization.k8s.io') &&
            other.manifest.metadata.namespace === namespace &&
            other.manifest.metadata.name === roleRef?.name,
        );
        const readsSecrets = ((role?.manifest as Role | undefined)?.rules ?? []).some(
          ({ resources = [], verbs = [] }) =>
            (resources.includes('secrets') || resources.includes('*')) && verbs.some((verb) => READS.includes(verb)),
        );
        if (!isAuthority || reader === undefined || !readsSecrets) return [];
        return [
          {
            objects: [`Role ${namespace}/${roleRef?.name} @${cluster}`],
            message: `ServiceAccount ${reader.namespace ?? namespace}/${reader.name} of a gateway may read every Secret of ${namespace}, the namespace of a control plane in cluster ${cluster}`,
          },
        ];
      }),
};

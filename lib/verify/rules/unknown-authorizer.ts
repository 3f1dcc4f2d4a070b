import { push } from '../../facts/memo';
import { MESH_CONFIG_KINDS, meshConfigs } from '../objects/mesh-configs';
import { type Found, objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { at, type ClusterRule } from '../rule';
import { authorizers } from '../view/authorizers';
import type { AuthorizationPolicySpec } from '../world/istio-types';

/**
 * A CUSTOM policy that asks somebody whom no MeshConfig names (`security/authz/builder: getExtAuthz`): istiod makes it a policy
 * that denies. One finding for each name: where the MeshConfig is of somebody else, nobody can say more.
 */
export const unknownAuthorizer: ClusterRule = {
  code: 'MESH3117',
  severity: 'warning',
  scope: 'cluster',
  title: 'policy that asks an authorizer whom no MeshConfig names',
  why: 'istiod turns a CUSTOM policy without its provider into one that denies: calls that its rules are about get 403, RBAC: access denied',
  fix: 'name it in meshConfig.extensionProviders, with envoyExtAuthzHttp or envoyExtAuthzGrpc, or correct the name; accept the finding where a control plane has it that no manifest holds',
  reads: ['AuthorizationPolicy', ...Object.keys(MESH_CONFIG_KINDS)],
  check: (input) => {
    const planes = planesOf(input);
    const configs = meshConfigs(input);
    const unknown = new Map<string, Found<AuthorizationPolicySpec>[]>();
    for (const policy of objectsOf<AuthorizationPolicySpec>(input, 'AuthorizationPolicy', 'security.istio.io')) {
      const { action, provider, rules = [] } = policy.spec;
      // without rules it is about no call
      if (action !== 'CUSTOM' || rules.length === 0) continue;
      const name = provider?.name ?? '';
      const here = configs.get(policy.cluster) ?? [];
      if (here.some((config) => authorizers(config).includes(name))) continue;
      push(unknown, `${planes.of(policy)} ${name}`, policy);
    }
    return [...unknown.values()].map((policies) => {
      const [{ ref, cluster, spec }, ...more] = policies;
      const named = (configs.get(cluster) ?? []).flatMap(authorizers).sort().join(', ');
      const known = configs.has(cluster)
        ? `the MeshConfig of ${cluster} names ${named || 'nobody'}`
        : `no manifest of ${cluster} holds a MeshConfig that names it`;
      return {
        objects: policies.map((one) => at(one.ref, 'spec.provider.name')),
        message: `${ref} asks '${spec.provider?.name ?? ''}'${more.length > 0 ? `, as ${more.length} more do` : ''}; ${known}`,
      };
    });
  },
};

import { push } from '../memo';
import { type Found, objectsOf } from '../objects';
import { Planes } from '../planes';
import { at, type ClusterRule, type Problem } from '../rule';
import { passesTlsThrough } from '../view/gateway-merge';
import type { AuthorizationPolicySpec, GatewaySpec, PolicyRule } from '../world/istio-types';
import { selects } from '../world/resource';

/** A policy about callers at a gateway that opens no TLS, and so sees none. */
export const policyOfPassedTls: ClusterRule = {
  code: 'MESH3085',
  severity: 'warning',
  scope: 'cluster',
  title: 'policy about callers at a gateway that passes TLS on',
  why: 'who calls is inside of the TLS that the gateway does not open: a policy that names callers never matches; an ALLOW lets nobody in, a DENY keeps nobody out',
  fix: 'put the policy at the workloads, which open the TLS, or let it ask for connection.sni and addresses only',
  reads: ['AuthorizationPolicy', 'Gateway'],
  check: (input) => {
    const planes = new Planes(input.facts);
    const byCluster = new Map<string, Found<GatewaySpec>[]>();
    for (const one of objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io'))
      push(byCluster, one.cluster, one);
    return objectsOf<AuthorizationPolicySpec>(input, 'AuthorizationPolicy', 'security.istio.io').flatMap(
      (policy): Problem[] => {
        const field = callerField(policy.spec.rules ?? []);
        const labels = policy.spec.selector?.matchLabels;
        if (field === undefined || labels === undefined) return [];
        const here = (byCluster.get(policy.cluster) ?? []).filter(
          ({ namespace, spec }) =>
            (namespace === policy.namespace || policy.namespace === planes.rootOf(policy)) &&
            selects(labels, spec.selector ?? {}),
        );
        const isBlind = here.length > 0 && here.every(({ spec }) => (spec.servers ?? []).every(passesTlsThrough));
        if (!isBlind) return [];
        return [
          {
            objects: [at(policy.ref, field), ...here.map(({ ref }) => at(ref, 'spec.servers'))],
            message: `${policy.ref} names callers, whom ${here.map(({ ref }) => ref).join(', ')} does not see: all its servers pass TLS on`,
          },
        ];
      },
    );
  },
};

const ABOUT_CALLERS = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces', 'requestPrincipals'] as const;

/** Path of the first field that asks who calls, where every rule does. */
function callerField(rules: readonly PolicyRule[]): string | undefined {
  const fields = rules.map(({ from = [] }, rule) =>
    from.flatMap(({ source = {} }, index) =>
      ABOUT_CALLERS.filter((name) => name in source).map((name) => `spec.rules[${rule}].from[${index}].source.${name}`),
    ),
  );
  return fields.length > 0 && fields.every((some) => some.length > 0) ? fields[0][0] : undefined;
}

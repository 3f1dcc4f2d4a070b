import { type Labels, selects } from '../../facts/labels';
import { type Found, objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { at, type ClusterRule, type Problem } from '../rule';
import { passesTlsThrough } from '../view/gateway-merge';
import type { AuthorizationPolicySpec, GatewaySpec, PolicyRule } from '../world/istio-types';

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
    const planes = planesOf(input);
    const byCluster = alike(objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io'));
    return objectsOf<AuthorizationPolicySpec>(input, 'AuthorizationPolicy', 'security.istio.io').flatMap(
      (policy): Problem[] => {
        const field = callerField(policy.spec.rules ?? []);
        const labels = policy.spec.selector?.matchLabels;
        if (field === undefined || labels === undefined) return [];
        const about = (byCluster.get(policy.cluster) ?? []).filter(
          ({ namespace, selector }) =>
            (namespace === policy.namespace || policy.namespace === planes.rootOf(policy)) && selects(labels, selector),
        );
        if (about.length === 0 || about.some(({ opensTls }) => opensTls)) return [];
        const here = about.flatMap(({ gateways }) => gateways).sort((a, b) => a.place - b.place);
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

/** Gateways that the same policies are about. */
interface Alike {
  readonly namespace: string;
  readonly selector: Labels;
  readonly gateways: (Found<GatewaySpec> & { readonly place: number })[];
  /** Whether a server of them opens TLS. */
  opensTls: boolean;
}

/** Gateways by cluster. */
function alike(gateways: readonly Found<GatewaySpec>[]): Map<string, Alike[]> {
  const found = new Map<string, Map<string, Alike>>();
  for (const [place, gateway] of gateways.entries()) {
    const { cluster, namespace, spec } = gateway;
    const { selector = {}, servers = [] } = spec;
    const groups = found.get(cluster) ?? new Map<string, Alike>();
    found.set(cluster, groups);
    const key = JSON.stringify([namespace, selector]);
    const group = groups.get(key) ?? { namespace, selector, gateways: [], opensTls: false };
    groups.set(key, group);
    group.gateways.push({ ...gateway, place });
    group.opensTls ||= !servers.every(passesTlsThrough);
  }
  return new Map([...found].map(([cluster, groups]) => [cluster, [...groups.values()]]));
}

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

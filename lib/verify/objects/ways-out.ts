import { push } from '../../facts/memo';
import { HostIndex } from '../registry/host-index';
import { fullName } from '../registry/hosts';
import type { ServiceEntrySpec, VirtualServiceSpec } from '../world/istio-types';
import { type Viewers, viewersOf } from './exports';
import { type Found, objectsOf, type RuleInput } from './objects';
import type { Planes } from './planes';

/** Namespaces whose pods reach other pods alone, by `<cluster>/<namespace>`, with a policy that says so. */
export function closedNamespaces(input: RuleInput): Map<string, Found<NetworkPolicySpec>> {
  const policies = new Map<string, Found<NetworkPolicySpec>[]>();
  for (const policy of objectsOf<NetworkPolicySpec>(input, 'NetworkPolicy', 'networking.k8s.io')) {
    if (policy.spec.policyTypes?.includes('Egress')) push(policies, `${policy.cluster}/${policy.namespace}`, policy);
  }
  const closed = new Map<string, Found<NetworkPolicySpec>>();
  for (const [place, here] of policies) {
    const closing = here.find(({ spec }) => Object.keys(spec.podSelector ?? {}).length === 0);
    // policies add up: one that names addresses opens a way
    if (closing && !here.some(({ spec }) => (spec.egress ?? []).some(leadsOutside))) closed.set(place, closing);
  }
  return closed;
}

const leadsOutside = ({ to = [] }: EgressRule): boolean => to.length === 0 || to.some(({ ipBlock }) => ipBlock);

/** Who sees a VirtualService of the mesh for a host, by control plane. */
export function redirections(input: RuleInput, planes: Planes): Map<string, HostIndex<Viewers>> {
  const found = new Map<string, HostIndex<Viewers>>();
  for (const route of objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io')) {
    const { hosts = [], gateways = ['mesh'], exportTo } = route.spec;
    if (!gateways.includes('mesh')) continue;
    const index = found.get(planes.of(route)) ?? new HostIndex<Viewers>();
    found.set(planes.of(route), index);
    for (const host of hosts) {
      index.add(fullName(host, route.namespace, planes.domainOf(route.cluster)), viewersOf(exportTo, route.namespace));
    }
  }
  return found;
}

/** Whether all its endpoints are names of Services of the cluster itself. */
export function staysInside({ endpoints = [] }: ServiceEntrySpec, domain: string): boolean {
  return endpoints.length > 0 && endpoints.every(({ address = '' }) => address.endsWith(`.svc.${domain}`));
}

interface EgressRule {
  readonly to?: readonly { readonly ipBlock?: object }[];
}

/** A NetworkPolicy, as far as ways out are concerned. */
export interface NetworkPolicySpec {
  readonly podSelector?: object;
  readonly policyTypes?: readonly string[];
  readonly egress?: readonly EgressRule[];
}

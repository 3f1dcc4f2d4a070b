import { isSeenIn, type Viewers, viewersOf } from '../exports';
import { push } from '../memo';
import { type Found, objectsOf, type RuleInput } from '../objects';
import { Planes } from '../planes';
import { HostIndex } from '../registry/host-index';
import { fullName } from '../registry/hosts';
import type { Problem, Rule } from '../rule';
import type { ServiceEntrySpec, VirtualServiceSpec } from '../world/istio-types';

/** A namespace whose pods reach pods only, and a peering whose calls leave the cluster from there. */
export const onlyWayOutOfDirect: Rule = {
  code: 'MESH3059',
  severity: 'error',
  title: 'closed namespace of which a peering calls outside directly',
  why: 'the NetworkPolicy lets pods reach pods of the cluster only; a sidecar that dials an address outside waits until it times out: 503 UF',
  fix: 'let the peering call through the egress gateway (EgressGatewayPeering), or leave the namespace out of onlyWayOut',
  reads: ['NetworkPolicy', 'ServiceEntry', 'VirtualService'],
  check: (input) => {
    const closed = closedNamespaces(input);
    if (closed.size === 0) return [];
    const planes = new Planes(input.facts);
    const redirected = redirections(input, planes);
    const exposed = new Set(input.facts.peerings.flatMap(({ exposures }) => exposures.map(({ host }) => host)));
    return objectsOf<ServiceEntrySpec>(input, 'ServiceEntry', 'networking.istio.io').flatMap((entry): Problem[] => {
      const viewers = viewersOf(entry.spec.exportTo, entry.namespace);
      if (staysInside(entry.spec, planes.domainOf(entry.cluster))) return [];
      return (entry.spec.hosts ?? [])
        .filter((host) => exposed.has(host))
        .flatMap((host) => {
          const routes = redirected.get(planes.of(entry))?.covering(host) ?? [];
          // who sees it everywhere need not call it from everywhere
          return [...viewers].flatMap((namespace) => {
            const policy = closed.get(`${entry.cluster}/${namespace}`);
            if (policy === undefined || routes.some((route) => isSeenIn(route, namespace))) return [];
            return [
              {
                objects: [policy.ref, entry.ref],
                message: `${policy.ref} leaves pods of '${namespace}' no way out of cluster ${entry.cluster}, and they call '${host}' directly (${entry.ref})`,
              },
            ];
          });
        });
    });
  },
};

/** Namespaces whose pods reach other pods alone, by `<cluster>/<namespace>`, with a policy that says so. */
function closedNamespaces(input: RuleInput): Map<string, Found<NetworkPolicySpec>> {
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
function redirections(input: RuleInput, planes: Planes): Map<string, HostIndex<Viewers>> {
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
function staysInside({ endpoints = [] }: ServiceEntrySpec, domain: string): boolean {
  return endpoints.length > 0 && endpoints.every(({ address = '' }) => address.endsWith(`.svc.${domain}`));
}

interface EgressRule {
  readonly to?: readonly { readonly ipBlock?: object }[];
}

interface NetworkPolicySpec {
  readonly podSelector?: object;
  readonly policyTypes?: readonly string[];
  readonly egress?: readonly EgressRule[];
}

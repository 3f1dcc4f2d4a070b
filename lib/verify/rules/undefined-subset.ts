import { destinationField, destinationsOf } from '../objects/destinations';
import { type Found, objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { HostIndex } from '../registry/host-index';
import { fullName } from '../registry/hosts';
import { at, type ClusterRule, type Problem } from '../rule';
import type { DestinationRuleSpec, VirtualServiceSpec } from '../world/istio-types';

/** A route to a subset that the DestinationRules of its host do not define. */
export const undefinedSubset: ClusterRule = {
  code: 'MESH3074',
  severity: 'error',
  scope: 'cluster',
  title: 'route to a subset that is not defined',
  why: 'a proxy has no cluster for it: 503 NC',
  fix: 'define the subset in the DestinationRule of that host, or correct its name',
  reads: ['DestinationRule', 'VirtualService'],
  check: (input) => {
    const planes = planesOf(input);
    const rules = new Map<string, HostIndex<Found<DestinationRuleSpec>>>();
    for (const rule of objectsOf<DestinationRuleSpec>(input, 'DestinationRule', 'networking.istio.io')) {
      const index = rules.get(planes.of(rule)) ?? new HostIndex<Found<DestinationRuleSpec>>();
      rules.set(planes.of(rule), index);
      index.add(fullName(rule.spec.host ?? '', rule.namespace, planes.domainOf(rule.cluster)), rule);
    }
    const subsets = new SubsetsByHost(rules);
    return objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io').flatMap((route): Problem[] => {
      return destinationsOf(route.spec).flatMap((one): Problem[] => {
        const { host: named = '', subset = '' } = one.destination;
        const host = fullName(named, route.namespace, planes.domainOf(route.cluster));
        const known = subset === '' ? undefined : subsets.of(planes.of(route), host);
        // of a host without a known rule, others may define it
        if (known === undefined || known.names.size === 0 || known.names.has(subset)) return [];
        return [
          {
            objects: [at(route.ref, destinationField(one, 'subset')), at(known.ref, 'spec.subsets')],
            message: `${route.ref} leads to subset '${subset}' of '${host}'; defined are ${[...known.names].join(', ')}`,
          },
        ];
      });
    });
  },
};

/** Names of all subsets of a host, gathered once. */
class SubsetsByHost {
  private readonly found = new Map<string, { readonly names: ReadonlySet<string>; readonly ref: string } | undefined>();

  constructor(private readonly rules: ReadonlyMap<string, HostIndex<Found<DestinationRuleSpec>>>) {}

  public of(plane: string, host: string) {
    const key = `${plane} ${host}`;
    if (!this.found.has(key)) {
      const here = this.rules.get(plane)?.covering(host) ?? [];
      const names = new Set(here.flatMap(({ spec }) => (spec.subsets ?? []).map(({ name }) => name)));
      this.found.set(key, here.length === 0 ? undefined : { names, ref: here[0].ref });
    }
    return this.found.get(key);
  }
}

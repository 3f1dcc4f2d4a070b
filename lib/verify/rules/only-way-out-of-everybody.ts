import { isSeenIn, viewersOf } from '../objects/exports';
import { objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { closedNamespaces, redirections, staysInside } from '../objects/ways-out';
import { at, type Problem, type Rule } from '../rule';
import type { ServiceEntrySpec } from '../world/istio-types';

/** A namespace whose pods reach pods only, and a peering whose calls leave the cluster from every namespace. */
export const onlyWayOutOfEverybody: Rule = {
  code: 'MESH3070',
  severity: 'warning',
  title: 'closed namespace that sees what a peering calls directly for all namespaces',
  why: 'a call from there waits until it times out: 503 UF; from other namespaces it succeeds',
  fix: 'export the host to the namespaces alone that may dial it (exportTo), let calls leave through the egress gateway, or let the NetworkPolicy pass them',
  inProgram:
    'name the callers of the peering (callers), let it call through the egress gateway, or leave the namespace out of onlyWayOut',
  reads: ['NetworkPolicy', 'ServiceEntry', 'VirtualService'],
  check: (input) => {
    const closed = [...closedNamespaces(input).values()];
    if (closed.length === 0) return [];
    const planes = planesOf(input);
    const redirected = redirections(input, planes);
    const exposed = new Set(input.facts.peerings.flatMap(({ exposures }) => exposures.map(({ host }) => host)));
    return objectsOf<ServiceEntrySpec>(input, 'ServiceEntry', 'networking.istio.io').flatMap((entry): Problem[] => {
      const isForAll = viewersOf(entry.spec.exportTo, entry.namespace).has('*');
      if (!isForAll || staysInside(entry.spec, planes.domainOf(entry.cluster))) return [];
      const plane = planes.of(entry);
      return (entry.spec.hosts ?? [])
        .filter((host) => exposed.has(host))
        .flatMap((host) => {
          const routes = redirected.get(plane)?.covering(host) ?? [];
          const stuck = closed.filter(
            (policy) => planes.of(policy) === plane && !routes.some((route) => isSeenIn(route, policy.namespace)),
          );
          if (stuck.length === 0) return [];
          const names = [...new Set(stuck.map(({ namespace }) => `'${namespace}'`))].sort();
          const refs = stuck.map(({ ref }) => ref).sort();
          return [
            {
              objects: [
                at(entry.ref, `spec.hosts[${entry.spec.hosts?.indexOf(host)}]`),
                ...refs.map((ref) => at(ref, 'spec.egress')),
              ],
              message: `${entry.ref} leads everybody to '${host}' directly, also pods of ${names.join(', ')}, which have no way out of cluster ${entry.cluster}`,
            },
          ];
        });
    });
  },
};

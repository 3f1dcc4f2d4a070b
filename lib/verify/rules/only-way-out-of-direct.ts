import { isSeenIn, viewersOf } from '../objects/exports';
import { objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { closedNamespaces, redirections, staysInside } from '../objects/ways-out';
import { at, type Problem, type Rule } from '../rule';
import type { ServiceEntrySpec } from '../world/istio-types';

/** A namespace whose pods reach pods only, and a peering whose calls leave the cluster from there. */
export const onlyWayOutOfDirect: Rule = {
  code: 'MESH3059',
  severity: 'error',
  title: 'closed namespace of which a peering calls outside directly',
  why: 'the NetworkPolicy lets pods reach pods of the cluster only; a sidecar that dials an address outside waits until it times out: 503 UF',
  fix: 'let calls leave through the egress gateway, or let the NetworkPolicy of the namespace pass them',
  inProgram: 'EgressGatewayPeering, or leave the namespace out of onlyWayOut',
  reads: ['NetworkPolicy', 'ServiceEntry', 'VirtualService'],
  check: (input) => {
    const closed = closedNamespaces(input);
    if (closed.size === 0) return [];
    const planes = planesOf(input);
    const redirected = redirections(input, planes);
    const exposed = new Set(input.facts.peerings.flatMap(({ exposures }) => exposures.map(({ host }) => host)));
    return objectsOf<ServiceEntrySpec>(input, 'ServiceEntry', 'networking.istio.io').flatMap((entry): Problem[] => {
      const viewers = viewersOf(entry.spec.exportTo, entry.namespace);
      if (staysInside(entry.spec, planes.domainOf(entry.cluster))) return [];
      return (entry.spec.hosts ?? [])
        .filter((host) => exposed.has(host))
        .flatMap((host) => {
          const routes = redirected.get(planes.of(entry))?.covering(host) ?? [];
          // who sees it everywhere need not call it from everywhere: MESH3070
          return [...viewers].flatMap((namespace) => {
            const policy = closed.get(`${entry.cluster}/${namespace}`);
            if (policy === undefined || routes.some((route) => isSeenIn(route, namespace))) return [];
            return [
              {
                objects: [
                  at(policy.ref, 'spec.egress'),
                  at(entry.ref, `spec.hosts[${entry.spec.hosts?.indexOf(host)}]`),
                ],
                message: `${policy.ref} leaves pods of '${namespace}' no way out of cluster ${entry.cluster}, and they call '${host}' directly (${entry.ref})`,
              },
            ];
          });
        });
    });
  },
};

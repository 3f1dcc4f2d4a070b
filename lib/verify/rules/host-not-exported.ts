import { push } from '../../facts/memo';
import { destinationField, destinationsOf, type PlacedDestination } from '../objects/destinations';
import { isSeenIn, viewersOf } from '../objects/exports';
import { type Found, objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { fullName } from '../registry/hosts';
import { at, type Problem, type Rule } from '../rule';
import type { ServiceEntrySpec, VirtualServiceSpec } from '../world/istio-types';

/** A route that leads callers to a host which their namespace does not see. */
export const hostNotExported: Rule = {
  code: 'MESH3079',
  severity: 'error',
  title: 'route to a host that is not exported to its callers',
  why: 'a proxy has no cluster for a host that its namespace does not see: 503 NC',
  fix: 'add the namespace to exportTo of the ServiceEntry, or export the VirtualService to those alone who see the host',
  reads: ['ServiceEntry', 'VirtualService'],
  check: (input) => {
    const planes = planesOf(input);
    const entries = new Map<string, Found<ServiceEntrySpec>[]>();
    for (const entry of objectsOf<ServiceEntrySpec>(input, 'ServiceEntry', 'networking.istio.io')) {
      for (const host of entry.spec.hosts ?? []) push(entries, `${planes.of(entry)} ${host}`, entry);
    }
    return objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io').flatMap((route): Problem[] => {
      const callers = viewersOf(route.spec.exportTo, route.namespace);
      const isForMesh = (route.spec.gateways ?? ['mesh']).includes('mesh');
      // who calls is known where namespaces are named; of all of them, nobody may call from the others
      if (!isForMesh || callers.has('*')) return [];
      const hosts = new Map<string, PlacedDestination>();
      for (const one of destinationsOf(route.spec)) {
        const host = fullName(one.destination.host ?? '', route.namespace, planes.domainOf(route.cluster));
        if (!hosts.has(host)) hosts.set(host, one);
      }
      return [...hosts].flatMap(([host, destination]): Problem[] => {
        const known = entries.get(`${planes.of(route)} ${host}`) ?? [];
        // a service of the own namespace that a VirtualService names is seen whatever its exportTo
        const sees = (namespace: string) =>
          known.some(
            (entry) =>
              entry.namespace === namespace || isSeenIn(viewersOf(entry.spec.exportTo, entry.namespace), namespace),
          );
        const blind = known.length === 0 ? [] : [...callers].filter((namespace) => !sees(namespace));
        if (blind.length === 0) return [];
        const objects = [
          at(route.ref, destinationField(destination, 'host')),
          ...known.map(({ ref }) => at(ref, 'spec.exportTo')),
        ];
        const message = `${route.ref} leads callers of ${blind.sort().join(', ')} to '${host}', which ${known.map(({ ref }) => ref).join(', ')} exports to others`;
        return [{ objects, message }];
      });
    });
  },
};

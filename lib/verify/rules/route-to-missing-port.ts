import { serviceHost } from '../../facts/service-host';
import { destinationField, destinationsOf } from '../objects/destinations';
import { type Found, objectsOf, type RuleInput } from '../objects/objects';
import { type Planes, planesOf } from '../objects/planes';
import { fullName } from '../registry/hosts';
import { at, type Problem, type Rule } from '../rule';
import type { ServiceEntrySpec, VirtualServiceSpec } from '../world/istio-types';
import type { ServiceSpec } from '../world/kube-types';

/** A route to a port that nothing of its host has. */
export const routeToMissingPort: Rule = {
  code: 'MESH3078',
  severity: 'error',
  title: 'route to a port that its host lacks',
  why: 'a proxy has no cluster for it: 503 NC',
  fix: 'name a port of the Service or ServiceEntry, not that of its pods',
  reads: ['Service', 'ServiceEntry', 'VirtualService'],
  check: (input) => {
    const planes = planesOf(input);
    const hosts = portsByHost(input, planes);
    return objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io').flatMap((route): Problem[] => {
      return destinationsOf(route.spec).flatMap((one): Problem[] => {
        const { destination } = one;
        const port = destination.port?.number;
        if (port === undefined) return [];
        const host = fullName(destination.host ?? '', route.namespace, planes.domainOf(route.cluster));
        // a host that nobody writes down may be there; an alias has the ports of another
        const known = hosts.get(`${planes.of(route)} ${host}`);
        if (known === undefined || known.isAlias || known.ports.has(port)) return [];
        const list = [...known.ports].sort((a, b) => a - b).join(', ') || 'none';
        return [
          {
            objects: [at(route.ref, destinationField(one, 'port.number')), at(known.ref, 'spec.ports')],
            message: `${route.ref} leads to port ${port} of '${host}'; ${known.ref} has ${list}`,
          },
        ];
      });
    });
  },
};

/** What objects say of the ports of a host: all of them together. */
interface HostPorts {
  readonly ref: string;
  readonly ports: Set<number>;
  isAlias: boolean;
}

function portsByHost(input: RuleInput, planes: Planes): ReadonlyMap<string, HostPorts> {
  const found = new Map<string, HostPorts>();
  const add = ({ ref, ...place }: Found<object>, host: string, ports: readonly number[], isAlias: boolean) => {
    const key = `${planes.of(place)} ${host}`;
    const known = found.get(key) ?? { ref, ports: new Set<number>(), isAlias };
    found.set(key, known);
    known.isAlias ||= isAlias;
    for (const port of ports) known.ports.add(port);
  };
  for (const service of objectsOf<ServiceSpec>(input, 'Service', '')) {
    const { name, namespace, cluster, spec } = service;
    const ports = (spec.ports ?? []).map(({ port }) => port);
    add(service, serviceHost(name, namespace, planes.domainOf(cluster)), ports, spec.type === 'ExternalName');
  }
  for (const entry of objectsOf<ServiceEntrySpec>(input, 'ServiceEntry', 'networking.istio.io')) {
    const ports = (entry.spec.ports ?? []).map(({ number }) => number);
    for (const host of entry.spec.hosts ?? []) add(entry, host, ports, false);
  }
  return found;
}

import { push } from '../../facts/memo';
import { destinationField, destinationsOf } from '../objects/destinations';
import { type ClusterInput, objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { writtenByHand } from '../objects/written-by-hand';
import { fullName, isWildcard } from '../registry/hosts';
import { at, type ClusterRule, type Problem } from '../rule';
import type { ServiceEntrySpec, VirtualServiceSpec } from '../world/istio-types';

/**
 * A route to a host that no manifest knows, where manifests know others of its kind: Services of its namespace, or
 * ServiceEntries. Somebody else may apply the missing one, so it is no error.
 */
export const routeToUnknownHost: ClusterRule = {
  code: 'MESH3081',
  severity: 'warning',
  scope: 'cluster',
  title: 'route to a host that no manifest knows',
  why: 'a proxy has no cluster for a host that is neither a Service nor a ServiceEntry: 503 NC; unless it is applied from elsewhere',
  fix: 'correct the name, written in full, or add the Service or ServiceEntry to the manifests',
  reads: ['ImportedServiceSet', 'Service', 'ServiceEntry', 'VirtualService'],
  check: (input) => {
    const planes = planesOf(input);
    const isByHand = writtenByHand(input);
    const known = new Map<string, KnownHosts>();
    return objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io')
      .filter(isByHand)
      .flatMap((route): Problem[] => {
        const domain = planes.domainOf(route.cluster);
        const hosts = known.get(route.cluster) ?? new KnownHosts(input, route.cluster, domain);
        known.set(route.cluster, hosts);
        const seen = new Set<string>();
        return destinationsOf(route.spec).flatMap((one): Problem[] => {
          const named = one.destination.host ?? '';
          const host = fullName(named, route.namespace, domain);
          if (host === '' || seen.has(host)) return [];
          seen.add(host);
          const why = hosts.missing(host);
          if (why === undefined) return [];
          const what = host === named ? `'${host}'` : `'${named}', which is '${host}'`;
          return [
            {
              objects: [at(route.ref, destinationField(one, 'host'))],
              message: `${route.ref} leads to ${what}; ${why}`,
            },
          ];
        });
      });
  },
};

/** Hosts that objects of a cluster state. */
class KnownHosts {
  private readonly services = new Map<string, string[]>();
  private readonly entries = new Set<string>();
  private readonly wildcards: string[] = [];
  private readonly hasImports: boolean;

  constructor(
    input: ClusterInput,
    cluster: string,
    private readonly domain: string,
  ) {
    for (const one of objectsOf(input, 'Service', '')) {
      if (one.cluster === cluster) push(this.services, one.namespace, one.name);
    }
    for (const { spec, ...entry } of objectsOf<ServiceEntrySpec>(input, 'ServiceEntry', 'networking.istio.io')) {
      if (entry.cluster !== cluster) continue;
      for (const host of spec.hosts ?? []) {
        if (isWildcard(host)) this.wildcards.push(host.slice(1));
        else this.entries.add(host);
      }
    }
    this.hasImports = objectsOf(input, 'ImportedServiceSet', 'federation.maistra.io').some(
      (one) => one.cluster === cluster,
    );
  }

  /** What there is instead of a host; undefined where it is known, or may be. */
  public missing(host: string): string | undefined {
    if (this.entries.has(host) || this.wildcards.some((suffix) => host.endsWith(suffix))) return undefined;
    const suffix = `.svc.${this.domain}`;
    const [name, namespace, ...more] = host.endsWith(suffix) ? host.slice(0, -suffix.length).split('.') : [];
    if (namespace === undefined || more.length > 0) {
      // control planes of OpenShift Service Mesh 2 know what they import
      if (this.hasImports || this.entries.size === 0) return undefined;
      return `no ServiceEntry has it; there are ${listed([...this.entries])}`;
    }
    const here = this.services.get(namespace);
    if (here?.includes(name)) return undefined;
    const elsewhere = [...this.services]
      .filter(([, names]) => names.includes(name))
      .map(([other]) => `${other}/${name}`);
    if (elsewhere.length > 0) return `the Service of that name is ${listed(elsewhere)}`;
    return here && `namespace ${namespace} has the Services ${listed(here)}`;
  }
}

const MOST = 5;

function listed(names: readonly string[]): string {
  const sorted = [...names].sort();
  return sorted.length <= MOST
    ? sorted.join(', ')
    : `${sorted.slice(0, MOST).join(', ')} and ${sorted.length - MOST} more`;
}

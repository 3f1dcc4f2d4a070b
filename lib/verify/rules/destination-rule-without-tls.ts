import { callersOf, destinationRuleRivals, statedTlsField } from '../objects/destination-rule-rivals';
import { destinationsOf } from '../objects/destinations';
import { type ClusterInput, objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { fullName } from '../registry/hosts';
import { at, type ClusterRule } from '../rule';
import type { VirtualServiceSpec } from '../world/istio-types';

/** A DestinationRule beside another one of the same host, without the TLS or the subsets that the other states. */
export const destinationRuleWithoutTls: ClusterRule = {
  code: 'MESH3062',
  severity: 'error',
  scope: 'cluster',
  title: 'second DestinationRule of a host, without the TLS or subsets of the first',
  why: 'of two DestinationRules that callers see for a host they take one whole: without its TLS they send clear text, without its subsets they find no cluster (503 NC)',
  fix: 'put the settings into one DestinationRule, with its TLS and subsets',
  inProgram: 'change the one that it writes with addJsonPatch, or state TLS and subsets in your own',
  reads: ['DestinationRule', 'ServiceEntry', 'VirtualService'],
  check: (input) => {
    const rivals = destinationRuleRivals(input);
    if (rivals.length === 0) return [];
    const routed = routedSubsets(input);
    return rivals.flatMap((one) => {
      const { host, ignored, taken, byAge, lost } = one;
      const subsets = lost.subsets.filter((name) => routed.has(`${taken.cluster} ${host} ${name}`));
      if (!lost.tls && subsets.length === 0) return [];
      const what = [...(lost.tls ? ['TLS'] : []), ...(subsets.length > 0 ? [`the subsets ${subsets.join(', ')}`] : [])];
      const names = (ignored.spec.subsets ?? []).map(({ name }) => name);
      const lostFields = [
        ...(lost.tls ? [statedTlsField(ignored)] : []),
        ...subsets.map((name) => (names.includes(name) ? `spec.subsets[${names.indexOf(name)}]` : 'spec.host')),
      ];
      return [
        {
          objects: [at(taken.ref, 'spec.host'), ...lostFields.map((field) => at(ignored.ref, field))],
          message: `${callersOf(one)} ${byAge ? 'may take' : 'take'} ${taken.ref} for '${host}' and not ${ignored.ref}, which states ${what.join(' and ')}`,
        },
      ];
    });
  },
};

/** Subsets that VirtualServices lead to, as `<cluster> <host> <subset>`. */
function routedSubsets(input: ClusterInput): Set<string> {
  const planes = planesOf(input);
  const found = new Set<string>();
  for (const { cluster, namespace, spec } of objectsOf<VirtualServiceSpec>(
    input,
    'VirtualService',
    'networking.istio.io',
  )) {
    for (const { destination } of destinationsOf(spec)) {
      const host = fullName(destination.host ?? '', namespace, planes.domainOf(cluster));
      if (destination.subset) found.add(`${cluster} ${host} ${destination.subset}`);
    }
  }
  return found;
}

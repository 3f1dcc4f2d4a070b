import { callersOf, destinationRuleRivals } from '../objects/destination-rule-rivals';
import { at, type ClusterRule } from '../rule';

/** A DestinationRule of which callers take nothing, because they take another one of the host. */
export const destinationRuleIgnored: ClusterRule = {
  code: 'MESH3063',
  severity: 'warning',
  scope: 'cluster',
  title: 'second DestinationRule of a host',
  why: 'of two DestinationRules that callers see for a host they take one whole; limits, outlier detection and TLS of the other are ignored',
  fix: 'put the settings into one DestinationRule',
  inProgram: 'change the one that it writes with addJsonPatch, or state them all in your own',
  reads: ['DestinationRule', 'ServiceEntry'],
  check: (input) =>
    destinationRuleRivals(input)
      .filter(({ ignored, lost }) => !lost.tls && ignored.spec.trafficPolicy !== undefined)
      .map((rivals) => {
        const { host, ignored, taken, byAge } = rivals;
        const who = callersOf(rivals);
        const message = byAge
          ? `${who} take the settings of one of ${taken.ref} and ${ignored.ref} for '${host}', as their age decides`
          : `${who} take ${taken.ref} for '${host}' and nothing of ${ignored.ref}`;
        return { objects: [at(ignored.ref, 'spec.trafficPolicy'), at(taken.ref, 'spec.host')], message };
      }),
};

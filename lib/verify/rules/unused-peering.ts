import { at, type Rule } from '../rule';

/** A peering that nothing is called through. */
export const unusedPeering: Rule = {
  code: 'MESH3096',
  severity: 'info',
  title: 'peering without exposures',
  why: 'nothing is written that calls could take',
  fix: 'expose a service, take up what the contract exposes, or remove the peering',
  reads: [],
  check: ({ facts }) =>
    facts.peerings
      .filter(({ exposures }) => exposures.length === 0)
      .map(({ path, consumer, provider }) => ({
        objects: [at(`peering ${path}`, 'exposures')],
        message: `peering ${path} from ${consumer} to ${provider} exposes nothing`,
      })),
};

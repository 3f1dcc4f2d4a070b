import type { Rule } from '../rule';

/** A peering that is in use and sends clear text on purpose. */
export const clearTextPeering: Rule = {
  code: 'MESH3001',
  severity: 'warning',
  title: 'clear text between meshes',
  why: 'anybody on the way reads and changes the calls; whoever reaches the provider may call',
  fix: 'use PeeringTls.mutual or PeeringTls.simple, unless this is meant',
  reads: [],
  check: ({ facts }) =>
    facts.peerings
      .filter(({ tls, exposures }) => tls === 'plain' && exposures.length > 0)
      .map(({ path, consumer, provider }) => ({
        objects: [`peering ${path}`],
        message: `peering ${path} sends clear text from ${consumer} to ${provider}`,
      })),
};

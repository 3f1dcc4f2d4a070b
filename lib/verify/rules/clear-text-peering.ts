import { at, type Rule } from '../rule';

/** A peering that is in use and sends clear text on purpose. */
export const clearTextPeering: Rule = {
  code: 'MESH3001',
  severity: 'warning',
  title: 'clear text between meshes',
  why: 'anybody on the way reads and changes the calls; whoever reaches the provider may call',
  fix: 'let both sides of the hop speak TLS, unless clear text is meant',
  inProgram: 'PeeringTls.mutual or PeeringTls.simple',
  reads: [],
  check: ({ facts }) =>
    facts.peerings.flatMap(({ path, consumer, provider, tls, exposures }) => {
      // the application's own TLS is as it is
      const between =
        tls === 'plain' && exposures.some(({ protocol }) => protocol !== 'tls')
          ? [
              {
                objects: [at(`peering ${path}`, 'tls')],
                message: `peering ${path} sends clear text from ${consumer} to ${provider}`,
              },
            ]
          : [];
      const onward = new Map<string, number>();
      for (const [index, exposure] of exposures.entries()) {
        const host = exposure.onward?.tls === 'plain' ? exposure.onward.host : undefined;
        if (host !== undefined && !onward.has(host)) onward.set(host, index);
      }
      const behind = [...onward].map(([host, index]) => ({
        objects: [at(`peering ${path}`, `exposures[${index}].onward.tls`)],
        message: `peering ${path} sends clear text from the gateway of ${provider} to ${host}`,
      }));
      return [...between, ...behind];
    }),
};

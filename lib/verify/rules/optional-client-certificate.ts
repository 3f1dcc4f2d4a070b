import { at, type Rule } from '../rule';

/** A peering that is in use and serves clients without a certificate, too. */
export const optionalClientCertificate: Rule = {
  code: 'MESH3004',
  severity: 'warning',
  title: 'client certificate that is optional',
  why: 'whoever presents no certificate is served like anybody: the provider cannot tell callers apart',
  fix: 'let the gateway ask for certificates (MUTUAL) as soon as every client presents one',
  inProgram: "leave clientCertificate: 'optional' out",
  reads: [],
  check: ({ facts }) =>
    facts.peerings
      .filter(({ clientCertificate, exposures }) => clientCertificate === 'optional' && exposures.length > 0)
      .map(({ path, consumer, provider }) => ({
        objects: [at(`peering ${path}`, 'clientCertificate')],
        message: `peering ${path} serves clients without a certificate as well as ${consumer}`,
        atRuntime: `whoever reaches ${provider} may call what the peering allows; only a wrong certificate is refused`,
      })),
};

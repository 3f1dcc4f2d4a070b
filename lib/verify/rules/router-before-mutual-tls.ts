import { routedGateways } from '../objects/routed-gateways';
import { hostsMatch, splitHost } from '../registry/hosts';
import { at, type ClusterRule, type Problem } from '../rule';

/** A router of OpenShift that ends the TLS of clients before a gateway that asks them for certificates. */
export const routerBeforeMutualTls: ClusterRule = {
  code: 'MESH3087',
  severity: 'error',
  scope: 'cluster',
  title: 'router that ends TLS before a gateway that asks for certificates',
  why: "the router has no certificate of the client to present: the gateway closes the router's connection, and clients get 503",
  fix: 'state termination: passthrough in the Route',
  reads: ['Gateway', 'Route', 'Service'],
  check: (input) =>
    routedGateways(input).flatMap(({ route: { ref, spec }, gateways }) => {
      const { host = '', tls } = spec;
      if (tls?.termination === 'passthrough') return [];
      return gateways.flatMap((gateway): Problem[] => {
        const index = (gateway.spec.servers ?? []).findIndex(
          (server) =>
            server.tls?.mode === 'MUTUAL' && (server.hosts ?? []).some((one) => hostsMatch(splitHost(one).host, host)),
        );
        if (index < 0) return [];
        const what = tls ? `ends the TLS of '${host}' (${tls.termination})` : `takes clear text for '${host}'`;
        return [
          {
            objects: [
              at(ref, tls ? 'spec.tls.termination' : 'spec.tls'),
              at(gateway.ref, `spec.servers[${index}].tls.mode`),
            ],
            message: `${ref} ${what}, and ${gateway.ref} asks its clients for certificates (MUTUAL)`,
          },
        ];
      });
    }),
};

import { type Labels, selects } from '../../facts/labels';
import { push } from '../../facts/memo';
import { type Found, objectsOf } from '../objects/objects';
import { hostsMatch, splitHost } from '../registry/hosts';
import { at, type ClusterRule, type Problem } from '../rule';
import type { GatewaySpec } from '../world/istio-types';

/** A router of OpenShift that ends the TLS of clients before a gateway that asks them for certificates. */
export const routerBeforeMutualTls: ClusterRule = {
  code: 'MESH3087',
  severity: 'error',
  scope: 'cluster',
  title: 'router that ends TLS before a gateway that asks for certificates',
  why: "the router has no certificate of the client to present: the gateway closes the router's connection, and clients get 503",
  fix: 'state termination: passthrough in the Route',
  reads: ['Gateway', 'Route', 'Service'],
  check: (input) => {
    const services = new Map(
      objectsOf<{ readonly selector?: Labels }>(input, 'Service', '').map((one) => [
        `${one.cluster}/${one.namespace}/${one.name}`,
        one,
      ]),
    );
    const gateways = new Map<string, Found<GatewaySpec>[]>();
    for (const one of objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io')) push(gateways, one.cluster, one);
    return objectsOf<RouteSpec>(input, 'Route', 'route.openshift.io').flatMap(({ cluster, namespace, ref, spec }) => {
      const { host = '', to, tls } = spec;
      const service = services.get(`${cluster}/${namespace}/${to?.name ?? ''}`);
      if (service === undefined || tls?.termination === 'passthrough') return [];
      return (gateways.get(cluster) ?? []).flatMap((gateway): Problem[] => {
        if (!service.spec.selector || !selects(gateway.spec.selector, service.spec.selector)) return [];
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
    });
  },
};

interface RouteSpec {
  readonly host?: string;
  readonly to?: { readonly name?: string };
  readonly tls?: { readonly termination?: string };
}

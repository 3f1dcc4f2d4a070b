import { type Found, objectsOf } from '../objects';
import { Planes } from '../planes';
import { fullName, gatewayName, hostsMatch, splitHost } from '../registry/hosts';
import type { ClusterRule, Problem } from '../rule';
import type { GatewaySpec, ServerSpec, VirtualServiceSpec } from '../world/istio-types';

/** A VirtualService for a Gateway that never takes its calls. */
export const routeNeverServed: ClusterRule = {
  code: 'MESH3073',
  severity: 'error',
  scope: 'cluster',
  title: 'route that its Gateway never takes',
  why: 'a gateway routes what a server of its Gateway takes: another host, port or kind of route finds no way, 404 NR or a reset',
  fix: "name hosts and port numbers of the Gateway's servers, and the Gateway as <namespace>/<name>",
  reads: ['Gateway', 'VirtualService'],
  check: (input) => {
    const planes = new Planes(input.facts);
    const gateways = new Map<string, Found<GatewaySpec>>();
    const byName = new Map<string, string>();
    for (const gateway of objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io')) {
      gateways.set(`${gateway.cluster} ${gateway.namespace}/${gateway.name}`, gateway);
      byName.set(`${gateway.cluster} ${gateway.name}`, gateway.ref);
    }
    return objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io').flatMap((route): Problem[] =>
      (route.spec.gateways ?? []).flatMap((named): Problem[] => {
        if (named === 'mesh') return [];
        const name = gatewayName(named, route.namespace);
        const gateway = gateways.get(`${route.cluster} ${name}`);
        const namesake = byName.get(`${route.cluster} ${name.split('/')[1]}`);
        const problem = (message: string, other: string) => ({ objects: [route.ref, other], message });
        // a Gateway that nobody knows may exist in the cluster
        if (gateway === undefined) {
          if (namesake === undefined) return [];
          return [problem(`${route.ref} names Gateway '${named}', which is ${name}; there is ${namesake}`, namesake)];
        }
        const hosts = (route.spec.hosts ?? []).map((host) =>
          fullName(host, route.namespace, planes.domainOf(route.cluster)),
        );
        const why = unserved(route, hosts, gateway.spec.servers ?? [], name);
        return why === undefined ? [] : [problem(`${route.ref} ${why} of ${gateway.ref}`, gateway.ref)];
      }),
    );
  },
};

/** Why none of the servers takes what the VirtualService routes. */
function unserved(
  { namespace, spec }: Found<VirtualServiceSpec>,
  hosts: readonly string[],
  servers: readonly ServerSpec[],
  gateway: string,
): string | undefined {
  const here = servers.filter(({ hosts: served = [] }) =>
    served.map(splitHost).some(({ namespace: only = '*', host }) => {
      const isFor = only === '*' || only === namespace || (only === '.' && gateway.startsWith(`${namespace}/`));
      return isFor && hosts.some((one) => hostsMatch(one, host));
    }),
  );
  if (hosts.length > 0 && here.length === 0) {
    const served = servers.flatMap(({ hosts: all = [] }) => all);
    return `is for ${hosts.join(', ')}, not among the hosts ${[...new Set(served)].join(', ')}`;
  }
  const { http = [], tcp = [], tls = [] } = spec;
  const matches = [...http, ...tcp, ...tls].map(({ match = [] }) => match as readonly { readonly port?: number }[]);
  const isOpen = matches.some((all) => all.length === 0 || all.some(({ port }) => port === undefined));
  const ports = [...new Set(matches.flat().flatMap(({ port }) => port ?? []))];
  const numbers = here.map(({ port }) => port.number);
  if (!isOpen && ports.length > 0 && !ports.some((port) => numbers.includes(port))) {
    return `routes port ${ports.join(', ')}, not among the ports ${[...new Set(numbers)].join(', ')}`;
  }
  return undefined;
}

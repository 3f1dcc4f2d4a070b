import { type Found, objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { fullName, gatewayName, hostsMatch, splitHost } from '../registry/hosts';
import { at, type ClusterRule, type Problem } from '../rule';
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
    const planes = planesOf(input);
    const gateways = new Map<string, Found<GatewaySpec>>();
    const byName = new Map<string, string>();
    for (const gateway of objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io')) {
      gateways.set(`${gateway.cluster} ${gateway.namespace}/${gateway.name}`, gateway);
      byName.set(`${gateway.cluster} ${gateway.name}`, gateway.ref);
    }
    return objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io').flatMap((route): Problem[] =>
      (route.spec.gateways ?? []).flatMap((named, index): Problem[] => {
        if (named === 'mesh') return [];
        const name = gatewayName(named, route.namespace);
        const gateway = gateways.get(`${route.cluster} ${name}`);
        const namesake = byName.get(`${route.cluster} ${name.split('/')[1]}`);
        // a Gateway that nobody knows may exist in the cluster
        if (gateway === undefined) {
          if (namesake === undefined) return [];
          const message = `${route.ref} names Gateway '${named}', which is ${name}; there is ${namesake}`;
          return [{ objects: [at(route.ref, `spec.gateways[${index}]`), at(namesake, 'metadata')], message }];
        }
        const hosts = (route.spec.hosts ?? []).map((host) =>
          fullName(host, route.namespace, planes.domainOf(route.cluster)),
        );
        const why = unserved(route, hosts, gateway.spec.servers ?? [], name);
        if (why === undefined) return [];
        const objects = [at(route.ref, why.field), at(gateway.ref, 'spec.servers')];
        return [{ objects, message: `${route.ref} ${why.text} of ${gateway.ref}` }];
      }),
    );
  },
};

/**
 * Ports that rules for a gateway ask for; a rule without a match takes any. A match that names gateways is for those alone, and
 * one that names none may be meant for sidecars, where the VirtualService is for them too.
 */
function matchesOf(
  { namespace, spec }: Found<VirtualServiceSpec>,
  gateway: string,
): { readonly port?: number; readonly field: string }[] {
  const isForMesh = (spec.gateways ?? []).includes('mesh');
  return (['http', 'tcp', 'tls'] as const).flatMap((block) =>
    (spec[block] ?? []).flatMap(({ match = [] }, rule) => {
      const field = `spec.${block}[${rule}]`;
      if (match.length === 0) return [{ field }];
      const all: readonly { readonly port?: number; readonly gateways?: readonly string[] }[] = match;
      return all.flatMap(({ port, gateways }, index) => {
        const isForGateway = gateways?.some((one) => gatewayName(one, namespace) === gateway) ?? !isForMesh;
        return isForGateway || (port === undefined && !gateways)
          ? [{ port, field: `${field}.match[${index}].port` }]
          : [];
      });
    }),
  );
}

/** Why none of the servers takes what the VirtualService routes. */
function unserved(
  route: Found<VirtualServiceSpec>,
  hosts: readonly string[],
  servers: readonly ServerSpec[],
  gateway: string,
): { readonly text: string; readonly field: string } | undefined {
  const { namespace } = route;
  const here = servers.filter(({ hosts: served = [] }) =>
    served.map(splitHost).some(({ namespace: only = '*', host }) => {
      const isFor = only === '*' || only === namespace || (only === '.' && gateway.startsWith(`${namespace}/`));
      return isFor && hosts.some((one) => hostsMatch(one, host));
    }),
  );
  if (hosts.length > 0 && here.length === 0) {
    const served = servers.flatMap(({ hosts: all = [] }) => all);
    const text = `is for ${hosts.join(', ')}, not among the hosts ${[...new Set(served)].join(', ')}`;
    return { text, field: 'spec.hosts' };
  }
  const matches = matchesOf(route, gateway);
  const isOpen = matches.some(({ port }) => port === undefined);
  const ports = [...new Set(matches.flatMap(({ port }) => port ?? []))];
  const numbers = here.map(({ port }) => port.number);
  if (!isOpen && ports.length > 0 && !ports.some((port) => numbers.includes(port))) {
    const text = `routes port ${ports.join(', ')}, not among the ports ${[...new Set(numbers)].join(', ')}`;
    return { text, field: matches[0]?.field ?? 'spec' };
  }
  return undefined;
}

import { routedGateways } from '../objects/routed-gateways';
import { hostsMatch, splitHost } from '../registry/hosts';
import { at, type ClusterRule, type Problem } from '../rule';

/** A Route that passes TLS on to a gateway which has no server for its host. */
export const routeOfNoServer: ClusterRule = {
  code: 'MESH3122',
  severity: 'warning',
  scope: 'cluster',
  title: 'router that passes TLS of a host on to a gateway without it',
  why: 'the router picks the Route by the server name of the client and passes that on: the gateway has no filter chain for it, the connection is reset; unless its Gateway is applied from elsewhere',
  fix: 'let a Gateway of those pods name the host of the Route; one with AUTO_PASSTHROUGH takes names of its own alone (outbound_.<port>_._.<host>), which no Route has',
  reads: ['Gateway', 'Route', 'Service'],
  check: (input) =>
    routedGateways(input).flatMap(({ route: { ref, spec }, gateways }): Problem[] => {
      const { host = '', to, tls, wildcardPolicy = 'None' } = spec;
      if (host === '' || wildcardPolicy !== 'None' || tls?.termination !== 'passthrough') return [];
      const servers = gateways.flatMap((gateway) => (gateway.spec.servers ?? []).filter((one) => one.tls?.mode));
      const isTaken = servers.some(
        (one) =>
          one.tls?.mode !== 'AUTO_PASSTHROUGH' &&
          (one.hosts ?? []).some((name) => hostsMatch(splitHost(name).host, host)),
      );
      if (servers.length === 0 || isTaken) return [];
      const names = servers.flatMap(({ hosts = [], tls: own }) =>
        own?.mode === 'AUTO_PASSTHROUGH' ? ['AUTO_PASSTHROUGH'] : hosts.map((name) => splitHost(name).host),
      );
      return [
        {
          objects: [at(ref, 'spec.host'), ...gateways.map((gateway) => at(gateway.ref, 'spec.servers'))],
          message: `${ref} passes TLS of '${host}' on to ${to?.name}, whose Gateways serve ${[...new Set(names)].sort().join(', ')}`,
        },
      ];
    }),
};

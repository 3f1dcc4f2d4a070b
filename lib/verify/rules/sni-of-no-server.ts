import { nearest } from '../../facts/nearest';
import { objectsOf } from '../objects/objects';
import { HostIndex } from '../registry/host-index';
import { hostsMatch, isWildcard, splitHost } from '../registry/hosts';
import { at, type Problem, type Rule } from '../rule';
import type { ClientTlsSettings, DestinationRuleSpec, GatewaySpec } from '../world/istio-types';

/** A server name that no gateway has, nearly that of one: where it leads by address, MESH3080 finds any other. */
export const sniOfNoServer: Rule = {
  code: 'MESH3084',
  severity: 'warning',
  title: 'server name of no gateway, nearly the host of one',
  why: 'a gateway has no filter chain for another name than those of its servers: the connection is reset, 503 UF',
  fix: "write the SNI as a host of the other mesh's Gateway",
  reads: ['DestinationRule', 'Gateway'],
  check: (input) => {
    const servers = objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io').flatMap(({ cluster, ref, spec }) =>
      (spec.servers ?? []).flatMap(({ hosts = [], tls }, index) =>
        tls
          ? hosts.map((host, place) => ({
              cluster,
              ref,
              host: splitHost(host).host,
              field: `spec.servers[${index}].hosts[${place}]`,
            }))
          : [],
      ),
    );
    if (servers.length === 0) return [];
    const known = new HostIndex<string>();
    for (const { host } of servers) known.add(host.toLowerCase(), host);
    const isKnown = (sni: string): boolean =>
      isWildcard(sni)
        ? servers.some(({ host }) => hostsMatch(sni, host.toLowerCase()))
        : known.covering(sni).length > 0;
    return objectsOf<DestinationRuleSpec>(input, 'DestinationRule', 'networking.istio.io').flatMap((rule): Problem[] =>
      namesOf(rule.spec).flatMap(({ sni, field }): Problem[] => {
        if (isKnown(sni.toLowerCase())) return [];
        const others = servers.filter(({ cluster }) => cluster !== rule.cluster);
        const meant = nearest(sni, new Set(others.map(({ host }) => host)));
        const server = others.find(({ host }) => host === meant);
        if (server === undefined) return [];
        return [
          {
            objects: [at(rule.ref, field), at(server.ref, server.field)],
            message: `${rule.ref} sends the SNI ${sni}, which no Gateway has; ${server.ref} has ${server.host}`,
          },
        ];
      }),
    );
  },
};

/** Server names that a DestinationRule states, for its host, for ports and for subsets. */
function namesOf({
  trafficPolicy,
  subsets = [],
}: DestinationRuleSpec): { readonly sni: string; readonly field: string }[] {
  const policies = [
    { policy: trafficPolicy, path: 'spec.trafficPolicy' },
    ...subsets.map((one, index) => ({ policy: one.trafficPolicy, path: `spec.subsets[${index}].trafficPolicy` })),
  ];
  return policies.flatMap(({ policy, path }) => {
    const ports: readonly { readonly tls?: ClientTlsSettings }[] = policy?.portLevelSettings ?? [];
    const all = [
      { tls: policy?.tls, path },
      ...ports.map(({ tls }, index) => ({ tls, path: `${path}.portLevelSettings[${index}]` })),
    ];
    return all.flatMap(({ tls, path: place }) => (tls?.sni ? [{ sni: tls.sni, field: `${place}.tls.sni` }] : []));
  });
}

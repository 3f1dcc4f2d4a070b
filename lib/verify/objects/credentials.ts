import type { ClientTlsSettings, DestinationRuleSpec, GatewaySpec } from '../world/istio-types';
import { type ClusterInput, type Found, objectsOf } from './objects';

/** A Secret that a server of a Gateway or a client of a DestinationRule names. */
export interface NamedCredential extends Omit<Found<object>, 'spec'> {
  readonly name: string;
  /** Path of the name. */
  readonly field: string;
  /** Whether it must hold a key pair, and authorities of clients. */
  readonly needs: { readonly pair: boolean; readonly roots: boolean };
}

/** All `credentialName`s of Gateways and DestinationRules. */
export function credentialsOf(input: ClusterInput): NamedCredential[] {
  const servers = objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io').flatMap(({ spec, ...one }) =>
    (spec.servers ?? []).flatMap(({ tls }, index) => {
      const field = `spec.servers[${index}].tls.credentialName`;
      const needs = { pair: true, roots: tls?.mode === 'MUTUAL' || tls?.mode === 'OPTIONAL_MUTUAL' };
      const several = (tls?.credentialNames ?? []).map((name, place) => ({ name, field: `${field}s[${place}]` }));
      const all = tls?.credentialName ? [{ name: tls.credentialName, field }, ...several] : several;
      return all.map((each) => ({ needs, ...one, ...each }));
    }),
  );
  const clients = objectsOf<DestinationRuleSpec>(input, 'DestinationRule', 'networking.istio.io').flatMap(
    ({ spec: { trafficPolicy, subsets = [] }, ...one }) => {
      const policies = [
        { policy: trafficPolicy, path: 'spec.trafficPolicy' },
        ...subsets.map((each, index) => ({ policy: each.trafficPolicy, path: `spec.subsets[${index}].trafficPolicy` })),
      ];
      return policies.flatMap(({ policy, path }) => {
        const ports: readonly { readonly tls?: ClientTlsSettings }[] = policy?.portLevelSettings ?? [];
        const all = ports.map(({ tls }, index) => ({ tls, place: `${path}.portLevelSettings[${index}]` }));
        return [{ tls: policy?.tls, place: path }, ...all].flatMap(({ tls, place }) => {
          if (!tls?.credentialName) return [];
          const needs = { pair: tls.mode === 'MUTUAL', roots: false };
          return [{ needs, field: `${place}.tls.credentialName`, ...one, name: tls.credentialName }];
        });
      });
    },
  );
  return [...servers, ...clients].filter(({ name }) => !name.includes('://'));
}

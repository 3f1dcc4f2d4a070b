import { objectsOf } from '../objects/objects';
import { splitHost } from '../registry/hosts';
import { at, type Rule } from '../rule';
import type { GatewaySpec } from '../world/istio-types';

/** A server of a gateway that speaks versions of TLS which are withdrawn. */
export const oldTlsOfGateway: Rule = {
  code: 'MESH3112',
  severity: 'warning',
  title: 'gateway that speaks TLS below 1.2',
  why: 'TLS 1.0 and 1.1 are withdrawn (RFC 8996): whoever is on the way can break connections of clients that are talked into them',
  fix: 'state minProtocolVersion TLSV1_2, or leave it out, as soon as all clients speak it',
  reads: ['Gateway'],
  check: (input) =>
    objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io').flatMap(({ spec, ref }) =>
      (spec.servers ?? []).flatMap(({ hosts = [], port, tls = {} }, index) => {
        const { minProtocolVersion: oldest = '' } = tls as { readonly minProtocolVersion?: string };
        if (oldest !== 'TLSV1_0' && oldest !== 'TLSV1_1') return [];
        const names = hosts.map((host) => splitHost(host).host).join(', ');
        const objects = [at(ref, `spec.servers[${index}].tls.minProtocolVersion`)];
        return [{ objects, message: `${ref} speaks ${oldest} at port ${port?.number} for ${names}` }];
      }),
    ),
};

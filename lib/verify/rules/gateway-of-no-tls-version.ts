import { objectsOf } from '../objects/objects';
import { splitHost } from '../registry/hosts';
import { at, type ClusterRule } from '../rule';
import { TLS_VERSIONS, type TlsVersion, versionOf } from '../view/tls-limits';
import type { GatewaySpec } from '../world/istio-types';

/** Of a server that states none (`listener.go: applyDownstreamTLSDefaults`). */
const LOWEST: TlsVersion = '1.2';
const HIGHEST: TlsVersion = '1.3';

/** Modes in which the gateway opens TLS with versions of its own choice. */
const OPENS: ReadonlySet<string> = new Set(['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL']);

/** A server of a gateway whose lowest version of TLS is above its highest: the API server and the webhook take it. */
export const gatewayOfNoTlsVersion: ClusterRule = {
  code: 'MESH3120',
  severity: 'error',
  scope: 'cluster',
  title: 'gateway that no version of TLS is left for',
  why: 'the lowest version is above the highest: every handshake is refused, curl 35 and 503 UF',
  fix: 'state minProtocolVersion not above maxProtocolVersion; without them a gateway takes TLS 1.2 and 1.3',
  reads: ['Gateway'],
  check: (input) =>
    objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io').flatMap(({ spec, ref }) =>
      (spec.servers ?? []).flatMap(({ hosts = [], port, tls = {} }, index) => {
        const [min, max] = [versionOf(tls.minProtocolVersion), versionOf(tls.maxProtocolVersion)];
        const [lowest, highest] = [min ?? LOWEST, max ?? HIGHEST];
        if (!OPENS.has(tls.mode ?? '') || TLS_VERSIONS.indexOf(lowest) <= TLS_VERSIONS.indexOf(highest)) return [];
        const fields = (['minProtocolVersion', 'maxProtocolVersion'] as const).filter((field) => versionOf(tls[field]));
        const said = min === undefined ? `${lowest} at least, as it states none,` : `${lowest} at least`;
        const names = hosts.map((host) => splitHost(host).host).join(', ');
        return [
          {
            objects: fields.map((field) => at(ref, `spec.servers[${index}].tls.${field}`)),
            message: `${ref} takes TLS ${said} and ${highest} at most at port ${port?.number} for ${names}`,
          },
        ];
      }),
    ),
};

import { CIPHER_SUITES } from '../../facts/cipher-suites';
import type { ServerTlsSettings } from '../world/istio-types';
import type { Mesh } from '../world/mesh';

/** From old to new. */
export const TLS_VERSIONS = ['1.0', '1.1', '1.2', '1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** What one end of TLS takes. */
export interface TlsLimits {
  /** @default 1.2 */
  readonly min?: TlsVersion;
  /** @default 1.3 */
  readonly max?: TlsVersion;
  /** Up to TLS 1.2, by their names in OpenSSL. @default any */
  readonly ciphers?: readonly string[];
}

/** Of an Envoy to which nothing is said of it: its own ciphers, and istiod's versions (`defaultUpstreamCommonTLSContext`). */
export const PROXY_LIMITS: TlsLimits = {
  ciphers: ['ECDSA', 'RSA'].flatMap((key) => [
    `ECDHE-${key}-AES128-GCM-SHA256`,
    `ECDHE-${key}-CHACHA20-POLY1305`,
    `ECDHE-${key}-AES256-GCM-SHA384`,
  ]),
};

/** Of mTLS among workloads (`authn/utils: SupportedCiphers`). */
const WORKLOAD_LIMITS: TlsLimits = {
  ciphers: ['AES256-GCM-SHA384', 'AES128-GCM-SHA256'].flatMap((one) => [`ECDHE-ECDSA-${one}`, `ECDHE-RSA-${one}`, one]),
};

/** Of a gateway's server that ends TLS (`listener.go: applyDownstreamTLSDefaults`, `applyServerTLSSettings`). */
export function serverLimits(settings: ServerTlsSettings, { config, profile }: Mesh): TlsLimits | undefined {
  const { tlsDefaults } = config;
  const { mode = 'PASSTHROUGH', minProtocolVersion, maxProtocolVersion, cipherSuites } = settings;
  // its own mTLS asks neither the server nor the defaults
  if (mode === 'ISTIO_MUTUAL' || !(tlsDefaults || minProtocolVersion || maxProtocolVersion || cipherSuites)) {
    return undefined;
  }
  const min =
    versionOf(minProtocolVersion) ?? (profile.limitsTls ? leastOf(tlsDefaults?.minProtocolVersion) : undefined);
  const max = versionOf(maxProtocolVersion);
  const ciphers = ciphersOf(cipherSuites) ?? ciphersOf(tlsDefaults?.cipherSuites) ?? PROXY_LIMITS.ciphers;
  return { ...(min ? { min } : {}), ...(max ? { max } : {}), ...(ciphers ? { ciphers } : {}) };
}

/** Of a sidecar towards workloads of the mesh (`policy_applier.go: InboundMTLSSettings`, `authn/utils: BuildInboundTLS`). */
export function workloadLimits({ config: { meshMTLS } }: Mesh): TlsLimits {
  if (!meshMTLS) return WORKLOAD_LIMITS;
  const min = leastOf(meshMTLS.minProtocolVersion);
  const ciphers = ciphersOf(meshMTLS.cipherSuites);
  return { ...WORKLOAD_LIMITS, ...(min ? { min } : {}), ...(ciphers ? { ciphers } : {}) };
}

/** Of a cluster with TLS of its own (`cluster_tls.go: applyTLSDefaults`): versions are no matter of it. */
export function clientLimits({ config: { tlsDefaults } }: Mesh): TlsLimits | undefined {
  const ciphers = ciphersOf(tlsDefaults?.cipherSuites);
  return ciphers && { ciphers };
}

/** A version as Gateways write it: `TLSV1_2`; undefined for `TLS_AUTO`. */
export const versionOf = (text: string | undefined): TlsVersion | undefined =>
  TLS_VERSIONS.find((version) => text === `TLSV${version.replace('.', '_')}`);

/** `authn/utils: GetMinTLSVersion`. */
const leastOf = (text: string | undefined): TlsVersion | undefined => (text === 'TLSV1_3' ? '1.3' : undefined);

/** `security.FilterCipherSuites`. Lists with operators of BoringSSL, such as `ALL`, are taken for all ciphers. */
function ciphersOf(suites: readonly string[] | undefined): readonly string[] | undefined {
  const taken = suites?.filter((one) => !/^[\p{L}\p{N}]/u.test(one) || one === 'ALL' || KNOWN.has(one));
  if (!taken?.length) return undefined;
  return taken.every((one) => KNOWN.has(one)) ? taken : CIPHER_SUITES;
}

const KNOWN: ReadonlySet<string> = new Set(CIPHER_SUITES);

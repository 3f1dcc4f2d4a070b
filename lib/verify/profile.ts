import type { MeshFact } from './world/facts';

/** In what control planes of different versions and settings differ, as far as a trace depends on it. */
export interface Profile {
  /** Proxies offer `istio-peer-exchange` and swap metadata before TCP (`PILOT_ENABLE_METADATA_EXCHANGE`). */
  readonly exchangesMetadata: boolean;
  /**
   * Of services of one host in several namespaces, a destination means the Kubernetes one or the oldest, not that of the
   * first namespace by name (`PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE`, since 1.30).
   */
  readonly picksBestNamespace: boolean;
  /**
   * Pods that istiod deploys for a Gateway of the Gateway API take no Istio Gateway of another namespace
   * (`PILOT_ENABLE_STRICT_GATEWAY_MERGING`, since 1.31).
   */
  readonly mergesStrictly: boolean;
  /** `tlsDefaults.minProtocolVersion` of MeshConfig has an effect on servers of gateways (since 1.30). */
  readonly limitsTls: boolean;
  /** Of TLS whose rule states no SNI, a request brings its host as one (`ENABLE_AUTO_SNI`, since 1.21). */
  readonly setsSni: boolean;
  /**
   * Where a rule names no authorities, those of the operating system are believed, and no others
   * (`VERIFY_CERTIFICATE_AT_CLIENT`, since 1.21).
   */
  readonly verifiesServers: boolean;
  /** Where a route does not say what is tried again, an answer of 503 is (`EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY`, until 1.23). */
  readonly retries503: boolean;
}

/**
 * The profile of a control plane: the defaults of its version (Istio's `manifests/helm-profiles/compatibility-version-1.25`
 * to `-1.30`), and the environment of istiod over them. What else changed from 1.26 to 1.31 is no matter of where a call
 * goes: native sidecars (1.27), hosts of mirrored requests and spans (1.28), metrics (1.29), endpoints that are not ready
 * (1.31; a trace knows none).
 */
export function profileOf({ istio = '1.31', env = {} }: MeshFact): Profile {
  const minor = Number(istio.split('.')[1]);
  const flag = (name: string, byDefault: boolean) => (env[name] === undefined ? byDefault : env[name] === 'true');
  return {
    exchangesMetadata: flag('PILOT_ENABLE_METADATA_EXCHANGE', true) && !flag('PILOT_DISABLE_MX_ALPN', false),
    picksBestNamespace: flag('PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE', minor >= 30),
    mergesStrictly: flag('PILOT_ENABLE_STRICT_GATEWAY_MERGING', minor >= 31),
    limitsTls: minor >= 30,
    setsSni: minor >= 21 || flag('ENABLE_AUTO_SNI', false),
    verifiesServers: minor >= 21 || flag('VERIFY_CERTIFICATE_AT_CLIENT', false),
    retries503: minor < 24 || !flag('EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY', true),
  };
}

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
}

/**
 * The profile of a control plane: the defaults of its version (Istio's `manifests/helm-profiles/compatibility-version-*`),
 * and the environment of istiod over them.
 */
export function profileOf({ istio = '1.31', env = {} }: MeshFact): Profile {
  const minor = Number(istio.split('.')[1]);
  const flag = (name: string, byDefault: boolean) => (env[name] === undefined ? byDefault : env[name] === 'true');
  return {
    exchangesMetadata: flag('PILOT_ENABLE_METADATA_EXCHANGE', true) && !flag('PILOT_DISABLE_MX_ALPN', false),
    picksBestNamespace: flag('PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE', minor >= 30),
  };
}

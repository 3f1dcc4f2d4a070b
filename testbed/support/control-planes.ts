import type { ControlPlaneSetup } from '../bed/scenario';

/** A mesh whose proxies decode escaped slashes before policies look at paths: what a provider with rules about paths states. */
export const DECODING_SLASHES: ControlPlaneSetup = {
  mesh: { pathNormalization: { normalization: 'DECODE_AND_MERGE_SLASHES' } },
};

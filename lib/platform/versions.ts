/** Minor versions of Istio as its own project releases it, oldest first: there is schema data of each. */
export const UPSTREAM_VERSIONS = ['1.24', '1.26', '1.27', '1.28', '1.29', '1.30', '1.31'] as const;

/** A minor version of Istio as its own project releases it. */
export type UpstreamVersion = (typeof UPSTREAM_VERSIONS)[number];

/** A minor version of Istio, also the one inside OpenShift Service Mesh 2.6. */
export type IstioVersion = '1.20' | UpstreamVersion;

import type { MeshConfig } from '../../../imports/sail';
import type { ControlPlaneSettings } from './options';

/** Whether a control plane states what no installation has by itself and peerings may depend on. */
export function statesMore(settings: ControlPlaneSettings): boolean {
  const { network, dnsCapture, trustDomainAliases, otherRoots, pathNormalization } = settings;
  const stated = [network, otherRoots, pathNormalization].some((value) => value !== undefined);
  return stated || dnsCapture || trustDomainAliases.length > 0;
}

/** MeshConfig of a control plane, as far as it is stated beyond trust domain and outbound policy. */
export function furtherMeshConfig(settings: ControlPlaneSettings): MeshConfig {
  const { dnsCapture, trustDomainAliases, otherRoots } = settings;
  const proxyMetadata = {
    ...(dnsCapture && { ISTIO_META_DNS_CAPTURE: 'true' }),
    // without it agents never ask istiod for the bundle of all roots
    ...(otherRoots?.reach === 'everyProxy' && ASK_FOR_ROOTS),
  };
  return {
    ...(trustDomainAliases.length > 0 && { trustDomainAliases: [...trustDomainAliases] }),
    ...(otherRoots && { caCertificates: otherRoots.caCertificates }),
    ...(Object.keys(proxyMetadata).length > 0 && { defaultConfig: { proxyMetadata } }),
  };
}

/** Environment of istiod: without it, `caCertificates` reach no proxy as roots of the mesh's own mTLS. */
export function istiodEnvironment({ otherRoots }: ControlPlaneSettings): Record<string, string> | undefined {
  return otherRoots && { ISTIO_MULTIROOT_MESH: 'true' };
}

/** Metadata of a proxy that asks istiod for the bundle of all roots, instead of reading the mesh's own from its pod. */
export const ASK_FOR_ROOTS = { PROXY_CONFIG_XDS_AGENT: 'true' };

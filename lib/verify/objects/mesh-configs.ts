import type { Manifest } from '../../facts/manifest';
import { yaml } from '../../facts/packages';
import type { MeshConfig } from '../world/mesh-config-types';
import type { ClusterInput } from './objects';

/** Kinds that may hold a MeshConfig, with their API groups. */
export const MESH_CONFIG_KINDS = {
  ConfigMap: '',
  Istio: 'sailoperator.io',
  IstioOperator: 'install.istio.io',
  ServiceMeshControlPlane: 'maistra.io',
} as const;

interface Settings {
  readonly spec?: {
    readonly values?: { readonly meshConfig?: MeshConfig };
    readonly meshConfig?: MeshConfig;
    readonly techPreview?: { readonly meshConfig?: MeshConfig };
  };
  readonly data?: { readonly mesh?: unknown } | null;
}

/** What the manifests of an input say of control planes, by cluster: istiod's ConfigMap, or what operators make it of. */
export function meshConfigs({ kinds }: ClusterInput): ReadonlyMap<string, readonly MeshConfig[]> {
  const found = new Map<string, MeshConfig[]>();
  for (const [kind, group] of Object.entries(MESH_CONFIG_KINDS)) {
    for (const { cluster, manifest } of kinds.sorted(kind, group)) {
      const config = configIn(manifest);
      if (config) found.set(cluster, [...(found.get(cluster) ?? []), config]);
    }
  }
  return found;
}

function configIn(manifest: Manifest): MeshConfig | undefined {
  const { spec, data } = manifest as unknown as Settings;
  if (manifest.kind !== 'ConfigMap') {
    return spec?.values?.meshConfig ?? spec?.meshConfig ?? spec?.techPreview?.meshConfig ?? {};
  }
  if (!/^istio(-|$)/.test(manifest.metadata.name) || typeof data?.mesh !== 'string') return undefined;
  try {
    const config: unknown = yaml().parse(data.mesh);
    return typeof config === 'object' && config !== null ? config : {};
  } catch {
    // whoever reads it for its own sake says so
    return undefined;
  }
}

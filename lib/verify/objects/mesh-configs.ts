import type { Manifest } from '../../facts/manifest';
import { push } from '../../facts/memo';
import { OPERATOR_KINDS, settingsIn } from '../world/control-plane-settings';
import { isIstiodConfig, meshConfigIn } from '../world/istiod-config';
import type { MeshConfig } from '../world/mesh-config-types';
import type { ClusterInput } from './objects';

/** Kinds that may hold a MeshConfig, with their API groups. */
export const MESH_CONFIG_KINDS = { ConfigMap: '', ...OPERATOR_KINDS } as const;

/** What the manifests of an input say of control planes, by cluster: istiod's ConfigMap, or what operators make it of. */
export function meshConfigs({ kinds }: ClusterInput): ReadonlyMap<string, readonly MeshConfig[]> {
  const found = new Map<string, MeshConfig[]>();
  for (const [kind, group] of Object.entries(MESH_CONFIG_KINDS)) {
    for (const { cluster, manifest } of kinds.sorted(kind, group)) {
      const config = configIn(manifest, cluster);
      if (config) push(found, cluster, config);
    }
  }
  return found;
}

function configIn(manifest: Manifest, cluster: string): MeshConfig | undefined {
  const settings = settingsIn(manifest);
  if (settings) return settings.meshConfig ?? {};
  if (!isIstiodConfig(manifest)) return undefined;
  try {
    return meshConfigIn(manifest, cluster);
  } catch {
    // whoever reads it for its own sake says so
    return undefined;
  }
}

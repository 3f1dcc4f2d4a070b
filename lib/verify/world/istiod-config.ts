import { MeshError } from '../../facts/error';
import { describeManifest, type Manifest } from '../../facts/manifest';
import { yaml } from '../../facts/packages';
import { isRecord } from '../../facts/record';
import type { MeshConfig } from './mesh-config-types';

interface Settings extends Manifest {
  readonly data: { readonly mesh: string };
}

/** Whether an object is the ConfigMap with the settings of istiod: `istio`, or `istio-<revision>`. */
export function isIstiodConfig(manifest: Manifest): manifest is Settings {
  const { data } = manifest as { readonly data?: { readonly mesh?: unknown } | null };
  return manifest.kind === 'ConfigMap' && /^istio(-|$)/.test(manifest.metadata.name) && typeof data?.mesh === 'string';
}

/**
 * What istiod reads there.
 *
 * @param place where the object is, for messages.
 * @throws MESH4004 where it is no YAML, or not the fields of a MeshConfig.
 */
export function meshConfigIn(settings: Settings, cluster: string, place?: string): MeshConfig {
  const object = describeManifest(settings, cluster);
  const where = place ?? object;
  let config: unknown;
  try {
    config = yaml().parse(settings.data.mesh);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new MeshError('MESH4004', where, `data.mesh of ${object} is no YAML: ${reason}`);
  }
  if (config === null) return {};
  if (isRecord(config)) return config;
  throw new MeshError(
    'MESH4004',
    where,
    `data.mesh of ${object} is ${JSON.stringify(config)}; expected the fields of Istio's MeshConfig`,
  );
}

import { CODES } from '../facts/codes';
import type { Finding } from '../facts/finding';
import { apiGroup, describeManifest } from '../facts/manifest';
import type { ChartFile } from './chart-file';
import { isNamespaced } from './cluster-scoped';

/** Objects of clusters that state no namespace, though their kind has one: whoever applies them decides where they go. */
export function findPlaceless(files: readonly ChartFile[]): Finding[] {
  const { why, fix } = CODES.MESH1191;
  return files.flatMap(({ cluster, objects }) =>
    objects
      .filter(({ manifest }) => !manifest.metadata?.namespace && isNamespaced(apiGroup(manifest), manifest.kind))
      .map(({ construct, manifest }) => ({
        code: 'MESH1191',
        severity: 'warning',
        objects: [describeManifest(manifest, cluster)],
        message: `${describeManifest(manifest, cluster)} ('${construct.node.path}') states no namespace`,
        atRuntime: why,
        fix,
      })),
  );
}

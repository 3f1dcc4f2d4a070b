import { apiGroup, describeManifest, type Manifest } from '../../facts/manifest';
import { at, type Rule } from '../rule';

/** A hand-written object that the fleet writes, too. */
export const writtenTwice: Rule = {
  code: 'MESH3003',
  severity: 'error',
  title: 'hand-written object that the fleet writes, too',
  why: 'the one that is applied last wins',
  fix: 'remove one of them',
  reads: ['*'],
  check: ({ manifests, included }) => {
    if (included.length === 0) return [];
    const ours = new Map(manifests.map(({ cluster, manifest, path }) => [identity(cluster, manifest), path]));
    return included.flatMap(({ cluster, file, manifest }) => {
      const path = ours.get(identity(cluster, manifest));
      if (path === undefined) return [];
      return [
        {
          objects: [at(describeManifest(manifest, cluster), 'metadata.name')],
          message: `${file} holds ${describeManifest(manifest)}, which ${path} writes, too`,
        },
      ];
    });
  },
};

function identity(cluster: string, manifest: Manifest): string {
  const { namespace = '', name } = manifest.metadata;
  return [cluster, apiGroup(manifest), manifest.kind, namespace, name].join(' ');
}

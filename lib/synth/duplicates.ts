import type { Finding, Severity } from '../facts/finding';
import { groupBy } from '../facts/group-by';
import { apiGroup, describeManifest, type Manifest } from '../facts/manifest';
import { isClusterScoped } from './cluster-scoped';
import type { RenderedObject } from './render';

/**
 * Objects that are one and the same for the API server: same group, kind, namespace and name.
 *
 * @param objects those that go to one place.
 */
export function findDuplicates(objects: readonly RenderedObject[], severity: Severity, cluster?: string): Finding[] {
  const identities = new Set<string>();
  for (const { manifest } of objects) identities.add(identityOf(manifest));
  if (identities.size === objects.length) return [];
  return [...groupBy(objects, ({ manifest }) => identityOf(manifest)).values()]
    .filter((same) => same.length > 1)
    .map((same) => ({
      code: 'MESH2001',
      severity,
      objects: [describeManifest(same[0].manifest, cluster)],
      message: `${same.length} constructs write one object: ${same.map(({ construct }) => `'${construct.node.path}'`).join(', ')}`,
      atRuntime: 'all of them are applied, and the last one wins',
      fix: 'rename one of them, or remove the statement that repeats it',
    }));
}

function identityOf(manifest: Manifest): string {
  const group = apiGroup(manifest);
  const { name, namespace } = manifest.metadata;
  // cdk8s stamps the chart's namespace on every object; where the kind has none, the API server ignores it.
  const scope = isClusterScoped(group, manifest.kind) ? '' : (namespace ?? '');
  return `${group}\n${manifest.kind}\n${scope}\n${name}`;
}

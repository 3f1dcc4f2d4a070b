import type { Finding, Severity } from '../facts/finding';
import { apiGroup, describeManifest, type Manifest } from '../facts/manifest';
import { isClusterScoped } from './cluster-scoped';

/** An object among others that go to one place. */
export interface Located {
  readonly manifest: Manifest;
  /** Construct path. */
  readonly path: string;
}

/** Objects that are one and the same for the API server: same group, kind, namespace and name. */
export function findDuplicates(objects: readonly Located[], severity: Severity, cluster?: string): Finding[] {
  const byIdentity = new Map<string, Located[]>();
  for (const object of objects) {
    const identity = identityOf(object.manifest);
    const same = byIdentity.get(identity);
    if (same) {
      same.push(object);
    } else {
      byIdentity.set(identity, [object]);
    }
  }
  return [...byIdentity.values()]
    .filter((same) => same.length > 1)
    .map((same) => ({
      code: 'MESH2001',
      severity,
      objects: [describeManifest(same[0].manifest, cluster)],
      message: `${same.length} constructs write one object: ${same.map(({ path }) => `'${path}'`).join(', ')}`,
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

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../bed/paths';
import type { Scenario } from '../bed/scenario';
import { type CrdFile, type CrdSource, OSSM_2_6, OSSM_3 } from '../kubernetes/crds';

/** Folders of a scenario's clusters, below `dist/`. */
function clustersOf(scenario: string): string[] {
  return readdirSync(path.join(REPOSITORY, 'dist', scenario), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['contracts', 'values'].includes(entry.name))
    .map(({ name }) => name);
}

/** Which scenarios are for which version, by the ends of their names. */
const VERSIONS: readonly (readonly [pattern: RegExp, crds: readonly (CrdSource | CrdFile)[]])[] = [
  [/[/-]ossm(-allow-any)?$/, OSSM_2_6],
  [/[/-](ossm-3|sail)$/, OSSM_3],
];

const names = readdirSync(path.join(REPOSITORY, 'dist')).flatMap((family) =>
  readdirSync(path.join(REPOSITORY, 'dist', family)).map((variant) => `${family}/${variant}`),
);

/**
 * Every scenario for OpenShift Service Mesh: all objects are admitted by an API server that holds the CRDs of its
 * version. Its control plane cannot run here, so nothing is called.
 */
export default VERSIONS.flatMap(([pattern, crds]) =>
  names
    .filter((name) => pattern.test(name))
    .map(
      (name): Scenario => ({
        name: `ossm/${name}`,
        clusters: Object.fromEntries(
          clustersOf(name).map((cluster) => [
            cluster,
            { controlPlane: false, crds, apply: [`dist/${name}/${cluster}`] },
          ]),
        ),
      }),
    ),
);

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../bed/paths';
import type { Scenario } from '../bed/scenario';
import { OSSM_2_6 } from '../kubernetes/crds';

/** Folders of a scenario's clusters, below `dist/`. */
function clustersOf(scenario: string): string[] {
  return readdirSync(path.join(REPOSITORY, 'dist', scenario), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['contracts', 'values'].includes(entry.name))
    .map(({ name }) => name);
}

/**
 * Every scenario for OpenShift Service Mesh 2.6: all objects are admitted by an API server that holds its CRDs. Its
 * control plane cannot run here, so nothing is called.
 */
export default readdirSync(path.join(REPOSITORY, 'dist'))
  .flatMap((family) => readdirSync(path.join(REPOSITORY, 'dist', family)).map((variant) => `${family}/${variant}`))
  .filter((name) => /[/-]ossm(-allow-any)?$/.test(name))
  .map(
    (name): Scenario => ({
      name: `ossm/${name}`,
      clusters: Object.fromEntries(
        clustersOf(name).map((cluster) => [
          cluster,
          { controlPlane: false, crds: OSSM_2_6, apply: [`dist/${name}/${cluster}`] },
        ]),
      ),
    }),
  );

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../paths';
import type { Scenario } from '../scenario';

/** CustomResourceDefinitions of a cluster with OpenShift Service Mesh 2.6. */
const CRDS = [
  'istio-1.20.yaml',
  'maistra.io_servicemeshcontrolplanes.yaml',
  'maistra.io_servicemeshmemberrolls.yaml',
  'maistra.io_servicemeshmembers.yaml',
  'federation.maistra.io_exportedservicesets.yaml',
  'federation.maistra.io_importedservicesets.yaml',
  'federation.maistra.io_servicemeshpeers.yaml',
  'openshift-route.yaml',
  'cert-manager_certificates.yaml',
].map((file) => path.join('..', 'shared', 'crds', file));

/** Folders of a scenario's clusters, below `dist/`. */
function clustersOf(scenario: string): string[] {
  return readdirSync(path.join(REPOSITORY, 'dist', scenario), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'contracts')
    .map(({ name }) => name);
}

/**
 * Every scenario for OpenShift Service Mesh 2.6: all objects are admitted by an API server that holds its CRDs. Its
 * control plane cannot run here, so nothing is called.
 */
export default readdirSync(path.join(REPOSITORY, 'dist'))
  .filter((name) => name.endsWith('-ossm') || name.includes('-ossm-'))
  .map(
    (name): Scenario => ({
      name: `ossm/${name}`,
      clusters: Object.fromEntries(
        clustersOf(name).map((cluster) => [
          cluster,
          { controlPlane: false, crds: CRDS, apply: [`dist/${name}/${cluster}`] },
        ]),
      ),
    }),
  );

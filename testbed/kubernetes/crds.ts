import path from 'node:path';

/**
 * Files of CustomResourceDefinitions, relative to the repository. They are not part of it: a scenario that needs them
 * says so, and is not run where they are missing.
 */
const FOLDER = process.env.TESTBED_CRDS || path.join('..', 'shared', 'crds');

const files = (...names: string[]) => names.map((name) => path.join(FOLDER, name));

/** OpenShift's Route, besides Istio's own kinds. */
export const ROUTE = files('openshift-route.yaml');

/** cert-manager, besides Istio's own kinds. */
export const CERT_MANAGER = files(
  'cert-manager_certificates.yaml',
  'cert-manager_clusterissuers.yaml',
  'cert-manager_issuers.yaml',
);

/** What an OpenShift cluster with Service Mesh 2.6 serves; for clusters without a control plane. */
export const OSSM_2_6 = [
  ...files(
    'istio-1.20.yaml',
    'maistra.io_servicemeshcontrolplanes.yaml',
    'maistra.io_servicemeshmemberrolls.yaml',
    'maistra.io_servicemeshmembers.yaml',
    'federation.maistra.io_exportedservicesets.yaml',
    'federation.maistra.io_importedservicesets.yaml',
    'federation.maistra.io_servicemeshpeers.yaml',
  ),
  ...ROUTE,
  ...CERT_MANAGER,
];

/** What an OpenShift cluster with Service Mesh 3 serves; for clusters without a control plane. */
export const OSSM_3 = [...files('istio-1.31.yaml', 'sail_istios.yaml'), ...ROUTE, ...CERT_MANAGER];

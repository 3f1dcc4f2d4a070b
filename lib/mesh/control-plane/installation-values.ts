import type { Values } from '../../../imports/sail';
import { yaml } from '../../facts/packages';
import { furtherMeshConfig, istiodEnvironment, statesMore } from './mesh-config';
import type { ControlPlaneContext, ControlPlaneSettings } from './options';
import { smcpSettings } from './smcp';

/** Values of the chart `istiod`: the Sail operator, Helm and istioctl take the same. */
export function installationValues(settings: ControlPlaneSettings, trustDomain: string): Values {
  const { network, outboundTrafficPolicy, pathNormalization } = settings;
  const env = istiodEnvironment(settings);
  return {
    meshConfig: {
      trustDomain,
      outboundTrafficPolicy: { mode: outboundTrafficPolicy },
      ...(pathNormalization && { pathNormalization: { normalization: pathNormalization } }),
      ...furtherMeshConfig(settings),
    },
    ...(network !== undefined && { global: { network } }),
    ...(env && { pilot: { env } }),
  };
}

/** A file beside the objects, which nothing applies. */
export interface ValuesFile {
  /** Below the output directory. */
  readonly path: string;
  readonly text: string;
}

/**
 * What somebody else's installation must have, where a control plane that exists states more than every installation
 * has. It is no object, so it is not in the cluster's folder: `kubectl apply -f <folder>` and GitOps tools read every
 * YAML file of that and fail at one without a kind.
 */
export function valuesFile(settings: ControlPlaneSettings, context: ControlPlaneContext): ValuesFile | undefined {
  if (!statesMore(settings)) return undefined;
  const { cluster, mesh, platform, trustDomain } = context;
  const isSmcp = platform.has('ServiceMeshControlPlane');
  const about = isSmcp
    ? `# Part of spec of the ServiceMeshControlPlane of mesh ${mesh}: merge it.\n`
    : `# Values of the Helm chart istiod for mesh ${mesh} (helm upgrade -f); for istioctl below spec.values.\n`;
  const values = isSmcp ? smcpSettings(settings, trustDomain) : installationValues(settings, trustDomain);
  return { path: `values/${cluster}/${mesh}.yaml`, text: about + yaml().stringify(values, { lineWidth: 0 }) };
}

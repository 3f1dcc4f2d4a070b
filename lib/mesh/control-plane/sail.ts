import type { Construct } from 'constructs';
import { PeerAuthentication } from '../../../imports/istio';
import { Istio, IstioRevisionTag, type Values } from '../../../imports/sail';
import { Cluster } from '../../fleet/cluster';
import { installationValues } from './installation-values';
import { writeIstioCni } from './istio-cni';
import type { ControlPlaneContext, ControlPlaneSettings, SailOptions } from './options';

/**
 * An `Istio` of the Sail operator, named as the mesh, with the IstioRevisionTag and the IstioCNI that it needs.
 *
 * @param revision what namespaces and pods ask for.
 * @throws MESH1105 when the operator does not install the platform; MESH1123 for an IstioCNI of another version.
 */
export function writeSail(
  scope: Construct,
  settings: ControlPlaneSettings,
  context: ControlPlaneContext,
  options: SailOptions,
  revision: string,
): void {
  const { mesh, platform, where, annotations } = context;
  const { version = platform.sailVersion(where, 'ControlPlane.sail') as NonNullable<SailOptions['version']> } = options;
  const { updateStrategy, cni = platform.needsCni } = options;
  const { namespace, mtls } = settings;
  new Istio(scope, 'control-plane', {
    metadata: { name: mesh, annotations },
    spec: {
      namespace,
      version,
      ...(updateStrategy && { updateStrategy: { type: updateStrategy } }),
      values: withCni(installationValues(settings, context.trustDomain), cni),
    },
  });
  if (updateStrategy === 'RevisionBased' || revision !== mesh) {
    new IstioRevisionTag(scope, 'IstioRevisionTag', {
      metadata: { name: revision, annotations },
      spec: { targetRef: { kind: 'Istio', name: mesh } },
    });
  }
  if (cni) writeIstioCni(Cluster.of(scope), version, context);
  if (mtls) {
    new PeerAuthentication(scope, 'PeerAuthentication', {
      apiVersion: platform.apiVersion('PeerAuthentication'),
      metadata: { name: 'default', namespace },
      spec: { mtls: { mode: 'STRICT' } },
    });
  }
}

/** With a node agent, pods have no init container that redirects their traffic. */
function withCni(values: Values, cni: boolean): Values {
  return cni ? { ...values, pilot: { ...values.pilot, cni: { enabled: true } } } : values;
}

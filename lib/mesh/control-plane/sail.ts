import type { Construct } from 'constructs';
import { PeerAuthentication } from '../../../imports/istio';
import { Istio } from '../../../imports/sail';
import { installationValues } from './installation-values';
import type { ControlPlaneContext, ControlPlaneSettings, SailOptions } from './options';

/**
 * An `Istio` of the Sail operator, named as the mesh.
 *
 * @throws MESH1105 when the operator does not install the platform.
 */
export function writeSail(
  scope: Construct,
  settings: ControlPlaneSettings,
  context: ControlPlaneContext,
  version: SailOptions['version'],
): void {
  const { mesh, platform, where, annotations } = context;
  const newest = platform.sailVersion(where, 'ControlPlane.sail');
  const { namespace, mtls } = settings;
  new Istio(scope, 'control-plane', {
    metadata: { name: mesh, annotations },
    spec: { namespace, version: version ?? newest, values: installationValues(settings, context.trustDomain) },
  });
  if (mtls) {
    new PeerAuthentication(scope, 'PeerAuthentication', {
      apiVersion: platform.apiVersion('PeerAuthentication'),
      metadata: { name: 'default', namespace },
      spec: { mtls: { mode: 'STRICT' } },
    });
  }
}

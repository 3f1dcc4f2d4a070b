import { DestinationRule } from '../../imports/istio';
import type { MeshService } from '../facts/service';
import type { Mesh } from './mesh';
import type { MeshChart } from './mesh-chart';

/**
 * The DestinationRule of a service: all subsets that it declares, so that the rule does not depend on who uses them.
 *
 * A rule of its own takes the place of the mesh-wide one that OpenShift Service Mesh 2 makes with `mtls: true`
 * (rules of different namespaces are never merged), so it repeats its ISTIO_MUTUAL.
 */
export function writeSubsetRule(chart: MeshChart, mesh: Mesh, service: MeshService): void {
  const hidesMeshWideRule = mesh.platform.has('ServiceMeshControlPlane') && mesh.controlPlane.mtls;
  new DestinationRule(chart, 'DestinationRule', {
    apiVersion: mesh.platform.apiVersion('DestinationRule'),
    metadata: { name: service.name, namespace: service.namespace },
    spec: {
      host: service.host,
      ...(hidesMeshWideRule && { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }),
      subsets: Object.entries(service.subsets)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, labels]) => ({ name, labels })),
    },
  });
}

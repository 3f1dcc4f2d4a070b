import { k8s } from 'cdk8s-plus-27';
import { MeshError } from '../facts/error';
import { dnsLabel } from '../facts/names';
import type { Mesh } from '../fleet/mesh';
import type { MeshChart } from '../fleet/mesh-chart';

/**
 * NetworkPolicies that leave the pods of some namespaces no way out of the cluster but through other pods: the egress
 * gateway. Without them a pod can dial around the gateway; neither REGISTRY_ONLY nor a Sidecar resource stops it.
 *
 * Pods of the cluster stay reachable (DNS, istiod, other services), addresses outside do not.
 *
 * @throws MESH1208 for an empty list or a namespace that is none of the mesh.
 */
export function writeOnlyWayOut(
  chart: MeshChart,
  mesh: Mesh,
  peering: string,
  namespaces: string[],
  where: string,
): void {
  if (namespaces.length === 0) {
    throw new MeshError('MESH1208', where, 'onlyWayOut is empty; name the namespaces, or leave it out');
  }
  for (const namespace of new Set(namespaces)) {
    dnsLabel(namespace, where, 'namespace');
    if (!mesh.namespaces.includes(namespace)) {
      throw new MeshError(
        'MESH1208',
        where,
        `onlyWayOut names '${namespace}', which is no namespace of ${mesh.node.path}; it has ${mesh.namespaces.join(', ') || 'none'}: declare it with mesh.namespace('${namespace}')`,
      );
    }
    new k8s.KubeNetworkPolicy(chart, `NetworkPolicy ${namespace}`, {
      metadata: { name: `${peering}.only-way-out`, namespace },
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ to: [{ namespaceSelector: {} }] }],
      },
    });
  }
}

import { k8s } from 'cdk8s-plus-27';
import { MeshError } from '../../facts/error';
import { requireList } from '../../facts/kind-of';
import { dnsLabel } from '../../facts/names';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';
import type { PeeringName } from '../strategy';

/** Which namespaces are closed, and what stays open to them. */
export interface OnlyWayOut {
  /** The egress gateway. */
  readonly gateway: Gateway;
  readonly namespaces: string[];
  readonly peering: PeeringName;
}

/**
 * NetworkPolicies that leave the pods of some namespaces no way out of the cluster but through other pods: the egress
 * gateway. Without them a pod can dial around the gateway; neither REGISTRY_ONLY nor a Sidecar resource stops it.
 *
 * Pods of the cluster stay reachable (DNS, istiod, other services), addresses outside do not; nodes and what runs in
 * their network, such as the API server, count as outside. NetworkPolicies add up, so a further one can open more.
 *
 * @throws MESH1006 for something that is no list; MESH1208 for an empty one, a namespace that is none of the mesh, or that of the gateway.
 */
export function writeOnlyWayOut(chart: MeshChart, { gateway, namespaces, peering }: OnlyWayOut): void {
  const { where } = peering;
  const { mesh } = gateway;
  requireList(namespaces, where, "'onlyWayOut'");
  if (namespaces.length === 0) {
    throw new MeshError('MESH1208', where, 'onlyWayOut is empty; name the namespaces, or leave it out');
  }
  for (const namespace of new Set(namespaces)) {
    dnsLabel(namespace, where, 'namespace');
    if (namespace === gateway.namespace) {
      throw new MeshError(
        'MESH1208',
        where,
        `onlyWayOut names '${namespace}', where gateway ${gateway.node.path} is: it would be cut off itself; leave it out, and keep workloads out of that namespace`,
      );
    }
    if (!mesh.namespaces.includes(namespace)) {
      throw new MeshError(
        'MESH1208',
        where,
        `onlyWayOut names '${namespace}', which is no namespace of ${mesh.node.path}; it has ${mesh.namespaces.join(', ') || 'none'}: declare it with mesh.namespace('${namespace}')`,
      );
    }
    new k8s.KubeNetworkPolicy(chart, `NetworkPolicy ${namespace}`, {
      metadata: { name: `${peering.id}.only-way-out`, namespace },
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ to: [{ namespaceSelector: {} }] }],
      },
    });
  }
}

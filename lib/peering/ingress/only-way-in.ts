import { k8s } from 'cdk8s-plus-27';
import { MeshError } from '../../facts/error';
import { requireList } from '../../facts/kind-of';
import { dnsLabel } from '../../facts/names';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';
import type { PeeringName } from '../strategy';

/** Which namespaces are closed, and who still reaches them. */
export interface OnlyWayIn {
  /** The ingress gateway. */
  readonly gateway: Gateway;
  readonly namespaces: string[];
  readonly peering: PeeringName;
}

/**
 * NetworkPolicies that let nobody into the pods of some namespaces but each other and the pods of the ingress gateway:
 * within one cluster nothing else keeps the pods of one namespace from dialling those of another.
 *
 * NetworkPolicies add up, so a further one can open more; a node reaches its own pods (probes) whatever they say.
 *
 * @throws MESH1006 for something that is no list; MESH1208 for an empty one, a namespace that is none of the mesh, or that of the gateway.
 */
export function writeOnlyWayIn(chart: MeshChart, { gateway, namespaces, peering }: OnlyWayIn): void {
  const { where } = peering;
  const { mesh, selector } = gateway;
  requireList(namespaces, where, "'onlyWayIn'");
  if (namespaces.length === 0) {
    throw new MeshError('MESH1208', where, 'onlyWayIn is empty; name the namespaces, or leave it out');
  }
  const closed = [...new Set(namespaces)].sort();
  for (const namespace of closed) {
    dnsLabel(namespace, where, 'namespace');
    if (namespace === gateway.namespace) {
      throw new MeshError(
        'MESH1208',
        where,
        `onlyWayIn names '${namespace}', where gateway ${gateway.node.path} is: its peers would be cut off; leave it out, and keep workloads out of that namespace`,
      );
    }
    if (!mesh.namespaces.includes(namespace)) {
      throw new MeshError(
        'MESH1208',
        where,
        `onlyWayIn names '${namespace}', which is no namespace of ${mesh.node.path}; it has ${mesh.namespaces.join(', ') || 'none'}: declare it with mesh.namespace('${namespace}')`,
      );
    }
  }
  const inNamespaces = (names: string[]) => ({
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: names }],
  });
  for (const namespace of closed) {
    new k8s.KubeNetworkPolicy(chart, `NetworkPolicy ${namespace}`, {
      metadata: { name: `${peering.id}.only-way-in`, namespace },
      spec: {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [
              { namespaceSelector: inNamespaces(closed) },
              { namespaceSelector: inNamespaces([gateway.namespace]), podSelector: { matchLabels: selector } },
            ],
          },
        ],
      },
    });
  }
}

import { NetworkPolicy } from '../../../imports/kubernetes';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';
import { closedNamespaces } from '../hop/closed-namespaces';
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
 * @throws MESH1006, MESH1208 as `closedNamespaces` says.
 */
export function writeOnlyWayIn(chart: MeshChart, { gateway, namespaces, peering }: OnlyWayIn): void {
  const { where } = peering;
  const closed = closedNamespaces({
    option: 'onlyWayIn',
    namespaces,
    gateway,
    cutOff: 'its peers would be cut off',
    where,
  });
  const inNamespaces = (names: string[]) => ({
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: names }],
  });
  for (const namespace of closed) {
    new NetworkPolicy(chart, `NetworkPolicy ${namespace}`, {
      metadata: { name: `${peering.id}.only-way-in`, namespace },
      spec: {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [
              { namespaceSelector: inNamespaces(closed) },
              { namespaceSelector: inNamespaces([gateway.namespace]), podSelector: { matchLabels: gateway.selector } },
            ],
          },
        ],
      },
    });
  }
}

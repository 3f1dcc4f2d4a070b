import { NetworkPolicy } from '../../../imports/kubernetes';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';
import { closedNamespaces } from '../hop/closed-namespaces';
import type { PeeringName } from '../strategy';
import { closedAt } from './ways-around';

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
 * @throws MESH1006, MESH1208 as `closedNamespaces` says.
 */
export function writeOnlyWayOut(chart: MeshChart, { gateway, namespaces, peering }: OnlyWayOut): void {
  const { where } = peering;
  const closed = closedNamespaces({
    option: 'onlyWayOut',
    namespaces,
    gateway,
    cutOff: 'it would be cut off itself',
    where,
  });
  for (const namespace of closed) {
    closedAt(gateway.mesh).add(namespace);
    new NetworkPolicy(chart, `NetworkPolicy ${namespace}`, {
      metadata: { name: `${peering.id}.only-way-out`, namespace },
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ to: [{ namespaceSelector: {} }] }],
      },
    });
  }
}

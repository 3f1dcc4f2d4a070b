import { MeshError } from '../facts/error';
import { smcpServiceAccount } from '../facts/federation';
import type { ControlPlane } from './control-plane';
import type { SmcpGateway } from './control-plane/options';
import { smcpGateways } from './control-plane/smcp';
import type { SmcpGatewayProps } from './gateway-options';
import { type Reached, serviceOf } from './gateway-service';
import type { GatewayPods } from './gateway-site';
import { serviceFront } from './load-balancer';
import { ownKeys } from './own-keys';
import { podPlacement } from './placement';
import { containerResources } from './resources';

/** Where the pods of a gateway are that the operator deploys. */
export function smcpPods({ namespace }: ControlPlane, id: string): GatewayPods {
  return {
    namespace,
    service: id,
    serviceAccount: smcpServiceAccount(id),
    selector: { istio: id.startsWith('istio-') ? id.slice('istio-'.length) : id },
  };
}

/** @throws MESH1117 when only some proxies ask for other roots, which the operator does not let a gateway do. */
export function checkSmcpRoots(props: SmcpGatewayProps, { otherRoots }: ControlPlane, where: string): void {
  if (!props.believesOtherRoots || otherRoots?.reach !== 'gateways') return;
  throw new MeshError(
    'MESH1117',
    where,
    'the operator deploys the gateway, so it cannot be told to ask for roots; use OtherRoots.byEveryProxy, or a gateway by injection',
  );
}

/** A gateway as part of a ServiceMeshControlPlane. */
export function smcpPart(
  gateway: Reached & GatewayPods & { readonly name: string },
  props: SmcpGatewayProps,
  where: string,
): SmcpGateway {
  const { name, kind, namespace, selector, ports } = gateway;
  const { nodePorts, type: usual, loadBalancerIP, externalTrafficPolicy } = serviceOf(gateway);
  const own = props.service;
  const type = own?.type ?? usual;
  const labels = { ...selector, ...own?.labels };
  const front = serviceFront(props, { type, labels, where });
  const annotations = { ...own?.annotations, ...front.annotations };
  const runtime = smcpRuntime(props, selector, where);
  return {
    name,
    kind,
    namespace,
    ...(props.requestedNetworkView && { requestedNetworkView: props.requestedNetworkView }),
    // labels of the Service become labels of the pods; the selector of the SMCP's service section is ignored
    service: {
      type,
      ...(loadBalancerIP !== undefined && { loadBalancerIP: loadBalancerIP }),
      ...(externalTrafficPolicy && { externalTrafficPolicy }),
      ...front.spec,
      metadata: {
        labels: { ...labels, ...front.labels },
        ...(Object.keys(annotations).length > 0 && { annotations }),
      },
      ports: ports.map(({ name: port, number, targetPort }) => ({
        name: port,
        port: number,
        targetPort,
        ...(nodePorts.has(number) && { nodePort: nodePorts.get(number) }),
      })),
    },
    ...(Object.keys(runtime).length > 0 && { runtime }),
  };
}

/** What its pods and their container have beside what the operator gives them. */
function smcpRuntime(
  props: SmcpGatewayProps,
  selector: Readonly<Record<string, string>>,
  where: string,
): Record<string, unknown> {
  const stated = props.podAnnotations;
  const annotations = ownKeys({ option: 'podAnnotations', stated, written: {}, kind: 'annotations', where });
  const resources = containerResources(props.resources, where);
  const pod = {
    ...(Object.keys(annotations).length > 0 && { metadata: { annotations } }),
    ...podPlacement(props, selector, where),
  };
  return { ...(resources && { container: { resources } }), ...(Object.keys(pod).length > 0 && { pod }) };
}

/** @throws MESH1115 when somebody else writes the control plane: the message holds the fragment to add to it. */
export function requireOwnSmcp({ kind }: ControlPlane, part: SmcpGateway, where: string): void {
  if (kind === 'smcp') return;
  throw new MeshError(
    'MESH1115',
    where,
    `the ServiceMeshControlPlane exists and is not ours to write; add this gateway to it and use Gateway.existing:\n${JSON.stringify({ gateways: smcpGateways([part]) }, null, 2)}`,
  );
}

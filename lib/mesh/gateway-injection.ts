import {
  Deployment,
  HorizontalPodAutoscaler,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  ServiceAccount,
} from '../../imports/kubernetes';
import { MeshError } from '../facts/error';
import { ASK_FOR_ROOTS } from './control-plane/mesh-config';
import { serviceOf } from './gateway-service';
import type { GatewaySite } from './gateway-site';

/**
 * A gateway by injection (Istio's "gateway" injection template): istiod fills the container in.
 *
 * The Service names every port: istiod maps the port of a Gateway resource through it to the port of the pod.
 */
export function writeInjectedGateway(gateway: GatewaySite, [min, max]: [number, number]): void {
  const { chart, namespace, selector } = gateway;
  const name = gateway.service;
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max < min) {
    throw new MeshError(
      'MESH1113',
      gateway.where,
      `replicas [${min}, ${max}] is malformed; expected whole numbers [fewest, most] with 1 <= fewest <= most`,
    );
  }
  const metadata = { name, namespace, labels: selector };
  new ServiceAccount(chart, 'ServiceAccount', { metadata });
  new Deployment(chart, 'Deployment', {
    metadata,
    spec: {
      // with an autoscaler the number of pods is not ours: applying it again would undo the scaling
      ...(min === max && { replicas: min }),
      selector: { matchLabels: selector },
      template: {
        metadata: {
          annotations: {
            'inject.istio.io/templates': 'gateway',
            ...(gateway.asksForRoots && { 'proxy.istio.io/config': JSON.stringify({ proxyMetadata: ASK_FOR_ROOTS }) }),
          },
          labels: { ...selector, ...gateway.podLabels },
        },
        spec: {
          serviceAccountName: name,
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          containers: [{ name: 'istio-proxy', image: 'auto' }],
        },
      },
    },
  });
  const { ports } = gateway;
  const { nodePorts, ...service } = serviceOf(gateway);
  new Service(chart, 'Service', {
    metadata,
    spec: {
      ...service,
      selector,
      ports: ports.map((port) => ({
        name: port.name,
        port: port.number,
        targetPort: port.targetPort,
        protocol: 'TCP',
        ...(nodePorts.has(port.number) && { nodePort: nodePorts.get(port.number) }),
      })),
    },
  });
  if (max > min) {
    new HorizontalPodAutoscaler(chart, 'HorizontalPodAutoscaler', {
      metadata,
      spec: {
        minReplicas: min,
        maxReplicas: max,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
    });
  }
  // with a single pod a budget would block every drain of its node
  if (min > 1) {
    new PodDisruptionBudget(chart, 'PodDisruptionBudget', {
      metadata,
      spec: { minAvailable: 1, selector: { matchLabels: selector } },
    });
  }
  if (gateway.kind === 'ingress' && gateway.platform.has('ServiceMeshMember')) {
    // members of an OpenShift Service Mesh 2 are closed to everybody outside the mesh
    new NetworkPolicy(chart, 'NetworkPolicy', {
      metadata,
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ['Ingress'],
        ingress: [{ ports: ports.map(({ targetPort }) => ({ port: targetPort, protocol: 'TCP' })) }],
      },
    });
  }
}

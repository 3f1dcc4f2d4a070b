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
import type { GatewayProps } from './gateway-options';
import { serviceOf } from './gateway-service';
import type { GatewaySite } from './gateway-site';
import { serviceFront } from './load-balancer';
import { ownKeys } from './own-keys';
import { podPlacement } from './placement';
import { containerResources } from './resources';

/**
 * A gateway by injection (Istio's "gateway" injection template): istiod fills the container in.
 *
 * The Service names every port: istiod maps the port of a Gateway resource through it to the port of the pod.
 */
export function writeInjectedGateway(gateway: GatewaySite, props: GatewayProps): void {
  const { chart, namespace, selector } = gateway;
  const [min, max] = props.replicas ?? [2, 5];
  const name = gateway.service;
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max < min) {
    throw new MeshError(
      'MESH1113',
      gateway.where,
      `replicas [${min}, ${max}] is malformed; expected whole numbers [fewest, most] with 1 <= fewest <= most`,
    );
  }
  const metadata = { name, namespace, labels: selector };
  const pods = podsOf(gateway, props, max > min);
  new ServiceAccount(chart, 'ServiceAccount', { metadata });
  new Deployment(chart, 'Deployment', {
    metadata,
    spec: {
      // with an autoscaler the number of pods is not ours: applying it again would undo the scaling
      ...(min === max && { replicas: min }),
      selector: { matchLabels: selector },
      template: {
        metadata: { annotations: pods.annotations, labels: { ...selector, ...gateway.podLabels } },
        spec: {
          serviceAccountName: name,
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          ...pods.placement,
          containers: [{ name: 'istio-proxy', image: 'auto', resources: pods.resources }],
        },
      },
    },
  });
  const { ports } = gateway;
  const { nodePorts, ...service } = serviceOf({ ...gateway, isInner: props.isInner });
  const front = serviceFront(props, { type: service.type, labels: selector, where: gateway.where });
  new Service(chart, 'Service', {
    metadata: {
      ...metadata,
      labels: { ...selector, ...front.labels },
      ...(Object.keys(front.annotations).length > 0 && { annotations: front.annotations }),
    },
    spec: {
      ...service,
      ...front.spec,
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

/** What the pods of a gateway ask for where nothing is stated: what Istio's own chart does. */
const RESOURCES = { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2000m', memory: '1024Mi' } };

const RENDERED = containerResources(RESOURCES, 'gateway');

/** What the user states of the pods, beside what injection needs. */
function podsOf({ asksForRoots, selector, where }: GatewaySite, props: GatewayProps, isScaled: boolean) {
  const written = {
    'inject.istio.io/templates': 'gateway',
    ...(asksForRoots && { 'proxy.istio.io/config': JSON.stringify({ proxyMetadata: ASK_FOR_ROOTS }) }),
  };
  const stated = props.podAnnotations;
  const { resources = RESOURCES } = props;
  const rendered = resources === RESOURCES ? RENDERED : containerResources(resources, where);
  if (isScaled && (resources.requests?.cpu ?? resources.limits?.cpu) === undefined) {
    throw new MeshError(
      'MESH1164',
      where,
      'resources requests no cpu, and the gateway scales on the part of it that it uses; state requests: { cpu: … }, or replicas: [n, n]',
    );
  }
  return {
    annotations: { ...written, ...ownKeys({ option: 'podAnnotations', stated, written, kind: 'annotations', where }) },
    placement: podPlacement(props, selector, where),
    resources: rendered,
  };
}

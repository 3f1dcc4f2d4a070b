import { Duration } from 'cdk8s';
import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  MtlsPolicy,
  Ossm,
  PeeringTls,
  type Platform,
  Port,
  Probe,
  TrustBundle,
  Workload,
} from '../lib';

/** What runs the gateways: nodes of their own, and what a proxy needs of them. */
const onInfraNodes = {
  nodeSelector: { 'node-role.kubernetes.io/infra': '' },
  tolerations: [{ key: 'node-role.kubernetes.io/infra', operator: 'Exists', effect: 'NoSchedule' }],
  priorityClassName: 'system-cluster-critical',
  resources: { requests: { cpu: '500m', memory: '256Mi' }, limits: { memory: '1Gi' } },
  podAnnotations: { 'proxy.istio.io/config': '{"concurrency": 2}' },
};

/** A load balancer for the own network alone, as Azure takes it. */
const internal = {
  serviceAnnotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' },
  serviceLabels: { 'example.com/team': 'platform' },
  loadBalancerSourceRanges: ['10.0.0.0/8'],
};

interface Sides {
  readonly platform: Platform;
  readonly store: Mesh;
  readonly ingress: Gateway;
}

/** A store that other meshes of the company call: its mesh takes nothing but mTLS, and its pods are probed. */
function production(fleet: Fleet, { platform, store, ingress }: Sides): void {
  const shop = new Mesh(new Cluster(fleet, 'shop'), 'shop', {
    platform,
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  shop.namespace('orders', { create: true });
  store.namespace('stock', { create: true });
  new MtlsPolicy(store, 'strict', { mode: 'STRICT', namespace: 'stock' });

  const stock = store.service('stock', { namespace: 'stock', ports: [Port.http(80, { targetPort: 8080 })] });
  new Workload(store, 'stock', {
    service: stock,
    image: 'quay.io/example/stock:1.0',
    replicas: 2,
    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
    startup: Probe.tcp({ period: Duration.seconds(1), failures: 60 }),
    readiness: Probe.http('/ready', { period: Duration.seconds(5) }),
    liveness: Probe.http('/alive'),
  });

  new DirectPeering(fleet, 'stock', {
    consumer: shop,
    provider: store,
    ingress,
    tls: PeeringTls.simple({
      server: Credential.secret('stock-server', {
        identity: Identity.dns('stock.store.example'),
        signer: TrustBundle.declared('store-ca'),
      }),
    }),
    callers: Callers.workload({ namespace: 'orders', labels: { app: 'web' }, serviceAccounts: ['web'] }),
  }).expose(stock, { host: 'stock.store.example', allow: [Access.http({ methods: ['GET'] })] });
}

export function istio(fleet: Fleet): void {
  const platform = Istio.v1_31();
  const store = new Mesh(new Cluster(fleet, 'store'), 'store', {
    platform,
    controlPlane: ControlPlane.existing('istio-system'),
  });
  store.namespace('store-gateways', { create: true });
  const ingress = new Gateway(store, 'internal', {
    kind: 'ingress',
    namespace: 'store-gateways',
    ...onInfraNodes,
    ...internal,
    externalTrafficPolicy: 'Local',
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
    ],
  });
  production(fleet, { platform, store, ingress });
}

/** The same with a gateway that the operator of OpenShift Service Mesh 2.6 deploys. */
export function ossm(fleet: Fleet): void {
  const platform = Ossm.v2_6();
  const store = new Mesh(new Cluster(fleet, 'store'), 'store', {
    platform,
    controlPlane: ControlPlane.smcp('istio-system'),
  });
  const ingress = Gateway.smcp(store, 'internal', {
    kind: 'ingress',
    ...onInfraNodes,
    ...internal,
    externalTrafficPolicy: 'Local',
  });
  production(fleet, { platform, store, ingress });
}

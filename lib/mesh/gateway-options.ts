import type { Address } from '../facts/address';
import type { GatewayPort } from './gateway-port';
import type { LoadBalancerClass, ServiceFront } from './load-balancer';
import type { NodePlacement, Placement } from './placement';
import type { Resources } from './resources';
import type { RouteFront } from './route-front';
import type { ServerTls } from './server-tls';

/** How a gateway's policies are written. The two exclude each other: of two filters only what both allow would pass. */
export type GatewayRendering = 'AuthorizationPolicy' | 'EnvoyFilter';

/** What every gateway may state. */
export interface GatewayOptions {
  /** Whether it takes calls into the mesh or out of it. */
  readonly kind: 'ingress' | 'egress';
  /**
   * Ports of its Service.
   * @default - 80 and 443 (ingress), 443 (egress)
   */
  readonly ports?: GatewayPort[];
  /**
   * How its callers reach it (ingress only). It decides the type of a Service that we write: NodePort for ports of
   * nodes, LoadBalancer otherwise; ClusterIP behind a Route and without an address, as OpenShift's router dials pods, and
   * where it is the Service itself (`<id>.<namespace>.svc.cluster.local`), which pods of its cluster alone dial.
   * @default - the host of each exposure resolves to it
   */
  readonly address?: Address;
  /**
   * An OpenShift Route in front of it, one per host (ingress only).
   * @default - none
   */
  readonly route?: RouteFront;
  /**
   * Whether it refuses every call that no exposure allows. Needed wherever callers are told apart by certificate; it
   * concerns every host of the gateway, also those that others put on it.
   * @default - true for gateways that we write, false for existing ones
   */
  readonly denyByDefault?: boolean;
  /**
   * How it is written who may call: in AuthorizationPolicies, one per exposure, or in one EnvoyFilter that holds all of
   * them (ingress with `denyByDefault` only, and for private gateways alone). Both deny whatever no exposure allows.
   * @default 'AuthorizationPolicy'
   */
  readonly policies?: GatewayRendering;
  /**
   * Whether its proxies believe the other roots of their control plane, too (`OtherRoots.byGateways`; every proxy does
   * with `OtherRoots.byEveryProxy`). Of a gateway that exists it is a fact.
   * @default - whether every proxy of the mesh does
   */
  readonly believesOtherRoots?: boolean;
  /**
   * Versions and ciphers of TLS that clients may use wherever it ends their TLS, for exposures that state none of their own
   * (ingress only).
   * @default - Istio's own: TLS 1.2 and 1.3
   */
  readonly serverTls?: ServerTls;
}

/** What the Service of a gateway states that is written for it. */
export interface WrittenService extends ServiceFront {
  /**
   * Whether nodes hand connections from outside to pods of other nodes, and hide the caller's address from the gateway by
   * that (`Cluster`), or to their own alone, and keep it (`Local`): load balancers then use only nodes with a pod of the
   * gateway. Exposures with `ipBlocks` need `Local`. For Services of type LoadBalancer and NodePort.
   * @default 'Cluster', as Kubernetes has it
   */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
}

/** What the pods of a gateway state that is deployed here. */
export interface GatewayPodOptions {
  /**
   * Annotations of the pods, such as `proxy.istio.io/config`.
   * @default - none
   */
  readonly podAnnotations?: Record<string, string>;
  /**
   * What the proxy asks of its node.
   * @default - of a gateway by injection what Istio's own chart states (100m and 128Mi, at most 2000m and 1024Mi); of one
   * in a ServiceMeshControlPlane what the operator gives it
   */
  readonly resources?: Resources;
}

/** What a gateway that we deploy states. */
export interface GatewayProps extends GatewayOptions, WrittenService, LoadBalancerClass, GatewayPodOptions, Placement {
  /** Namespace of its pods, which is also where Istio looks for its Secrets. */
  readonly namespace: string;
  /**
   * Fewest and most pods; with more than one of difference a HorizontalPodAutoscaler scales on CPU.
   * @default [2, 5]
   */
  readonly replicas?: [number, number];
  /** @internal whether pods of its cluster alone call it, though no address says so. */
  readonly isInner?: boolean;
}

/** A gateway as part of a ServiceMeshControlPlane. */
export interface SmcpGatewayProps extends GatewayOptions, WrittenService, GatewayPodOptions, NodePlacement {
  /** @internal what its Service has besides ports and the label that selects its pods. */
  readonly service?: {
    /** Where it does not follow from the address. */
    readonly type?: 'ClusterIP';
    readonly labels: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  /** @internal networks whose endpoints it is told; absent: all. */
  readonly requestedNetworkView?: string[];
}

/** What is known of a gateway that exists. */
export interface ExistingGatewayProps extends GatewayOptions {
  /** Namespace of its pods, which is also where Istio looks for its Secrets. */
  readonly namespace: string;
  /** Labels of its pods, by which Gateway resources select it. */
  readonly selector: Record<string, string>;
  /**
   * Name of its Service.
   * @default - the id
   */
  readonly service?: string;
  /**
   * ServiceAccount of its pods; to be stated where policies name the gateway by it (private gateways, federation).
   * @default - the name of the Service
   */
  readonly serviceAccount?: string;
}

import type { PathNormalization } from '../../facts/fleet';
import type { Platform } from '../../platform/platform';
import type { OtherRoots } from '../../trust/other-roots';
import type { SailIstioVersion } from './sail-version';

/** What happens to calls to hosts that the mesh does not know (`outboundTrafficPolicy.mode`). */
export type OutboundTrafficPolicy = 'ALLOW_ANY' | 'REGISTRY_ONLY';

/**
 * What every control plane may state. Of one that we write it becomes the object; of one that exists it is a fact, and
 * what goes beyond an installation's defaults is printed to `dist/values/<cluster>/<mesh>.yaml`.
 */
export interface ControlPlaneOptions {
  /**
   * What happens to calls to hosts that the mesh does not know.
   * @default 'ALLOW_ANY' - Istio's own default
   */
  readonly outboundTrafficPolicy?: OutboundTrafficPolicy;
  /**
   * Whether the whole mesh takes mTLS only: a PeerAuthentication STRICT in the namespace of the control plane. On
   * OpenShift Service Mesh 2 the control plane makes it, together with a DestinationRule `*.<domain>` ISTIO_MUTUAL, which
   * catches every host of the cluster that no other rule names.
   * @default false
   */
  readonly mtls?: boolean;
  /**
   * Network name, for meshes whose pods cannot reach each other directly.
   * @default - none
   */
  readonly network?: string;
  /**
   * Whether the proxy answers the DNS questions of its pod (`ISTIO_META_DNS_CAPTURE`): names of ServiceEntries, which no
   * DNS server knows, resolve then.
   * @default false - Istio's own default
   */
  readonly dnsCapture?: boolean;
  /**
   * Trust domains whose identities count as those of the mesh's own (`trustDomainAliases`). A policy that names an
   * identity of one of them names the same path in all of them, also in the own one; `OtherRoots.byEveryProxy` with
   * `trustDomains` does not widen policies.
   * @default - none
   */
  readonly trustDomainAliases?: string[];
  /**
   * Roots that proxies believe besides the mesh's own.
   * @default - none
   */
  readonly otherRoots?: OtherRoots;
  /**
   * What proxies make of paths before policies look at them. With less than `DECODE_AND_MERGE_SLASHES` an access rule
   * for `/public/*` lets `/public/..%2fsecret` pass as it is, for the application to resolve.
   * @default - not stated: Istio's own default, BASE
   */
  readonly pathNormalization?: PathNormalization;
  /**
   * Whether workload certificates come from a certificate authority plugged in as Secret `cacerts` in the
   * control plane's namespace (`ca-cert.pem`, `ca-key.pem`, `root-cert.pem`, `cert-chain.pem`).
   * @default false - istiod signs with a root of its own, or another authority signs (istio-csr)
   */
  readonly pluggedInCa?: boolean;
}

/** What a control plane that exists already may state. */
export interface ExistingControlPlaneOptions extends ControlPlaneOptions {
  /**
   * Name of the ServiceMeshControlPlane (OpenShift Service Mesh 2 only).
   * @default - the id of the mesh
   */
  readonly name?: string;
  /**
   * Revision or revision tag of istiod, as the label `istio.io/rev` of namespaces and pods names it. Namespaces and pods
   * that we write carry it. Not on OpenShift Service Mesh 2, where namespaces are members.
   * @default 'default' - the label is `istio-injection: enabled`
   */
  readonly revision?: string;
}

/** What a control plane that we write may state. */
export interface WrittenControlPlaneOptions extends ControlPlaneOptions {}

/** What a control plane written through the Sail operator may state. */
export interface SailOptions extends WrittenControlPlaneOptions {
  /**
   * Istio version to install, as the operator's `spec.version` names it.
   * @default - the newest of the platform's minor version
   */
  readonly version?: SailIstioVersion;
  /**
   * How the operator upgrades: the istiod that is there, or a new one beside it, whose revision is then named
   * `<mesh>-v<version>`, so that an IstioRevisionTag stands for it.
   * @default - not stated: the operator's own default, InPlace
   */
  readonly updateStrategy?: 'InPlace' | 'RevisionBased';
  /**
   * What namespaces and pods ask for (`istio.io/rev`; `istio-injection: enabled` where it is `default`). The operator
   * names the revision after the Istio resource, so after the mesh; of another name, and with RevisionBased, it is an
   * IstioRevisionTag, which is written. (Sail operator, "Revision tags"; a tag cannot have the name of a revision.)
   * @default - the id of the mesh
   */
  readonly revision?: string;
  /**
   * Whether the IstioCNI of the cluster is ours to write, and pods rely on it: the node agent that redirects the traffic
   * of pods. It is one per cluster, of the name `default`; meshes of one cluster share it.
   * @default - true on OpenShift Service Mesh 3, which needs it; false on Istio
   */
  readonly cni?: boolean;
}

/** A control plane as those see it that write it. */
export interface ControlPlaneSettings {
  /** Namespace of istiod, which is also the root namespace of the mesh's configuration. */
  readonly namespace: string;
  readonly outboundTrafficPolicy: OutboundTrafficPolicy;
  /** Whether it asks for mTLS in the whole mesh. */
  readonly mtls: boolean;
  /** Whether workload certificates come from the authority in Secret `cacerts`. */
  readonly pluggedInCa: boolean;
  /** Network name, where it has one. */
  readonly network?: string;
  /** Whether the proxy answers the DNS questions of its pod. */
  readonly dnsCapture: boolean;
  /** Trust domains whose identities count as those of the mesh's own, sorted. */
  readonly trustDomainAliases: readonly string[];
  /** Roots that proxies believe besides the mesh's own. */
  readonly otherRoots?: OtherRoots;
  /** What proxies make of paths before policies look at them, where it is stated. */
  readonly pathNormalization?: PathNormalization;
}

/** A gateway as part of a ServiceMeshControlPlane. */
export interface SmcpGateway {
  readonly name: string;
  readonly kind: 'ingress' | 'egress';
  readonly namespace: string;
  readonly service: Record<string, unknown>;
  /** What its pods and their container have beside what the operator gives them. */
  readonly runtime?: Record<string, unknown>;
  /** Networks whose endpoints an egress gateway is told; absent: all. */
  readonly requestedNetworkView?: string[];
}

/** What a control plane needs of its mesh to be written. */
export interface ControlPlaneContext {
  readonly mesh: string;
  /** Name of the cluster. */
  readonly cluster: string;
  readonly platform: Platform;
  readonly trustDomain: string;
  /** Construct path, for messages. */
  readonly where: string;
  readonly annotations: Record<string, string>;
  /** Gateways that are part of it, once everything is stated. */
  readonly gateways: () => SmcpGateway[];
}

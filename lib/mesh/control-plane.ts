import { Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import * as istio from '../../imports/istio';
import { ServiceMeshControlPlane } from '../../imports/maistra';
import { Istio, type IstioSpec } from '../../imports/sail';
import type { PathNormalization } from '../facts/fleet';
import { dnsLabel } from '../facts/names';
import type { Platform } from '../platform/platform';

/** What happens to calls to hosts that the mesh does not know (`outboundTrafficPolicy.mode`). */
export type OutboundTrafficPolicy = 'ALLOW_ANY' | 'REGISTRY_ONLY';

/** What every control plane may state. */
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
   * What proxies make of paths before policies look at them. With less than `DECODE_AND_MERGE_SLASHES` an access rule
   * for `/public/*` lets `/public/..%2fsecret` pass as it is, for the application to resolve.
   * @default - not stated: Istio's own default, BASE
   */
  readonly pathNormalization?: PathNormalization;
}

/** What a control plane that exists already may state. */
export interface ExistingControlPlaneOptions extends ControlPlaneOptions {
  /**
   * Name of the ServiceMeshControlPlane (OpenShift Service Mesh 2 only).
   * @default - the id of the mesh
   */
  readonly name?: string;
}

/** What a control plane that we write may state. */
export interface WrittenControlPlaneOptions extends ControlPlaneOptions {
  /**
   * Whether workload certificates come from a certificate authority plugged in as Secret `cacerts` in the
   * control plane's namespace (`ca-cert.pem`, `ca-key.pem`, `root-cert.pem`, `cert-chain.pem`).
   * @default false - istiod signs with a root of its own
   */
  readonly pluggedInCa?: boolean;
}

/** What a control plane written through the Sail operator may state. */
export interface SailOptions extends WrittenControlPlaneOptions {
  /**
   * Istio version to install, as the operator's `spec.version` names it.
   * @default - the newest of the platform's minor version
   */
  readonly version?: NonNullable<IstioSpec['version']>;
}

/** A gateway as part of a ServiceMeshControlPlane. */
export interface SmcpGateway {
  readonly name: string;
  readonly kind: 'ingress' | 'egress';
  readonly namespace: string;
  readonly service: Record<string, unknown>;
}

/** Names of the two gateways that every ServiceMeshControlPlane has. */
const SMCP_DEFAULTS = { ingress: 'istio-ingressgateway', egress: 'istio-egressgateway' };

/** What `ControlPlane.write` needs of its mesh. */
export interface ControlPlaneContext {
  readonly mesh: string;
  readonly platform: Platform;
  readonly trustDomain: string;
  /** Construct path, for messages. */
  readonly where: string;
  readonly annotations: Record<string, string>;
  /** Gateways that are part of it, once everything is stated. */
  readonly gateways: () => SmcpGateway[];
}

/** Where istiod is and who writes it. A value. */
export abstract class ControlPlane {
  /** It exists; nothing is written. */
  public static existing(namespace: string, options: ExistingControlPlaneOptions = {}): ControlPlane {
    return new ExistingControlPlane(namespace, options);
  }

  /** A ServiceMeshControlPlane (OpenShift Service Mesh 2), named as the mesh. */
  public static smcp(namespace: string, options: WrittenControlPlaneOptions = {}): ControlPlane {
    return new SmcpControlPlane(namespace, options);
  }

  /** An `Istio` of the Sail operator (upstream, or OpenShift Service Mesh 3), named as the mesh. */
  public static sail(namespace: string, options: SailOptions = {}): ControlPlane {
    return new SailControlPlane(namespace, options);
  }

  /** What happens to calls to hosts that the mesh does not know. */
  public readonly outboundTrafficPolicy: OutboundTrafficPolicy;
  /** Whether it asks for mTLS in the whole mesh. */
  public readonly mtls: boolean;
  /** Whether workload certificates come from the authority in Secret `cacerts`. */
  public readonly pluggedInCa: boolean;
  /** Network name, where it has one. */
  public readonly network?: string;
  /** What proxies make of paths before policies look at them, where it is stated. */
  public readonly pathNormalization?: PathNormalization;
  /** Who writes it, as `dist/fleet.json` calls it. */
  public abstract readonly kind: 'existing' | 'smcp' | 'sail';

  /** @internal */
  protected constructor(
    /** Namespace of istiod, which is also the root namespace of the mesh's configuration. */
    public readonly namespace: string,
    options: ControlPlaneOptions & Pick<WrittenControlPlaneOptions, 'pluggedInCa'>,
  ) {
    dnsLabel(namespace, 'ControlPlane', 'namespace');
    this.outboundTrafficPolicy = options.outboundTrafficPolicy ?? 'ALLOW_ANY';
    this.mtls = options.mtls ?? false;
    this.pluggedInCa = options.pluggedInCa ?? false;
    this.network = options.network;
    this.pathNormalization = options.pathNormalization;
  }

  /** Name of its own object, where it has one. */
  public name(mesh: string): string {
    return mesh;
  }

  /** @internal */
  public abstract write(scope: Construct, context: ControlPlaneContext): void;
}

class ExistingControlPlane extends ControlPlane {
  public readonly kind = 'existing';

  constructor(
    namespace: string,
    private readonly options: ExistingControlPlaneOptions,
  ) {
    super(namespace, options);
  }

  public override name(mesh: string): string {
    return this.options.name ?? mesh;
  }

  public override write(): void {}
}

class SmcpControlPlane extends ControlPlane {
  public readonly kind = 'smcp';

  constructor(namespace: string, options: WrittenControlPlaneOptions) {
    super(namespace, options);
  }

  public override write(scope: Construct, context: ControlPlaneContext): void {
    context.platform.require('ServiceMeshControlPlane', context.where, 'ControlPlane.smcp');
    const { pathNormalization } = this;
    new ServiceMeshControlPlane(scope, 'control-plane', {
      metadata: { name: context.mesh, namespace: this.namespace, annotations: context.annotations },
      spec: {
        version: 'v2.6',
        mode: 'MultiTenant',
        security: {
          dataPlane: { mtls: this.mtls, automtls: true },
          trust: { domain: context.trustDomain },
          ...(this.pluggedInCa && {
            certificateAuthority: { type: 'Istiod', istiod: { type: 'PrivateKey' } },
          }),
        },
        proxy: { networking: { trafficControl: { outbound: { policy: this.outboundTrafficPolicy } } } },
        // where OpenShift Service Mesh 2 takes it
        ...(pathNormalization && { techPreview: { global: { pathNormalization } } }),
        // routes are written explicitly, one per host; the operator must not make its own
        gateways: Lazy.any({
          produce: () => ({ openshiftRoute: { enabled: false }, ...smcpGateways(context.gateways()) }),
        }),
      },
    });
  }
}

class SailControlPlane extends ControlPlane {
  public readonly kind = 'sail';

  constructor(
    namespace: string,
    private readonly options: SailOptions,
  ) {
    super(namespace, options);
  }

  public override write(scope: Construct, context: ControlPlaneContext): void {
    const newest = context.platform.sailVersion(context.where, 'ControlPlane.sail');
    const { network, pathNormalization } = this;
    new Istio(scope, 'control-plane', {
      metadata: { name: context.mesh, annotations: context.annotations },
      spec: {
        namespace: this.namespace,
        version: this.options.version ?? newest,
        values: {
          meshConfig: {
            trustDomain: context.trustDomain,
            outboundTrafficPolicy: { mode: this.outboundTrafficPolicy },
            ...(pathNormalization && { pathNormalization: { normalization: pathNormalization } }),
          },
          ...(network && { global: { network } }),
        },
      },
    });
    if (this.mtls) {
      new istio.PeerAuthentication(scope, 'PeerAuthentication', {
        apiVersion: context.platform.apiVersion('PeerAuthentication'),
        metadata: { name: 'default', namespace: this.namespace },
        spec: { mtls: { mode: 'STRICT' } },
      });
    }
  }
}

/** The `gateways` section of a ServiceMeshControlPlane. */
export function smcpGateways(gateways: SmcpGateway[]): Record<string, unknown> {
  const section: Record<string, unknown> = {};
  for (const kind of ['ingress', 'egress'] as const) {
    const own = gateways.filter((gateway) => gateway.kind === kind);
    const standard = own.find((gateway) => gateway.name === SMCP_DEFAULTS[kind]);
    section[kind] = standard ? { enabled: true, service: standard.service } : { enabled: false };
    const additional = own
      .filter((gateway) => gateway !== standard)
      .map((gateway) => [gateway.name, { enabled: true, namespace: gateway.namespace, service: gateway.service }]);
    if (additional.length > 0) {
      section[kind === 'ingress' ? 'additionalIngress' : 'additionalEgress'] = Object.fromEntries(additional);
    }
  }
  return section;
}

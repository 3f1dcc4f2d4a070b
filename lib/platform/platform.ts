import { MeshError } from '../facts/error';
import { mark } from '../facts/marks';
import type { IstioVersion, UpstreamVersion } from './versions';

/** Things that some control planes understand and others do not. */
export type Feature =
  | 'ServiceMeshControlPlane'
  | 'ServiceMeshMember'
  | 'Istio resource of the Sail operator'
  | 'OpenShift Route'
  | 'federation';

/** Kinds whose API version differs between platforms. */
export type VersionedKind =
  | 'AuthorizationPolicy'
  | 'DestinationRule'
  | 'Gateway'
  | 'PeerAuthentication'
  | 'RequestAuthentication'
  | 'ServiceEntry'
  | 'Sidecar'
  | 'VirtualService';

/** Those of security. */
type SecurityKind = 'AuthorizationPolicy' | 'PeerAuthentication' | 'RequestAuthentication';

/** Versions that the Sail operator installs: the newest patch of a minor version. */
export type SailVersion = `v${UpstreamVersion}-latest`;

/** What a platform states about itself. */
export interface PlatformFacts {
  /** As messages and `dist/fleet.json` call it. */
  readonly name: string;
  /** Istio minor version whose defaults apply, such as `1.31`. */
  readonly istio: IstioVersion;
  /** Further CRD bundles that its clusters serve. */
  readonly otherBundles: string[];
  readonly features: Feature[];
  /** What the Sail operator calls the newest version of the platform's minor version. */
  readonly sailVersion?: SailVersion;
  /** Whether its clusters need an IstioCNI. */
  readonly needsCni?: true;
  /** Why a feature is missing, where there is more to say. */
  readonly reasons?: Partial<Record<Feature, string>>;
}

/** What a control plane understands: API versions, defaults, features. A version, not a place. */
export class Platform {
  static {
    mark(Platform.prototype, 'Platform');
  }

  /** @internal use `Istio` or `Ossm` */
  constructor(private readonly facts: PlatformFacts) {}

  /** As messages and `dist/fleet.json` call it. */
  public get name(): string {
    return this.facts.name;
  }

  /** Istio minor version whose defaults apply, such as `1.31`. */
  public get istio(): PlatformFacts['istio'] {
    return this.facts.istio;
  }

  /** Whether its clusters need an IstioCNI: OpenShift lets no pod redirect its own traffic. */
  public get needsCni(): boolean {
    return this.facts.needsCni === true;
  }

  /** CRD bundles that a cluster of this platform serves. */
  public get bundles(): string[] {
    return [`istio-${this.facts.istio}`, ...this.facts.otherBundles];
  }

  /** Whether it has a feature. */
  public has(feature: Feature): boolean {
    return this.facts.features.includes(feature);
  }

  /**
   * Insists on a feature.
   *
   * @throws MESH1105 naming the platform and the reason when it lacks it.
   */
  public require(feature: Feature, where: string, use: string): void {
    if (!this.has(feature)) throw this.lacks(feature, where, use);
  }

  /**
   * What the Sail operator calls the newest version of the platform's minor version.
   *
   * @throws MESH1105 when the operator does not install the platform.
   */
  public sailVersion(where: string, use: string): SailVersion {
    if (this.facts.sailVersion !== undefined) return this.facts.sailVersion;
    throw this.lacks('Istio resource of the Sail operator', where, use);
  }

  /**
   * API version of an Istio kind: the newest that the platform serves. `v1` of all of them is there since Istio 1.22;
   * OpenShift Service Mesh 2.6 (Istio 1.20) serves no `networking.istio.io/v1`, and PeerAuthentication only as v1beta1.
   */
  public apiVersion(kind: 'AuthorizationPolicy'): 'security.istio.io/v1' | 'security.istio.io/v1beta1';
  public apiVersion(kind: 'PeerAuthentication'): 'security.istio.io/v1' | 'security.istio.io/v1beta1';
  public apiVersion(kind: 'RequestAuthentication'): 'security.istio.io/v1' | 'security.istio.io/v1beta1';
  public apiVersion(
    kind: Exclude<VersionedKind, SecurityKind>,
  ): 'networking.istio.io/v1' | 'networking.istio.io/v1beta1';
  public apiVersion(kind: VersionedKind): string {
    const isSecurity = kind.endsWith('Policy') || kind.endsWith('Authentication');
    const group = isSecurity ? 'security' : 'networking';
    return `${group}.istio.io/${this.facts.istio === '1.20' ? 'v1beta1' : 'v1'}`;
  }

  private lacks(feature: Feature, where: string, use: string): MeshError {
    const reason = this.facts.reasons?.[feature];
    return new MeshError(
      'MESH1105',
      where,
      `${use} needs ${feature}, which ${this.name} does not have${reason ? `: ${reason}` : ''}`,
    );
  }
}

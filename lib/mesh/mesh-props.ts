import type { Port, Protocol } from '../facts/port';
import type { Platform } from '../platform/platform';
import type { TrustBundle } from '../trust/trust-bundle';
import type { ControlPlane } from './control-plane';

/** What a mesh states about itself. */
export interface MeshProps {
  /** What its control plane understands. */
  readonly platform: Platform;
  /** Where istiod is and who writes it. */
  readonly controlPlane: ControlPlane;
  /**
   * SPIFFE trust domain of its workload identities.
   * @default 'cluster.local' - Istio's own default
   */
  readonly trustDomain?: string;
  /**
   * Root of its workload certificates.
   * @default - istiod's own, which no other mesh trusts
   */
  readonly root?: TrustBundle<'declared'>;
  /**
   * Range of the addresses by which its sidecars know hosts of other meshes (IPv4, CIDR). Nothing routes them; it must
   * not hold addresses that workloads dial.
   * @default '240.0.0.0/9' - no host of the Internet is there, nor what control planes hand out themselves
   */
  readonly virtualIpRange?: string;
}

/** What an alias states. */
export interface AliasProps<P extends Protocol> {
  /** Namespace of the Service. */
  readonly namespace: string;
  /** Its one port. */
  readonly port: Port<P>;
}

import type { Address } from '../facts/address';
import type { MeshChart } from '../fleet/mesh-chart';
import type { Platform } from '../platform/platform';
import type { GatewayPort } from './gateway-port';
import type { RouteFront } from './route-front';

/** Where a gateway's pods are and what they carry. */
export interface GatewayPods {
  readonly namespace: string;
  /** Name of the Service in front of them. */
  readonly service: string;
  readonly serviceAccount: string;
  /** Whether nobody states it. */
  readonly isAccountGuessed?: boolean;
  /** Labels by which Gateway resources select them. */
  readonly selector: Record<string, string>;
}

/** A gateway as those see it that write about it. */
export interface GatewaySite extends GatewayPods {
  /** The chart of what exists once for all peerings that share it. */
  readonly chart: MeshChart;
  /** Id of the gateway. */
  readonly name: string;
  readonly kind: 'ingress' | 'egress';
  readonly ports: readonly GatewayPort[];
  /** Fully qualified name of its Service. */
  readonly host: string;
  /** What lets istiod inject its pods. */
  readonly podLabels: Record<string, string>;
  readonly address?: Address;
  readonly route?: RouteFront;
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  readonly platform: Platform;
  /** Whether its pods ask istiod for roots, where other proxies of the mesh do not. */
  readonly asksForRoots: boolean;
  /** Construct path, for messages. */
  readonly where: string;
}

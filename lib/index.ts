export { Access, type HttpAccessOptions, type TcpAccessOptions } from './facts/access';
export { Address } from './facts/address';
export { CODES, type Code, type CodeInfo } from './facts/codes';
export { Contract } from './facts/contract';
export type { Destination, NextHop } from './facts/destination';
export { MeshError } from './facts/error';
export type { Finding, Severity } from './facts/finding';
export type { FleetDocument } from './facts/fleet';
export type { Manifest, PlacedManifest } from './facts/manifest';
export { type Http, Port, type PortOptions, type Protocol } from './facts/port';
export type { MeshService, MeshServiceProps } from './facts/service';
export { Cluster, type ClusterProps } from './fleet/cluster';
export {
  ControlPlane,
  type ControlPlaneOptions,
  type ExistingControlPlaneOptions,
  type OutboundTrafficPolicy,
  type SailOptions,
  type WrittenControlPlaneOptions,
} from './fleet/control-plane';
export { External, type ExternalClient, type ExternalServer, type ExternalServerProps } from './fleet/external';
export type { ExternalMesh, ExternalMeshProps } from './fleet/external-mesh';
export { Fleet, type FleetCheck, type FleetProps } from './fleet/fleet';
export { type ExistingGatewayProps, Gateway, type GatewayOptions, type GatewayProps } from './fleet/gateway';
export { GatewayPort } from './fleet/gateway-port';
export { type AliasProps, Mesh, type MeshProps, type NamespaceOptions } from './fleet/mesh';
export { MeshChart, type MeshChartProps } from './fleet/mesh-chart';
export type { MtlsMode } from './fleet/mtls-modes';
export { type ReencryptOptions, RouteFront } from './fleet/route-front';
export { Workload, type WorkloadProps } from './fleet/workload';
export { Callers, type CallersKind } from './peering/callers';
export { DirectPeering, type DirectPeeringProps } from './peering/direct';
export {
  type EgressGatewayOptions,
  EgressGatewayPeering,
  type EgressGatewayPeeringProps,
  type EgressTls,
} from './peering/egress-gateway';
export type { EgressCallers } from './peering/egress-leg';
export type { Exposure } from './peering/exposure';
export { type ExposeOptions, Peering, type PeeringProps } from './peering/peering';
export { Istio, Ossm, Platform } from './platform/platform';
export { SynthError } from './synth/synth-error';
export { MtlsPolicy, type MtlsPolicyProps } from './traffic/mtls-policy';
export { Routing, type RoutingProps } from './traffic/routing';
export { Rule, type RuleMatch, type Weighted } from './traffic/rule';
export { type CertManagerOptions, Credential, type CredentialOptions, PeerEnd } from './trust/credential';
export { Identity } from './trust/identity';
export { type ClientCertificate, PeeringTls } from './trust/peering-tls';
export { TrustBundle, type TrustBundleOptions } from './trust/trust-bundle';

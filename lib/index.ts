export { MeshValidation, type MeshValidationProps } from './cli/validation';
export { Access, type AccessFacts, type HttpAccessOptions, type TcpAccessOptions } from './facts/access';
export { Address, type NodePortOptions } from './facts/address';
export { CODES, type Code, type CodeInfo } from './facts/codes';
export { Contract } from './facts/contract';
export type { Destination, NextHop } from './facts/destination';
export { MeshError } from './facts/error';
export {
  type EndFacts,
  type EndpointFacts,
  type ExposedService,
  type ExposureFacts,
  exposureKey,
  type HopFacts,
  type TlsEnds,
  type TlsFacts,
} from './facts/exposure';
export type { Finding, FindingField, Severity } from './facts/finding';
export type { AcceptedFinding, FleetDocument, PathNormalization } from './facts/fleet';
export { checkOptions, type Guard, type Guards, guards } from './facts/guard';
export type { Manifest, PlacedManifest } from './facts/manifest';
export { MeshContract } from './facts/mesh-contract';
export { type Http, Port, type PortOptions, type Protocol } from './facts/port';
export type { MeshService, MeshServiceProps } from './facts/service';
export { Cluster, type ClusterProps } from './fleet/cluster';
export { Fleet } from './fleet/fleet';
export type { FleetCheck, FleetProps, SynthOptions } from './fleet/fleet-props';
export { MeshChart, type MeshChartProps } from './fleet/mesh-chart';
export { ControlPlane } from './mesh/control-plane';
export type {
  ControlPlaneOptions,
  ExistingControlPlaneOptions,
  OutboundTrafficPolicy,
  SailOptions,
  WrittenControlPlaneOptions,
} from './mesh/control-plane/options';
export type { SailIstioVersion } from './mesh/control-plane/sail-version';
export { External, type ExternalClient, type ExternalServer, type ExternalServerProps } from './mesh/external';
export type { ContractedMeshProps, ExternalMesh, ExternalMeshProps } from './mesh/external-mesh';
export type { ExternalProxy, ExternalProxyProps } from './mesh/external-proxy';
export { Gateway } from './mesh/gateway';
export type {
  ExistingGatewayProps,
  GatewayOptions,
  GatewayPodOptions,
  GatewayProps,
  GatewayRendering,
  SmcpGatewayProps,
  WrittenService,
} from './mesh/gateway-options';
export { GatewayPort } from './mesh/gateway-port';
export type { LoadBalancerClass, ServiceFront } from './mesh/load-balancer';
export { Mesh } from './mesh/mesh';
export type { NamespaceOptions } from './mesh/mesh-namespaces';
export type { AliasProps, MeshProps } from './mesh/mesh-props';
export type { MtlsMode } from './mesh/mtls-modes';
export type { NodePlacement, Placement } from './mesh/placement';
export {
  type GrpcProbeOptions,
  type HttpProbeOptions,
  type PortProbeOptions,
  Probe,
  type ProbeOptions,
} from './mesh/probe';
export type { ResourceAmounts, Resources } from './mesh/resources';
export { type ReencryptOptions, RouteFront } from './mesh/route-front';
export type { ServerTls } from './mesh/server-tls';
export { Workload, type WorkloadProps } from './mesh/workload';
export { Callers, type CallersKind, type WorkloadCallers } from './peering/callers';
export { type ContractConsumer, ContractedProvider } from './peering/contracted';
export { type DirectCallers, type DirectContractProps, DirectPeering, type DirectPeeringProps } from './peering/direct';
export type { EgressCallers } from './peering/egress/egress-callers';
export {
  type EgressGatewayContractProps,
  type EgressGatewayOptions,
  EgressGatewayPeering,
  type EgressGatewayPeeringProps,
  type EgressTls,
} from './peering/egress-gateway';
export { type Exposable, exposedService } from './peering/exposable';
export type { ExposeOptions } from './peering/expose-options';
export type { Exposure } from './peering/exposure';
export {
  type FederationConsumerOptions,
  type FederationContractProps,
  FederationPeering,
  type FederationPeeringProps,
} from './peering/federation';
export type {
  FederationExposeOptions,
  FederationUse,
  ImportAsLocal,
  ImportLocality,
  LocalFailover,
} from './peering/federation/facts';
export type {
  Discovery,
  FederationDescription,
  FederationExposure,
  InMemoryDescription,
} from './peering/federation/federation-exposure';
export { FederationGateways, type FederationGatewaysProps } from './peering/federation/gateways';
export { Connection, type ConnectionSettings, type ConnectionUse } from './peering/hop/connection';
export type { ConnectionOptions, Keepalive, OutlierOptions, RequestLimits } from './peering/hop/connection-options';
export type { Ejection } from './peering/hop/ejection';
export { type HashCookie, type HashOptions, LoadBalancing } from './peering/hop/load-balancing';
export type { HostUsed } from './peering/hop/tcp-address';
export { type HopCommon, HopPeering, type HopPeeringProps, type HopStrategy } from './peering/hop-peering';
export type { AtGateway } from './peering/ingress/at-gateway';
export type { Onward, OnwardTls } from './peering/ingress/onward';
export type { Consumer, Provider } from './peering/parties';
export { Peering } from './peering/peering';
export type { Exposing, PeeringProps } from './peering/peering-props';
export {
  type PrivateConsumerOptions,
  type PrivateGatewayContractProps,
  PrivateGatewayPeering,
  type PrivateGatewayPeeringProps,
  type PrivateTls,
} from './peering/private-gateway';
export type { PrivateFacts } from './peering/private-gateway/facts';
export type { PrivateStated } from './peering/private-gateway/strategy';
export {
  type SharedRootConsumerOptions,
  type SharedRootContractProps,
  SharedRootPeering,
  type SharedRootPeeringProps,
} from './peering/shared-root';
export type { SharedRootFacts } from './peering/shared-root/facts';
export { Failover, type FailoverProps } from './peering/shared-root/failover';
export type { FailoverMember } from './peering/shared-root/failover-member';
export type { HostNames } from './peering/shared-root/host-names';
export type { SharedRootStated, SharedRootUsed } from './peering/shared-root/options';
export type { Consumed, ConsumerHalf, PeeringName, Provided, ProviderHalf, Strategy } from './peering/strategy';
export { Istio } from './platform/istio';
export { Ossm } from './platform/ossm';
export { Platform } from './platform/platform';
export { SynthError } from './synth/synth-error';
export type { Calls, RequestMatch } from './traffic/calls';
export type { Diallable, DialledHost, MeshMatch } from './traffic/dialled-host';
export type { Fault } from './traffic/fault';
export { MtlsPolicy, type MtlsPolicyProps } from './traffic/mtls-policy';
export type { Redirect } from './traffic/redirect';
export type { Mirror, RequestOptions } from './traffic/request-options';
export type { Retries, RetryOn } from './traffic/retries';
export type { PathRewrite, Rewrite } from './traffic/rewrite';
export type { Routes } from './traffic/routes';
export { Routing, type RoutingProps } from './traffic/routing';
export { type Flow, Rule, type RuleMatch, type Weighted } from './traffic/rule';
export { StringMatch, type StringMatchKind } from './traffic/string-match';
export { type CertManagerOptions, Credential, type CredentialOptions, type KeyOptions } from './trust/credential';
export { Identity } from './trust/identity';
export { type JwksOptions, type JwksUriOptions, type JwtHeader, JwtRule, type JwtRuleOptions } from './trust/jwt-rule';
export { type OtherRoot, OtherRoots } from './trust/other-roots';
export { PeerEnd } from './trust/peer-end';
export { type ClientCertificate, PeeringTls, type ServerEnd } from './trust/peering-tls';
export { TrustBundle, type TrustBundleOptions } from './trust/trust-bundle';

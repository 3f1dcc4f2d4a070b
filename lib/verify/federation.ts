import { apiGroup, describeManifest, type Manifest } from '../facts/manifest';
import type { VerifyInput } from './input';

/** An object of a cluster, whoever wrote it. */
export interface Found<S extends object> {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly spec: S;
  /** `Kind namespace/name @cluster`. */
  readonly ref: string;
}

/** A ServiceMeshPeer, as far as rules look at it: hand-written ones may lack anything. */
export interface PeerSpec {
  readonly remote?: { readonly addresses?: string[] };
  readonly gateways?: { readonly ingress?: { readonly name?: string }; readonly egress?: { readonly name?: string } };
  readonly security?: { readonly trustDomain?: string; readonly clientID?: string };
}

/** A name selector of an export or import rule. */
export interface NameMapping {
  readonly namespace?: string;
  readonly name?: string;
  readonly alias?: { readonly namespace?: string; readonly name?: string };
  /** Where early documents put it, and nobody reads it. */
  readonly importAsLocal?: boolean;
}

/** An ExportedServiceSet. */
export interface ExportSpec {
  readonly exportRules?: {
    readonly type?: string;
    readonly nameSelector?: NameMapping;
    readonly labelSelector?: {
      readonly namespace?: string;
      readonly selector?: { readonly matchLabels?: Record<string, string> };
      readonly aliases?: NameMapping[];
    };
  }[];
}

/** An ImportedServiceSet. */
export interface ImportSpec {
  readonly importRules?: { readonly importAsLocal?: boolean; readonly nameSelector?: NameMapping }[];
}

/** A gateway of a ServiceMeshControlPlane. */
export interface ControlPlaneGateway {
  readonly requestedNetworkView?: string[];
  readonly service?: { readonly metadata?: { readonly annotations?: Record<string, string> } };
}

/** A ServiceMeshControlPlane. */
export interface ControlPlaneSpec {
  readonly security?: { readonly trust?: { readonly domain?: string } };
  readonly gateways?: {
    readonly additionalIngress?: Record<string, ControlPlaneGateway>;
    readonly additionalEgress?: Record<string, ControlPlaneGateway>;
  };
}

/** Objects of a kind, the fleet's own and hand-written ones. */
export function objectsOf<S extends object>(input: VerifyInput, kind: string, group: string): Found<S>[] {
  return [...input.manifests, ...input.included]
    .filter(({ manifest }) => manifest.kind === kind && apiGroup(manifest) === group)
    .map(({ cluster, manifest }) => ({
      cluster,
      namespace: manifest.metadata.namespace ?? '',
      name: manifest.metadata.name,
      labels: manifest.metadata.labels ?? {},
      spec: specOf<S>(manifest),
      ref: describeManifest(manifest, cluster),
    }));
}

/** ServiceMeshPeers. */
export function peersOf(input: VerifyInput): Found<PeerSpec>[] {
  return objectsOf<PeerSpec>(input, 'ServiceMeshPeer', 'federation.maistra.io');
}

/** ExportedServiceSets. */
export function exportsOf(input: VerifyInput): Found<ExportSpec>[] {
  return objectsOf<ExportSpec>(input, 'ExportedServiceSet', 'federation.maistra.io');
}

/** ImportedServiceSets. */
export function importsOf(input: VerifyInput): Found<ImportSpec>[] {
  return objectsOf<ImportSpec>(input, 'ImportedServiceSet', 'federation.maistra.io');
}

/** ServiceMeshControlPlanes. */
export function controlPlanesOf(input: VerifyInput): Found<ControlPlaneSpec>[] {
  return objectsOf<ControlPlaneSpec>(input, 'ServiceMeshControlPlane', 'maistra.io');
}

/** Whether two objects are of one control plane: it reads those of its own namespace alone. */
export function isOfOneControlPlane(a: Found<object>, b: Found<object>): boolean {
  return a.cluster === b.cluster && a.namespace === b.namespace;
}

/** Trust domain of the mesh that an object of a control plane's namespace is of, where it is known. */
export function trustDomainOf(input: VerifyInput, { cluster, namespace }: Found<object>): string | undefined {
  const plane = controlPlanesOf(input).find((one) => one.cluster === cluster && one.namespace === namespace);
  if (plane) return plane.spec.security?.trust?.domain ?? 'cluster.local';
  return input.facts.meshes.find((mesh) => mesh.cluster === cluster && mesh.controlPlane.namespace === namespace)
    ?.trustDomain;
}

/** Whether a part of a selector stands for everything. */
export function isWildcard(part: string | undefined): boolean {
  return part === undefined || part === '' || part === '*';
}

function specOf<S extends object>(manifest: Manifest): S {
  return (manifest.spec ?? {}) as S;
}

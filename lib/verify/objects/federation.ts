import { type Found, objectsOf, type RuleInput } from './objects';

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

/** ServiceMeshPeers. */
export function peersOf(input: RuleInput): readonly Found<PeerSpec>[] {
  return objectsOf<PeerSpec>(input, 'ServiceMeshPeer', 'federation.maistra.io');
}

/** ExportedServiceSets. */
export function exportsOf(input: RuleInput): readonly Found<ExportSpec>[] {
  return objectsOf<ExportSpec>(input, 'ExportedServiceSet', 'federation.maistra.io');
}

/** ImportedServiceSets. */
export function importsOf(input: RuleInput): readonly Found<ImportSpec>[] {
  return objectsOf<ImportSpec>(input, 'ImportedServiceSet', 'federation.maistra.io');
}

/** ServiceMeshControlPlanes. */
export function controlPlanesOf(input: RuleInput): readonly Found<ControlPlaneSpec>[] {
  return objectsOf<ControlPlaneSpec>(input, 'ServiceMeshControlPlane', 'maistra.io');
}

/** The ServiceMeshControlPlane of an object, where its YAML is known. */
export function controlPlaneOf(input: RuleInput, object: Found<object>): Found<ControlPlaneSpec> | undefined {
  return controlPlanesOf(input).find((one) => isOfOneControlPlane(one, object));
}

/** Whether two objects are of one control plane: it reads those of its own namespace alone. */
export function isOfOneControlPlane(a: Found<object>, b: Found<object>): boolean {
  return a.cluster === b.cluster && a.namespace === b.namespace;
}

/** Trust domain of the mesh that an object of a control plane's namespace is of, where it is known. */
export function trustDomainOf(input: RuleInput, object: Found<object>): string | undefined {
  const { cluster, namespace } = object;
  const plane = controlPlaneOf(input, object);
  if (plane) return plane.spec.security?.trust?.domain ?? 'cluster.local';
  return input.facts.meshes.find((mesh) => mesh.cluster === cluster && mesh.controlPlane.namespace === namespace)
    ?.trustDomain;
}

/** Whether a part of a selector stands for everything. */
export function isWildcard(part: string | undefined): boolean {
  return part === undefined || part === '' || part === '*';
}

/** `<namespace>/<name>` under which a mapping makes a service known: a wildcard, or nothing, leaves what it has. */
export function aliasOf({ namespace, name, alias }: NameMapping): string {
  const part = (own: string | undefined, other: string | undefined) => (isWildcard(other) ? own : other);
  return `${part(namespace, alias?.namespace)}/${part(name, alias?.name)}`;
}

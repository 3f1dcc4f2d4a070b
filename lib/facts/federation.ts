import type { RootFacts } from './fleet';

/**
 * How a mesh federates: `maistra` where its control plane exchanges services with the peer's (OpenShift Service Mesh 2),
 * `gateways` where everything that such a control plane makes in memory is written.
 */
export type FederationForm = 'maistra' | 'gateways';

/** What a mesh says of its end of a federation to one peer, as JSON: it depends on nothing of the peer but its name. */
export interface FederationEnd {
  readonly form: FederationForm;
  /** SPIFFE trust domain of its workload identities. */
  readonly trustDomain: string;
  /** Root of its workload certificates, where it is stated. */
  readonly root?: RootFacts;
  /** DNS domain of its cluster. */
  readonly domain: string;
  /** Namespace of its gateways that face the peer. */
  readonly namespace: string;
  /** Where calls of the peer arrive. */
  readonly ingress: FederationIngress;
  /** Where calls to the peer leave; its identity is the `clientID` of OpenShift Service Mesh 2. */
  readonly egress: FederationEgress;
}

/** A gateway of one end. */
export interface FederationEgress {
  /** Name of its Service. */
  readonly name: string;
  /** SPIFFE ID without `spiffe://`. */
  readonly identity: string;
}

/** The gateway of one end that the peer reaches. */
export interface FederationIngress extends FederationEgress {
  /** Host names or IP addresses; absent: the peer is in the same cluster. */
  readonly addresses?: string[];
  /** Port for calls, as the peer sees it. */
  readonly servicePort: number;
  /** Port for what control planes tell each other, as the peer sees it, where they do. */
  readonly discoveryPort?: number;
}

/** Port of federation gateways for calls: built into istiod of OpenShift Service Mesh 2. */
export const SERVICE_PORT = 15443;

/** Port of federation gateways for discovery: built into istiod of OpenShift Service Mesh 2. */
export const DISCOVERY_PORT = 8188;

/** Network of what is imported from a peer, as istiod of OpenShift Service Mesh 2 calls it. */
export function importNetwork(peer: string): string {
  return `network-${peer}`;
}

/** ServiceAccount of a gateway that a ServiceMeshControlPlane deploys: the operator adds to its name. */
export function smcpServiceAccount(gateway: string): string {
  return `${gateway}-service-account`;
}

/** Name and namespace under which a service is exported. */
export interface ExportedName {
  readonly name: string;
  readonly namespace: string;
}

/** Names of the two sides, as each calls the other. */
export interface FederationNames {
  readonly consumer: string;
  readonly provider: string;
}

/**
 * Host of an exported service on the way between the meshes: SNI of the hop. Control planes that federate leave out who
 * exports it; where it is written, two providers of one consumer may export the same name.
 */
export function wireHost({ name, namespace }: ExportedName, form: FederationForm, names: FederationNames): string {
  const of = form === 'maistra' ? [name, namespace] : [name, namespace, names.provider];
  return `${of.join('.')}.svc.${names.consumer}-exports.local`;
}

/**
 * Host of an imported service.
 *
 * @param peer what the importer calls the exporter.
 * @param suffix domain in place of the one made of the peer's name.
 */
export function importedHost({ name, namespace }: ExportedName, peer: string, suffix?: string): string {
  return `${name}.${namespace}.${suffix ?? `svc.${peer}-imports.local`}`;
}

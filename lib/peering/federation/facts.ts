import type { ExposureFacts } from '../../facts/exposure';
import type { ExportedName, FederationEnd } from '../../facts/federation';
import type { Protocol } from '../../facts/port';
import type { ConnectionUse } from '../hop/connection';
import type { Ejection } from '../hop/ejection';
import type { Strategy } from '../strategy';

/** What both sides of a federation agree on for all exposures together. */
export interface FederationCommon {
  /** The end of who calls. */
  readonly consumer: FederationEnd;
  /** The end of who is called. */
  readonly provider: FederationEnd;
}

/** What both sides agree on about one exported service. */
export interface FederationFacts extends ExposureFacts {
  /** Name and namespace that the consumer knows it by. */
  readonly exportedAs: ExportedName;
  /** Its host between the meshes: SNI of the hop. */
  readonly wireHost: string;
}

/** What the provider states about an exported service. */
export interface FederationExposeOptions {
  /**
   * Name, namespace or both under which the consumer knows it.
   * @default - those that it has at the provider
   */
  readonly alias?: Partial<ExportedName>;
  /**
   * Labels of the Service by which the rule selects it, instead of its name (OpenShift Service Mesh 2 only). Every
   * Service of its namespace with these labels is exported, also those that this program does not know.
   * @default - it is selected by its name
   */
  readonly labels?: Record<string, string>;
  /**
   * Callers of the provider's own mesh that go on calling the workload, as SPIFFE IDs without `spiffe://`: its policy
   * cuts everybody whom it does not name.
   * @default - none
   */
  readonly alsoFrom?: string[];
}

/** What the consumer states about an imported service. */
export interface FederationUse extends ConnectionUse {
  /**
   * Makes it part of a Service of the consumer's mesh: its endpoints join those that the Service has (OpenShift Service
   * Mesh 2 only).
   * @default - it has a host of its own
   */
  readonly asLocal?: ImportAsLocal;
  /**
   * Domain of its host: `<name>.<namespace>.<suffix>`.
   * @default - `svc.<provider>-imports.local`
   */
  readonly domainSuffix?: string;
  /**
   * Address that its host resolves to in the consumer's pods (Istio and OpenShift Service Mesh 3; OpenShift Service Mesh 2
   * assigns one itself).
   * @default - made of the host, in 240.0.0.0/9
   */
  readonly virtualIp?: string;
}

/** The Service of the consumer's mesh that an imported service joins. */
export interface ImportAsLocal {
  /**
   * Name of the Service.
   * @default - the exported name
   */
  readonly name?: string;
  /** Namespace of the Service. */
  readonly namespace: string;
  /**
   * Calls the provider only while the own endpoints fail, by the one DestinationRule of the Service, which must be
   * stated with `mesh.service()`. Needs `locality` of the peering.
   * @default - own and imported endpoints share the calls
   */
  readonly failover?: LocalFailover;
}

/** When calls go over to the imported endpoints. */
export interface LocalFailover extends Ejection {
  /** Region of the consumer's own nodes (their label `topology.kubernetes.io/region`). */
  readonly from: string;
}

/** Where imported services are said to be. */
export interface ImportLocality {
  /** Region, as in the label `topology.kubernetes.io/region` of nodes. */
  readonly region: string;
  /**
   * Zone.
   * @default - none
   */
  readonly zone?: string;
  /**
   * Subzone; needs a zone.
   * @default - none
   */
  readonly subzone?: string;
}

/** Federation as a strategy. */
export interface Federation extends Strategy {
  readonly protocol: Protocol;
  readonly common: FederationCommon;
  readonly facts: FederationFacts;
  readonly stated: FederationExposeOptions;
  readonly used: FederationUse;
}

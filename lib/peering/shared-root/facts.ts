import type { EndpointFacts, ExposureFacts } from '../../facts/exposure';
import type { RootFacts } from '../../facts/fleet';

/** What both sides agree on about one exposure. */
export interface SharedRootFacts extends ExposureFacts {
  /** Host that callers dial; with port, it is the SNI by which the provider's gateway knows the way. */
  readonly host: string;
  /** Port that callers dial: a part of the SNI, so it is the same on both sides. */
  readonly port: number;
  /** How the provider's gateway is reached. */
  readonly endpoint: EndpointFacts & Required<Pick<EndpointFacts, 'addresses'>>;
  /** Subject Alternative Names of the workload, of which the caller accepts no other. */
  readonly servers: string[];
}

/** What is the same for all exposures. */
export interface SharedRootCommon {
  /** Roots that workload certificates of the two meshes end in: one, or two that each other believes. */
  readonly roots: { readonly consumer: RootFacts; readonly provider: RootFacts };
}

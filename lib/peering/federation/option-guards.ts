import type { ExportedName } from '../../facts/federation';
import { type Guards, listOf, mapOf, only, optional, options, text } from '../../facts/guard';
import { CONNECTION } from '../hop/connection';
import { EJECTION } from '../hop/ejection';
import type { FederationExposeOptions, FederationUse, ImportAsLocal, ImportLocality, LocalFailover } from './facts';

/** What the consumer's side states. */
export const FEDERATION_CONSUMER = {
  callers: optional(
    only('Callers', 'kind', ['namespaces', 'serviceAccounts'], 'Callers.namespaces(…) or Callers.serviceAccounts(…)'),
  ),
  locality: optional(options<ImportLocality>({ region: text, zone: optional(text), subzone: optional(text) })),
};

/** What the provider states about an exported service. */
export const FEDERATION_STATED: Guards<FederationExposeOptions> = {
  alias: optional(options<Partial<ExportedName>>({ name: optional(text), namespace: optional(text) })),
  labels: optional(mapOf(text)),
  alsoFrom: optional(listOf(text)),
};

/** What the consumer states about an imported one. */
export const FEDERATION_USED: Guards<FederationUse> = {
  asLocal: optional(
    options<ImportAsLocal>({
      name: optional(text),
      namespace: text,
      failover: optional(options<LocalFailover>({ from: text, ...EJECTION })),
    }),
  ),
  domainSuffix: optional(text),
  virtualIp: optional(text),
  ...CONNECTION,
};

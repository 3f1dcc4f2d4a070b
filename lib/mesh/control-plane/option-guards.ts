import { flag, type Guards, listOf, made, oneOf, optional, text } from '../../facts/guard';
import type { ControlPlaneOptions, ExistingControlPlaneOptions, SailOptions } from './options';

/** What the options of every control plane may be. */
export const CONTROL_PLANE_OPTIONS: Guards<ControlPlaneOptions> = {
  outboundTrafficPolicy: optional(oneOf('ALLOW_ANY', 'REGISTRY_ONLY')),
  mtls: optional(flag),
  network: optional(text),
  dnsCapture: optional(flag),
  trustDomainAliases: optional(listOf(text)),
  otherRoots: optional(made('OtherRoots.byGateways(…) or OtherRoots.byEveryProxy(…)', 'OtherRoots')),
  pathNormalization: optional(oneOf('NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES')),
  pluggedInCa: optional(flag),
};

/** What those of one that exists may be. */
export const EXISTING_OPTIONS: Guards<ExistingControlPlaneOptions> = {
  ...CONTROL_PLANE_OPTIONS,
  name: optional(text),
  revision: optional(text),
};

/** What those of one that the Sail operator runs may be. */
export const SAIL_OPTIONS: Guards<SailOptions> = {
  ...CONTROL_PLANE_OPTIONS,
  version: optional(text),
  updateStrategy: optional(oneOf('InPlace', 'RevisionBased')),
  revision: optional(text),
  cni: optional(flag),
};

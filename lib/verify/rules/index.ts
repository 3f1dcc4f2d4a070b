import type { Rule } from '../rule';
import { aliasWithoutRouting } from './alias-without-routing';
import { clearTextPeering } from './clear-text-peering';
import { exportedByLabel } from './exported-by-label';
import { exportedPorts } from './exported-ports';
import { federationBehindProxy } from './federation-behind-proxy';
import { federationCollision } from './federation-collision';
import { federationMirror } from './federation-mirror';
import { federationNames } from './federation-names';
import { federationSharedIngress } from './federation-shared-ingress';
import { federationTrustDomain } from './federation-trust-domain';
import { importAsLocal } from './import-as-local';
import { optionalClientCertificate } from './optional-client-certificate';
import { requestedNetworkView } from './requested-network-view';
import { writtenTwice } from './written-twice';

/** All rules, in the order in which their findings are told. */
export const RULES: readonly Rule[] = [
  aliasWithoutRouting,
  clearTextPeering,
  writtenTwice,
  optionalClientCertificate,
  federationTrustDomain,
  federationSharedIngress,
  federationNames,
  federationMirror,
  importAsLocal,
  federationCollision,
  federationBehindProxy,
  requestedNetworkView,
  exportedPorts,
  exportedByLabel,
];

import type { Rule } from '../rule';
import { aliasWithoutRouting } from './alias-without-routing';
import { clearTextPeering } from './clear-text-peering';
import { cutCallers } from './cut-callers';
import { decodablePath } from './decodable-path';
import { exportedByLabel } from './exported-by-label';
import { exportedPorts } from './exported-ports';
import { failoverPriorityByName } from './failover-priority-by-name';
import { federationBehindProxy } from './federation-behind-proxy';
import { federationCollision } from './federation-collision';
import { federationMirror } from './federation-mirror';
import { federationNames } from './federation-names';
import { federationSharedIngress } from './federation-shared-ingress';
import { federationTrustDomain } from './federation-trust-domain';
import { importAsLocal } from './import-as-local';
import { optionalClientCertificate } from './optional-client-certificate';
import { requestedNetworkView } from './requested-network-view';
import { rootsOfEveryProxy } from './roots-of-every-proxy';
import { writtenTwice } from './written-twice';

/** All rules, in the order in which their findings are told. */
export const RULES: readonly Rule[] = [
  aliasWithoutRouting,
  clearTextPeering,
  writtenTwice,
  optionalClientCertificate,
  cutCallers,
  decodablePath,
  failoverPriorityByName,
  rootsOfEveryProxy,
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

import type { ClusterRule, Rule } from '../rule';
import { aliasWithoutRouting } from './alias-without-routing';
import { besideThePods } from './beside-the-pods';
import { callersBesideExposures } from './callers-beside-exposures';
import { callersBeyondPeerings } from './callers-beyond-peerings';
import { certificateOfOtherUse } from './certificate-of-other-use';
import { certificateWithoutHost } from './certificate-without-host';
import { clearTextPeering } from './clear-text-peering';
import { clearTextToTlsPort } from './clear-text-to-tls-port';
import { controlPlanesWithoutSelectors } from './control-planes-without-selectors';
import { credentialOfSidecars } from './credential-of-sidecars';
import { cutCallers } from './cut-callers';
import { decodablePath } from './decodable-path';
import { destinationRuleIgnored } from './destination-rule-ignored';
import { destinationRuleWithoutTls } from './destination-rule-without-tls';
import { endpointsOfNoPort } from './endpoints-of-no-port';
import { exportedByLabel } from './exported-by-label';
import { exportedPorts } from './exported-ports';
import { failoverPriorityByName } from './failover-priority-by-name';
import { federationBehindProxy } from './federation-behind-proxy';
import { federationCollision } from './federation-collision';
import { federationMirror } from './federation-mirror';
import { federationNames } from './federation-names';
import { federationSharedIngress } from './federation-shared-ingress';
import { federationTrustDomain } from './federation-trust-domain';
import { gatewayOfNoTlsVersion } from './gateway-of-no-tls-version';
import { gatewayReadsAuthority } from './gateway-reads-authority';
import { gatewayServerIgnored } from './gateway-server-ignored';
import { hiddenSourceAddress } from './hidden-source-address';
import { hostNotExported } from './host-not-exported';
import { importAsLocal } from './import-as-local';
import { kindsOfLongAgo } from './kinds-of-long-ago';
import { misspeltNamespace } from './misspelt-namespace';
import { mtlsAgainstCallers } from './mtls-against-callers';
import { namespaceOfTwoMeshes } from './namespace-of-two-meshes';
import { namespaceOutsideMesh } from './namespace-outside-mesh';
import { oldTlsOfGateway } from './old-tls-of-gateway';
import { oneNodePort } from './one-node-port';
import { oneVirtualAddress } from './one-virtual-address';
import { onlyWayOutOfDirect } from './only-way-out-of-direct';
import { onlyWayOutOfEverybody } from './only-way-out-of-everybody';
import { openedGateway } from './opened-gateway';
import { openedWorkload } from './opened-workload';
import { optionalClientCertificate } from './optional-client-certificate';
import { policyOfPassedTls } from './policy-of-passed-tls';
import { principalWithScheme } from './principal-with-scheme';
import { requestedNetworkView } from './requested-network-view';
import { rootsOfEveryProxy } from './roots-of-every-proxy';
import { routeNeverServed } from './route-never-served';
import { routeOfNoServer } from './route-of-no-server';
import { routeToMissingPort } from './route-to-missing-port';
import { routeToNoPort } from './route-to-no-port';
import { routeToUnknownHost } from './route-to-unknown-host';
import { routerBeforeMutualTls } from './router-before-mutual-tls';
import { routingWithoutOtherwise } from './routing-without-otherwise';
import { secretWithoutKeys } from './secret-without-keys';
import { selectorWithoutPods } from './selector-without-pods';
import { serverOfAnotherName } from './server-of-another-name';
import { serviceEntryBeside } from './service-entry-beside';
import { sharedControlPlane } from './shared-control-plane';
import { sidecarHidesHost } from './sidecar-hides-host';
import { sniOfNoServer } from './sni-of-no-server';
import { tlsAfterClearText } from './tls-after-clear-text';
import { tlsToClearPort } from './tls-to-clear-port';
import { tokenOfOtherExposure } from './token-of-other-exposure';
import { undefinedSubset } from './undefined-subset';
import { unknownAuthorizer } from './unknown-authorizer';
import { unknownCredential } from './unknown-credential';
import { unknownGateway } from './unknown-gateway';
import { unstatedWay } from './unstated-way';
import { unusedGateway } from './unused-gateway';
import { unusedPeering } from './unused-peering';
import { unverifiedServer } from './unverified-server';
import { virtualServiceIgnored } from './virtual-service-ignored';
import { writtenTwice } from './written-twice';

/** All rules, in the order in which their findings are told. */
export const RULES: readonly (Rule | ClusterRule)[] = [
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
  routingWithoutOtherwise,
  misspeltNamespace,
  namespaceOutsideMesh,
  sharedControlPlane,
  controlPlanesWithoutSelectors,
  namespaceOfTwoMeshes,
  tlsToClearPort,
  clearTextToTlsPort,
  tlsAfterClearText,
  onlyWayOutOfDirect,
  onlyWayOutOfEverybody,
  certificateWithoutHost,
  serverOfAnotherName,
  destinationRuleWithoutTls,
  destinationRuleIgnored,
  virtualServiceIgnored,
  serviceEntryBeside,
  gatewayServerIgnored,
  openedGateway,
  callersBeyondPeerings,
  sidecarHidesHost,
  mtlsAgainstCallers,
  credentialOfSidecars,
  unverifiedServer,
  routeNeverServed,
  undefinedSubset,
  principalWithScheme,
  routeToMissingPort,
  hostNotExported,
  routeToNoPort,
  routeToUnknownHost,
  unknownGateway,
  unknownCredential,
  sniOfNoServer,
  policyOfPassedTls,
  oneVirtualAddress,
  oneNodePort,
  routerBeforeMutualTls,
  secretWithoutKeys,
  endpointsOfNoPort,
  gatewayReadsAuthority,
  hiddenSourceAddress,
  tokenOfOtherExposure,
  oldTlsOfGateway,
  gatewayOfNoTlsVersion,
  kindsOfLongAgo,
  routeOfNoServer,
  certificateOfOtherUse,
  unstatedWay,
  openedWorkload,
  callersBesideExposures,
  besideThePods,
  unknownAuthorizer,
  selectorWithoutPods,
  unusedPeering,
  unusedGateway,
];

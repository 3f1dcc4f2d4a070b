import type { Fleet } from '../lib';
import * as atTheGateway from './at-the-gateway';
import * as databases from './databases';
import * as application from './external-services-application';
import * as egress from './external-services-egress';
import * as egressShared from './external-services-egress-shared';
import * as existingGateway from './external-services-existing-gateway';
import * as sidecarMutual from './external-services-sidecar-mutual';
import * as sidecarSimple from './external-services-sidecar-simple';
import * as unencrypted from './external-services-unencrypted';
import * as failover from './failover';
import * as mtlsModes from './mtls-modes';
import * as mutualIngress from './mutual-ingress';
import { migration } from './partner-agency-migration';
import * as option1 from './partner-agency-option-1';
import * as option2 from './partner-agency-option-2';
import * as option3 from './partner-agency-option-3';
import * as privateGatewaysConditions from './private-gateways-conditions';
import * as privateGatewaysHttp from './private-gateways-http';
import * as privateGatewaysIsolated from './private-gateways-isolated';
import * as privateGatewaysOrganisations from './private-gateways-organisations';
import * as privateGatewaysOssm from './private-gateways-ossm';
import * as privateGatewaysTcp from './private-gateways-tcp';
import * as privateGatewaysTls from './private-gateways-tls';
import * as privateGatewaysWeights from './private-gateways-weights';
import * as production from './production';
import * as routeTerminations from './route-terminations';
import * as saasBehindIngress from './saas-behind-ingress';
import { credentials } from './saas-credentials';
import * as saasEgress from './saas-egress';
import * as saasOneHost from './saas-one-host';
import * as saasServers from './saas-servers';
import * as sharedRoot from './shared-root';
import { mergedRoots } from './shared-root-merged';
import * as twoOrganisations from './shared-root-two-organisations';
import * as trafficRules from './traffic-rules';
import { connections } from './traffic-rules-connections';
import * as trafficRulesExposures from './traffic-rules-exposures';

/** Every scenario by its folder in `dist/`: `<family>/<variant>`. */
export const scenarios: Record<string, (fleet: Fleet) => void> = {
  'at-the-gateway/addresses': atTheGateway.addresses,
  'at-the-gateway/clients': atTheGateway.clients,
  'at-the-gateway/published-keys': atTheGateway.publishedKeys,
  'at-the-gateway/router-ossm-3': atTheGateway.behindRouter,
  'at-the-gateway/tokens': atTheGateway.tokens,
  'databases/egress': databases.egress,
  'databases/sidecar': databases.sidecar,
  'external-services/application': application.istio,
  'external-services/application-ossm': application.ossm,
  'external-services/egress-application': egress.application,
  'external-services/egress-shared': egressShared.istio,
  'external-services/egress-shared-ossm': egressShared.ossm,
  'external-services/egress-shared-ossm-3': egressShared.ossm3,
  'external-services/egress-unencrypted': egress.unencrypted,
  'external-services/existing-gateway': existingGateway.istio,
  'external-services/sidecar-mutual': sidecarMutual.istio,
  'external-services/sidecar-mutual-files': sidecarMutual.istioFiles,
  'external-services/sidecar-mutual-ossm': sidecarMutual.ossm,
  'external-services/sidecar-simple': sidecarSimple.istio,
  'external-services/sidecar-simple-ossm': sidecarSimple.ossm,
  'external-services/unencrypted': unencrypted.istio,
  'external-services/unencrypted-ossm': unencrypted.ossm,
  'failover/istio': failover.istio,
  'mtls-modes/istio': mtlsModes.istio,
  'mtls-modes/ossm': mtlsModes.ossm,
  'mutual-ingress/istio': mutualIngress.istio,
  'partner-agency/migration-1-before': (fleet) => migration(fleet, 'before'),
  'partner-agency/migration-2-added': (fleet) => migration(fleet, 'added'),
  'partner-agency/migration-3-split': (fleet) => migration(fleet, 'split'),
  'partner-agency/migration-4-moved': (fleet) => migration(fleet, 'moved'),
  'partner-agency/migration-5-after': (fleet) => migration(fleet, 'after'),
  'partner-agency/option-1': option1.istio,
  'partner-agency/option-1-allow-any': (fleet) => option1.istio(fleet, { outboundTrafficPolicy: 'ALLOW_ANY' }),
  'partner-agency/option-1-ossm': option1.ossm,
  'partner-agency/option-1-ossm-allow-any': (fleet) => option1.ossm(fleet, { outboundTrafficPolicy: 'ALLOW_ANY' }),
  'partner-agency/option-2': option2.istio,
  'partner-agency/option-2-ossm': option2.ossm,
  'private-gateways/conditions': privateGatewaysConditions.authorizationPolicy,
  'private-gateways/conditions-envoyfilter': privateGatewaysConditions.envoyFilter,
  'private-gateways/conditions-ossm-3': privateGatewaysConditions.ossm3,
  'private-gateways/http': privateGatewaysHttp.authorizationPolicy,
  'private-gateways/http-envoyfilter': privateGatewaysHttp.envoyFilter,
  'private-gateways/injection-ossm': privateGatewaysOssm.injection,
  'private-gateways/isolated': privateGatewaysIsolated.istio,
  'private-gateways/organisation-c1': privateGatewaysOrganisations.c1,
  'private-gateways/organisation-c2': privateGatewaysOrganisations.c2,
  'private-gateways/smcp-ossm': privateGatewaysOssm.smcp,
  'private-gateways/tcp': privateGatewaysTcp.authorizationPolicy,
  'private-gateways/tcp-envoyfilter': privateGatewaysTcp.envoyFilter,
  'private-gateways/tls': privateGatewaysTls.authorizationPolicy,
  'private-gateways/tls-envoyfilter': privateGatewaysTls.envoyFilter,
  'private-gateways/weights': privateGatewaysWeights.istio,
  'partner-agency/option-3': option3.istio,
  'partner-agency/option-3-clusters-ossm': option3.clustersOssm,
  'partner-agency/option-3-failover-ossm': option3.failoverOssm,
  'partner-agency/option-3-local-ossm': option3.localOssm,
  'partner-agency/option-3-ossm': option3.ossm,
  'partner-agency/option-3-ossm-3': option3.ossm3,
  'partner-agency/option-3-three-meshes-ossm': option3.threeMeshesOssm,
  'production/istio': production.istio,
  'production/ossm': production.ossm,
  'route-terminations/ossm-3': routeTerminations.ossm3,
  'saas/addresses': saasServers.addresses,
  'saas/certificates': saasOneHost.certificates,
  'saas/behind-ingress': saasBehindIngress.istio,
  'saas/behind-ingress-ossm': saasBehindIngress.ossm,
  'saas/credentials': credentials,
  'saas/domain': saasServers.domain,
  'saas/company-proxy': saasEgress.companyProxy,
  'saas/egress-domain': saasEgress.domain,
  'saas/egress-limits': saasEgress.limits,
  'saas/egress-paths': saasEgress.paths,
  'saas/egress-ports': saasEgress.ports,
  'saas/paths': saasOneHost.paths,
  'saas/ports': saasOneHost.ports,
  'saas/workload-certificates': saasOneHost.workloadCertificates,
  'saas/workload-certificates-ossm': saasOneHost.workloadCertificatesOssm,
  'shared-root/istio': sharedRoot.istio,
  'shared-root/istio-ossm': sharedRoot.ossm,
  'shared-root/istio-sail': sharedRoot.sail,
  'shared-root/merged-roots': mergedRoots,
  'shared-root/two-organisations-1-provider': twoOrganisations.provider,
  'shared-root/two-organisations-2-consumer': twoOrganisations.consumer,
  'traffic-rules/connections': connections,
  'traffic-rules/requests': trafficRules.requests,
  'traffic-rules/streams': trafficRules.streams,
  'traffic-rules/saas': trafficRulesExposures.saas,
  'traffic-rules/mirror': trafficRulesExposures.mirror,
  'traffic-rules/mirror-egress': trafficRulesExposures.mirrorThroughGateways,
};

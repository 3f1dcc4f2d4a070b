import type { Fleet } from '../lib';
import * as sidecarMutual from './external-services-sidecar-mutual';
import * as sidecarSimple from './external-services-sidecar-simple';
import * as unencrypted from './external-services-unencrypted';
import * as mtlsModes from './mtls-modes';
import * as mutualIngress from './mutual-ingress';
import * as option1 from './partner-agency-option-1';
import * as routeTerminations from './route-terminations';

/** Every scenario by the name of its folder in `dist/`. */
export const scenarios: Record<string, (fleet: Fleet) => void> = {
  'external-services-sidecar-mutual': sidecarMutual.istio,
  'external-services-sidecar-mutual-files': sidecarMutual.istioFiles,
  'external-services-sidecar-mutual-ossm': sidecarMutual.ossm,
  'external-services-sidecar-simple': sidecarSimple.istio,
  'external-services-sidecar-simple-ossm': sidecarSimple.ossm,
  'external-services-unencrypted': unencrypted.istio,
  'external-services-unencrypted-ossm': unencrypted.ossm,
  'mtls-modes': mtlsModes.istio,
  'mtls-modes-ossm': mtlsModes.ossm,
  'mutual-ingress': mutualIngress.istio,
  'partner-agency-option-1': option1.istio,
  'partner-agency-option-1-allow-any': (fleet) => option1.istio(fleet, { outboundTrafficPolicy: 'ALLOW_ANY' }),
  'partner-agency-option-1-ossm': option1.ossm,
  'partner-agency-option-1-ossm-allow-any': (fleet) => option1.ossm(fleet, { outboundTrafficPolicy: 'ALLOW_ANY' }),
  'route-terminations': routeTerminations.ossm3,
};

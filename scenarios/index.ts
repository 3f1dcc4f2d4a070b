import type { Fleet } from '../lib';
import * as unencrypted from './external-services-unencrypted';
import * as option1 from './partner-agency-option-1';

/** Every scenario by the name of its folder in `dist/`. */
export const scenarios: Record<string, (fleet: Fleet) => void> = {
  'external-services-unencrypted': unencrypted.istio,
  'external-services-unencrypted-ossm': unencrypted.ossm,
  'partner-agency-option-1': option1.istio,
  'partner-agency-option-1-allow-any': (fleet) => option1.istio(fleet, { outboundTrafficPolicy: 'ALLOW_ANY' }),
  'partner-agency-option-1-ossm': option1.ossm,
  'partner-agency-option-1-ossm-allow-any': (fleet) => option1.ossm(fleet, { outboundTrafficPolicy: 'ALLOW_ANY' }),
};

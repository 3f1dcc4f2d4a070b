import type { PeerAuthenticationSpec } from '../../../../imports/istio/security';
import type { Report } from '../problem';
import { portReason } from './common/names';
import { selectorRules } from './common/selectors';
import { refuse } from './common/values';
import { type IstioObject, SPEC } from './object';

/** `validation.ValidatePeerAuthentication`. */
export function peerAuthenticationRules({ spec }: IstioObject<PeerAuthenticationSpec>, report: Report): void {
  const { selector, portLevelMtls } = spec;
  const at = SPEC.at('portLevelMtls');
  const ports = Object.keys(portLevelMtls ?? {});
  if (ports.length > 0 && Object.keys(selector?.matchLabels ?? {}).length === 0) {
    report.error(at, 'is set without a selector: a mesh or a namespace has no ports');
  }
  if (portLevelMtls !== undefined && ports.length === 0) report.error(at, 'is empty, expected at least one port');
  for (const port of ports) refuse(report, at.at(port), portReason(Number(port)));
  selectorRules(selector?.matchLabels, selector !== undefined, SPEC.at('selector'), report);
}

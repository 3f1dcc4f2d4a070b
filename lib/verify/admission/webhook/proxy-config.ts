import type { ProxyConfigSpec } from '../../../../imports/istio/networking';
import type { Report } from '../problem';
import { selectorRules } from './common/selectors';
import { countReason, refuse } from './common/values';
import { type IstioObject, SPEC } from './object';

/** `validation.ValidateProxyConfig`. */
export function proxyConfigRules({ spec }: IstioObject<ProxyConfigSpec>, report: Report): void {
  const { selector, concurrency } = spec;
  selectorRules(selector?.matchLabels, selector !== undefined, SPEC.at('selector'), report);
  refuse(report, SPEC.at('concurrency'), countReason(concurrency));
}

import type { DestinationRuleSpec, Subset } from '../../../../imports/istio/networking';
import type { Path } from '../path';
import { type Report, show } from '../problem';
import { subsetNameReason } from './common/destination';
import { exportToRules } from './common/export-to';
import { wildcardDomainReason } from './common/names';
import { selectorRules } from './common/selectors';
import { trafficPolicyRules } from './common/traffic-policy';
import { labelsRules, refuse } from './common/values';
import { type IstioObject, SPEC } from './object';

/** `validation.ValidateDestinationRule`. */
export function destinationRuleRules({ namespace, spec }: IstioObject<DestinationRuleSpec>, report: Report): void {
  const { host, trafficPolicy, subsets = [], exportTo, workloadSelector } = spec;
  refuse(report, SPEC.at('host'), wildcardDomainReason(host));
  trafficPolicyRules(trafficPolicy, namespace, SPEC.at('trafficPolicy'), report);
  const names = new Set<string>();
  subsets.forEach((subset, i) => {
    const at = SPEC.at('subsets').at(i);
    if (names.has(subset.name)) report.error(at.at('name'), `is ${show(subset.name)}, the name of another subset`);
    names.add(subset.name);
    subsetRules(subset, namespace, at, report);
  });
  exportToRules(exportTo, namespace, SPEC.at('exportTo'), report, { ownNamespaceOnly: workloadSelector !== undefined });
  selectorRules(workloadSelector?.matchLabels, workloadSelector !== undefined, SPEC.at('workloadSelector'), report);
}

/** `validation.validateSubset`, which drops warnings. */
function subsetRules(subset: Subset, namespace: string, at: Path, report: Report): void {
  refuse(report, at.at('name'), subsetNameReason(subset.name));
  labelsRules(subset.labels, at.at('labels'), report);
  report.errorsOnly(() => trafficPolicyRules(subset.trafficPolicy, namespace, at.at('trafficPolicy'), report));
}

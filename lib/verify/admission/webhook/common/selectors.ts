import type { PolicyTargetReference, TypeWorkloadSelector } from '../../../../../imports/istio/shared';
import { each, type Path } from '../../path';
import { type Report, show } from '../../problem';

/** What a policy may be attached to: group and kind. */
const TARGETS: ReadonlySet<string> = new Set([
  '/Service',
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
]);

/** The fields by which a policy names what it is for. */
export interface Selection {
  readonly selector?: TypeWorkloadSelector;
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs?: readonly PolicyTargetReference[];
}

/** `validateOneOfSelectorType`, `validateWorkloadSelector`, `validatePolicyTargetReference`. */
export function selectionRules(spec: Selection, at: Path, report: Report): void {
  const { selector, targetRef, targetRefs = [] } = spec;
  const ways = [selector !== undefined, targetRef !== undefined, targetRefs.length > 0].filter(Boolean);
  if (ways.length > 1) report.error(at, 'sets two of selector, targetRef and targetRefs, expected one');
  selectorRules(selector?.matchLabels, selector !== undefined, at.at('selector'), report);
  if (targetRef !== undefined) targetRules(targetRef, at.at('targetRef'), report);
  each(targetRefs, at.at('targetRefs'), (target, item) => targetRules(target, item, report));
}

/** `validateWorkloadSelector`, `ValidateAlphaWorkloadSelector`: an empty selector selects the whole namespace. */
export function selectorRules(
  labels: Readonly<Record<string, string>> | undefined,
  present: boolean,
  at: Path,
  report: Report,
): void {
  if (!present) return;
  let count = 0;
  for (const key in labels) {
    count++;
    const value = labels[key] as string;
    if (key === '') report.error(at, 'has an empty key, expected the name of a label');
    if (key.includes('*') || value.includes('*')) {
      report.error(at, `has ${show(`${key}=${value}`)}, expected a label without a wildcard`);
    }
  }
  if (count === 0) report.warning(at, 'has no labels: it applies to all workloads of the namespace');
}

function targetRules({ group = '', kind, name, namespace }: PolicyTargetReference, at: Path, report: Report): void {
  if (name === '') report.error(at.at('name'), 'is empty, expected the name of the target');
  if (namespace !== undefined && namespace !== '') {
    report.error(at.at('namespace'), `is ${show(namespace)}, expected none: a policy applies to its own namespace`);
  }
  if (!TARGETS.has(`${group}/${kind}`)) {
    report.error(at, `is a ${kind} of group ${show(group)}, expected a Service, ServiceEntry, Gateway or GatewayClass`);
  }
}

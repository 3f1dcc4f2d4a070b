import { Path } from '../path';
import { type Report, show } from '../problem';
import type { IstioObject } from './object';

const DRY_RUN = 'istio.io/dry-run';
/** Annotations of istiod itself: who sets one would be taken for it. */
const RESERVED = [
  'internal.istio.io/webhook-always-reject',
  'internal.istio.io/parent-namespace',
  'internal.istio.io/parents',
];
const BOOLEANS = ['1', 't', 'T', 'true', 'TRUE', 'True', '0', 'f', 'F', 'false', 'FALSE', 'False'];

/**
 * `validation.validateMetadata`: annotations of any kind.
 *
 * @returns whether istiod looks at the rest.
 */
export function metadataRules(kind: string, object: IstioObject<unknown>, report: Report): boolean {
  const at = Path.ROOT.at('metadata').at('annotations');
  const dryRun = object.annotations[DRY_RUN];
  if (dryRun !== undefined) dryRunRules(kind, dryRun, object.spec, at.at(DRY_RUN), report);
  for (const name of RESERVED) {
    if (object.annotations[name] !== undefined) report.error(at.at(name), 'is set, which only istiod itself may do');
  }
  return report.accepted;
}

function dryRunRules(kind: string, value: string, spec: unknown, at: Path, report: Report): void {
  if (kind !== 'AuthorizationPolicy') {
    report.error(at, 'is set, which only an AuthorizationPolicy can have');
    return;
  }
  const { action = 'ALLOW' } = spec as { action?: string };
  if (action !== 'ALLOW' && action !== 'DENY') report.error(at, `is set with action ${action}, expected ALLOW or DENY`);
  else if (!BOOLEANS.includes(value)) report.error(at, `is ${show(value)}, expected "true" or "false"`);
}

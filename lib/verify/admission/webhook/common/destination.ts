import type { Destination } from '../../../../../imports/istio/networking';
import type { Path } from '../../path';
import { type Report, show } from '../../problem';
import { isLabel, portReason, type Reason, wildcardDomainReason } from './names';
import { refuse } from './values';

/** `validation.validateDestination`. */
export function destinationRules(destination: Destination | undefined, at: Path, report: Report): void {
  if (destination === undefined) return;
  const { host, subset, port } = destination;
  if (host === '*') report.error(at.at('host'), 'is "*", expected the name of a host');
  else refuse(report, at.at('host'), wildcardDomainReason(host));
  if (subset !== undefined && subset !== '') refuse(report, at.at('subset'), subsetNameReason(subset));
  if (port !== undefined) refuse(report, at.at('port').at('number'), portReason(port.number));
}

/** `validation.validateSubsetName`. */
export function subsetNameReason(name: string): Reason {
  return isLabel(name) ? undefined : `is ${show(name)}, expected a DNS label as the subset's name`;
}

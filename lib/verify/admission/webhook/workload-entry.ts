import type { WorkloadEntrySpec } from '../../../../imports/istio/networking';
import type { Path } from '../path';
import { type Report, show } from '../problem';
import { domainReason, isAddress, portReason } from './common/names';
import { labelsRules, portNameReason, refuse, socketReason } from './common/values';
import { type IstioObject, SPEC } from './object';

const SOCKET = 'unix://';

/** `validation.ValidateWorkloadEntry`. */
export function workloadEntryRules({ spec }: IstioObject<WorkloadEntrySpec>, report: Report): void {
  if (!addressRules(spec, true, SPEC, report)) return;
  portsRules(spec.ports, undefined, SPEC.at('ports'), report);
  labelsRules(spec.labels, SPEC.at('labels'), report);
}

/**
 * The address of a workload: an IP address, a socket, or, if `named`, a domain name. Without one, a network is enough: the
 * workload is reached through its gateway.
 *
 * @returns whether istiod looks at the rest.
 */
export function addressRules(workload: WorkloadEntrySpec, named: boolean, at: Path, report: Report): boolean {
  const { address = '', network, ports = {} } = workload;
  const place = at.at('address');
  if (address === '') {
    if (!network) {
      report.error(place, 'is missing, expected an address or a network');
      return false;
    }
    report.warning(place, `is missing, and network is ${show(network)}`);
  } else if (address.startsWith(SOCKET)) {
    refuse(report, place, socketReason(address.slice(SOCKET.length)));
    if (Object.keys(ports).length > 0) report.error(at.at('ports'), 'is set, which a socket cannot have');
  } else if (!isAddress(address) && !(named && domainReason(address) === undefined)) {
    report.error(place, `is ${show(address)}, expected an IP address${named ? ' or a domain name' : ''}`);
  }
  return true;
}

/** Ports by name; `known` are those that the entry has. */
export function portsRules(
  ports: Readonly<Record<string, number>> | undefined,
  known: ReadonlySet<string> | undefined,
  at: Path,
  report: Report,
): void {
  for (const name in ports) {
    const place = at.at(name);
    if (known !== undefined && !known.has(name))
      report.error(place, `is the port ${show(name)}, which the entry does not have`);
    refuse(report, place, portNameReason(name));
    refuse(report, place, portReason(ports[name]));
  }
}

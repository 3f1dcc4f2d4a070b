import type { ReadinessProbe, WorkloadGroupSpec } from '../../../../imports/istio/networking';
import type { Path } from '../path';
import { type Report, show } from '../problem';
import { portReason } from './common/names';
import { countReason, labelsRules, refuse } from './common/values';
import { type IstioObject, SPEC } from './object';

const COUNTS = [
  'periodSeconds',
  'initialDelaySeconds',
  'timeoutSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

/** `validation.ValidateWorkloadGroup`: the address and the like of the template come from the workloads. */
export function workloadGroupRules({ spec }: IstioObject<WorkloadGroupSpec>, report: Report): void {
  const { template, metadata, probe } = spec;
  if (template === undefined) {
    report.error(SPEC.at('template'), 'is required');
    return;
  }
  labelsRules(metadata?.labels, SPEC.at('metadata').at('labels'), report);
  if (report.accepted && probe !== undefined) probeRules(probe, SPEC.at('probe'), report);
}

function probeRules(probe: ReadinessProbe, at: Path, report: Report): void {
  for (const field of COUNTS) refuse(report, at.at(field), countReason(probe[field]));
  const { httpGet, tcpSocket, exec } = probe;
  if (httpGet !== undefined) {
    const place = at.at('httpGet');
    const { scheme = '', httpHeaders = [] } = httpGet;
    refuse(report, place.at('port'), portReason(httpGet.port));
    if (scheme !== '' && scheme !== 'HTTP' && scheme !== 'HTTPS') {
      report.error(place.at('scheme'), `is ${show(scheme)}, expected HTTP or HTTPS`);
    }
    httpHeaders.forEach(({ name = '' }, i) => {
      if (/^[-A-Za-z0-9]+$/.test(name)) return;
      report.error(place.at('httpHeaders').at(i).at('name'), `is ${show(name)}, expected the name of a header`);
    });
  } else if (tcpSocket !== undefined) {
    refuse(report, at.at('tcpSocket').at('port'), portReason(tcpSocket.port));
  } else if (exec !== undefined) {
    if (exec.command.length === 0) report.error(at.at('exec').at('command'), 'is empty, expected a command');
  } else {
    report.error(at, 'sets none of httpGet, tcpSocket and exec, of which istiod expects one');
  }
}

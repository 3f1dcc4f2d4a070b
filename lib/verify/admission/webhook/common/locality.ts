import type {
  LocalityLoadBalancerSetting,
  LocalityLoadBalancerSettingDistribute,
  LocalityLoadBalancerSettingFailover,
  OutlierDetection,
  ZoneAwareLoadBalancerSetting,
} from '../../../../../imports/istio/networking';
import type { Path } from '../../path';
import { type Report, show } from '../../problem';
import type { Reason } from './names';

/** Labels that say where a workload is. */
const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];
const WITHOUT_DETECTION = 'has no effect without outlierDetection: endpoints that fail are not noticed';

/** `agent.ValidateLocalityLbSetting`. */
export function localityRules(
  setting: LocalityLoadBalancerSetting | undefined,
  outlier: OutlierDetection | undefined,
  at: Path,
  report: Report,
): void {
  if (setting === undefined) return;
  const { distribute = [], failover = [], failoverPriority = [] } = setting;
  if (distribute.length > 0 && failover.length > 0) {
    report.error(at, 'sets distribute and failover, expected one of them');
    return;
  }
  const topology = failoverPriority.find((label) => TOPOLOGY.includes(label));
  if (failover.length > 0 && topology !== undefined) {
    report.error(at.at('failoverPriority'), `has ${topology} beside failover, expected one of the two`);
    return;
  }
  for (const [i, entry] of distribute.entries()) {
    if (!distributeRules(entry, at.at('distribute').at(i), report)) return;
  }
  const overlapping = localitiesReason(distribute.map(({ from = '' }) => from));
  if (overlapping !== undefined) report.error(at.at('distribute'), overlapping);
  if (failover.length + failoverPriority.length > 0 && outlier === undefined) report.warning(at, WITHOUT_DETECTION);
  failoverRules(failover, at.at('failover'), report);
}

/** `agent.ValidateZoneAwareLbSetting`: Envoy itself keeps to zones, so only regions are ordered. */
export function zoneAwareRules(
  setting: ZoneAwareLoadBalancerSetting | undefined,
  outlier: OutlierDetection | undefined,
  at: Path,
  report: Report,
): void {
  if (setting === undefined) return;
  const { failover = [], failoverPriority = [] } = setting;
  failoverPriority.forEach((label, i) => {
    if (!TOPOLOGY.includes(label)) return;
    report.error(
      at.at('failoverPriority').at(i),
      `is ${label}, expected no label of the topology: Envoy keeps to that`,
    );
  });
  if (failover.length + failoverPriority.length > 0 && outlier === undefined) report.warning(at, WITHOUT_DETECTION);
  failoverRules(failover, at.at('failover'), report);
}

function distributeRules({ to = {} }: LocalityLoadBalancerSettingDistribute, at: Path, report: Report): boolean {
  let sum = 0;
  for (const [locality, weight] of Object.entries(to)) {
    if (weight <= 0 || weight > 100) {
      report.error(at.at('to').at(locality), `is ${weight}, expected a weight from 1 to 100`);
      return false;
    }
    sum += weight;
  }
  if (sum !== 100) {
    report.error(at.at('to'), `has weights that add up to ${sum}, expected 100`);
    return false;
  }
  const reason = localitiesReason(Object.keys(to).sort());
  if (reason !== undefined) report.error(at.at('to'), reason);
  return true;
}

function failoverRules(failover: readonly LocalityLoadBalancerSettingFailover[], at: Path, report: Report): void {
  failover.forEach(({ from = '', to = '' }, i) => {
    if (from === to) report.error(at.at(i), `goes from ${show(from)} to itself, expected another region`);
    for (const region of [from, to]) {
      if (!region.includes('/') && !region.includes('*')) continue;
      report.error(at.at(i), `has ${show(region)}, expected the name of a region`);
    }
  });
}

/** `agent.validateLocalities`: `region/zone/subzone` or less, `*` at the end, none within another. */
function localitiesReason(localities: readonly string[]): Reason {
  const seen: string[][] = [];
  for (const locality of localities) {
    const stars = locality.split('*').length - 1;
    if (stars > 1 || (stars === 1 && !locality.endsWith('*'))) {
      return `has ${show(locality)}, expected at most one * and at the end`;
    }
    const parts = splitLocality(locality);
    if (parts.includes('')) return `has ${show(locality)}, expected region, region/zone or region/zone/subzone`;
    if (seen.some((other) => isTaken(parts, other)))
      return `has ${show(locality)}, which overlaps with another locality`;
    seen.push(parts);
  }
  return undefined;
}

function splitLocality(locality: string): string[] {
  const [region = '', zone, ...rest] = locality.split('/');
  if (zone === undefined) return [region];
  return rest.length === 0 ? [region, zone] : [region, zone, rest.join('/')];
}

/** Whether a locality named before leaves nothing of this one, or is part of it. */
function isTaken(parts: readonly string[], before: readonly string[]): boolean {
  const shorter = Math.min(parts.length, before.length);
  if (before.length === 1 && before[0] === '*') return true;
  for (let i = 0; i < shorter; i++) {
    if (before[i] === '*' && i > 0) return true;
    if (parts[i] !== before[i]) return false;
  }
  return true;
}

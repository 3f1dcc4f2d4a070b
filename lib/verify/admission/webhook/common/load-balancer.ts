import type {
  LoadBalancerSettings,
  LoadBalancerSettingsConsistentHashLB,
  LoadBalancerSettingsConsistentHashLBHTTPCookie,
  OutlierDetection,
  WarmupConfiguration,
} from '../../../../../imports/istio/networking';
import type { Path } from '../../path';
import { type Report, show } from '../../problem';
import { localityRules, zoneAwareRules } from './locality';
import { durationReason, readableDurationReason, refuse } from './values';

/** Largest table of Envoy's Maglev load balancer. */
const MAGLEV_MAX = 5_000_011;

/** `validation.validateLoadBalancer`. */
export function loadBalancerRules(
  settings: LoadBalancerSettings | undefined,
  outlier: OutlierDetection | undefined,
  at: Path,
  report: Report,
): void {
  if (settings === undefined) return;
  const { consistentHash, localityLbSetting, zoneAwareLbSetting, warmup } = settings;
  if (consistentHash !== undefined) hashRules(consistentHash, at.at('consistentHash'), report);
  if (localityLbSetting !== undefined && zoneAwareLbSetting !== undefined) {
    report.error(at, 'sets localityLbSetting and zoneAwareLbSetting, expected one of them');
  }
  localityRules(localityLbSetting, outlier, at.at('localityLbSetting'), report);
  zoneAwareRules(zoneAwareLbSetting, outlier, at.at('zoneAwareLbSetting'), report);
  if (warmup !== undefined) warmupRules(warmup, at.at('warmup'), report);
}

function hashRules(hash: LoadBalancerSettingsConsistentHashLB, at: Path, report: Report): void {
  if (hash.httpCookie !== undefined) cookieRules(hash.httpCookie, at.at('httpCookie'), report);
  if (hash.minimumRingSize) {
    report.warning(at.at('minimumRingSize'), 'is deprecated; use ringHash.minimumRingSize');
    if (hash.maglev !== undefined || hash.ringHash !== undefined) {
      report.error(at.at('minimumRingSize'), 'is set beside ringHash or maglev, expected one of them');
    }
  }
  if (hash.maglev === undefined) return;
  const { tableSize = 0 } = hash.maglev;
  if (tableSize === 0 || tableSize >= MAGLEV_MAX || !isPrime(tableSize)) {
    report.error(at.at('maglev').at('tableSize'), `is ${tableSize}, expected a prime number less than ${MAGLEV_MAX}`);
  }
}

function cookieRules(cookie: LoadBalancerSettingsConsistentHashLBHTTPCookie, at: Path, report: Report): void {
  if (cookie.name === '') report.error(at.at('name'), 'is empty, expected the name of a cookie');
  refuse(report, at.at('ttl'), readableDurationReason(cookie.ttl));
  const names = new Set<string>();
  cookie.attributes?.forEach(({ name }, i) => {
    const place = at.at('attributes').at(i).at('name');
    if (name === '') report.error(place, 'is empty, expected the name of an attribute');
    else if (names.has(name)) report.error(place, `is ${show(name)}, which is there already`);
    names.add(name);
  });
}

function warmupRules(warmup: WarmupConfiguration, at: Path, report: Report): void {
  refuse(report, at.at('duration'), durationReason(warmup.duration));
  if ((warmup.minimumPercent ?? 0) > 100) {
    report.error(at.at('minimumPercent'), `is ${warmup.minimumPercent}, expected a percentage from 0 to 100`);
  }
  if (warmup.aggression !== undefined && warmup.aggression <= 0) {
    report.error(at.at('aggression'), `is ${warmup.aggression}, expected more than 0`);
  }
}

function isPrime(n: number): boolean {
  for (let factor = 2; factor * factor <= n; factor++) if (n % factor === 0) return false;
  return true;
}

import type {
  ConnectionPoolSettings,
  ConnectionPoolSettingsHTTPSettings,
  ConnectionPoolSettingsTCPSettings,
  OutlierDetection,
} from '../../../../../imports/istio/networking';
import { MILLISECOND } from '../../../../../imports/schema/cel/duration';
import type { Path } from '../../path';
import type { Report } from '../../problem';
import { countReason, durationReason, nanoseconds, percentReason, refuse } from './values';

/** `validation.validateConnectionPool`. */
export function connectionPoolRules(pool: ConnectionPoolSettings | undefined, at: Path, report: Report): void {
  if (pool === undefined) return;
  if (pool.http === undefined && pool.tcp === undefined) report.error(at, 'is empty, expected http or tcp');
  if (pool.http !== undefined) httpRules(pool.http, at.at('http'), report);
  if (pool.tcp !== undefined) tcpRules(pool.tcp, at.at('tcp'), report);
}

const HTTP_COUNTS = [
  'http1MaxPendingRequests',
  'http2MaxRequests',
  'maxRequestsPerConnection',
  'maxRetries',
  'maxConcurrentStreams',
] as const;

function httpRules(http: ConnectionPoolSettingsHTTPSettings, at: Path, report: Report): void {
  for (const field of HTTP_COUNTS) refuse(report, at.at(field), countReason(http[field]));
  refuse(report, at.at('idleTimeout'), durationReason(http.idleTimeout));
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol) {
    report.error(at.at('useClientProtocol'), 'is true, but h2UpgradePolicy UPGRADE decides on the protocol');
  }
  const { http2KeepAlive } = http;
  if (http2KeepAlive === undefined) return;
  for (const field of ['interval', 'timeout'] as const) {
    const place = at.at('http2KeepAlive').at(field);
    if (http2KeepAlive[field] === undefined) report.error(place, 'is required');
    else refuse(report, place, durationReason(http2KeepAlive[field]));
  }
}

function tcpRules(tcp: ConnectionPoolSettingsTCPSettings, at: Path, report: Report): void {
  refuse(report, at.at('maxConnections'), countReason(tcp.maxConnections));
  refuse(report, at.at('connectTimeout'), durationReason(tcp.connectTimeout));
  refuse(report, at.at('maxConnectionDuration'), durationReason(tcp.maxConnectionDuration));
  const idle = tcp.idleTimeout === undefined ? undefined : nanoseconds(tcp.idleTimeout);
  // Less than a millisecond switches the timeout off.
  const off = idle !== undefined && idle > -MILLISECOND && idle < MILLISECOND;
  if (!off) refuse(report, at.at('idleTimeout'), durationReason(tcp.idleTimeout));
  refuse(report, at.at('tcpKeepalive').at('time'), durationReason(tcp.tcpKeepalive?.time));
  refuse(report, at.at('tcpKeepalive').at('interval'), durationReason(tcp.tcpKeepalive?.interval));
}

/** `validation.validateOutlierDetection`. Port settings do not pass its warnings on. */
export function outlierRules(outlier: OutlierDetection | undefined, at: Path, report: Report): void {
  if (outlier === undefined) return;
  refuse(report, at.at('baseEjectionTime'), durationReason(outlier.baseEjectionTime));
  refuse(report, at.at('interval'), durationReason(outlier.interval));
  refuse(report, at.at('maxEjectionPercent'), percentReason(outlier.maxEjectionPercent));
  refuse(report, at.at('minHealthPercent'), percentReason(outlier.minHealthPercent));
  if (outlier.consecutiveErrors) {
    report.warning(at.at('consecutiveErrors'), 'is deprecated; use consecutiveGatewayErrors or consecutive5xxErrors');
  }
  if (!outlier.splitExternalLocalOriginErrors && (outlier.consecutiveLocalOriginFailures ?? 0) > 0) {
    report.error(at.at('consecutiveLocalOriginFailures'), 'has no effect without splitExternalLocalOriginErrors: true');
  }
}

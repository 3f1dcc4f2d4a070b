import type {
  TrafficPolicy,
  TrafficPolicyPortTrafficPolicy,
  TrafficPolicyTunnelSettings,
} from '../../../../../imports/istio/networking';
import { each, type Path } from '../../path';
import { type Report, show } from '../../problem';
import { clientTlsRules } from './client-tls';
import { connectionPoolRules, outlierRules } from './connection-pool';
import { loadBalancerRules } from './load-balancer';
import { addressReason, domainReason, portReason } from './names';
import { readableDurationReason, refuse } from './values';

const PORT_FIELDS = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'] as const;
const FIELDS = [...PORT_FIELDS, 'tunnel', 'proxyProtocol', 'retryBudget'] as const;

/** `validation.validateTrafficPolicy`. */
export function trafficPolicyRules(
  policy: TrafficPolicy | undefined,
  namespace: string,
  at: Path,
  report: Report,
): void {
  if (policy === undefined) return;
  const { portLevelSettings = [] } = policy;
  if (portLevelSettings.length === 0 && FIELDS.every((field) => policy[field] === undefined)) {
    report.error(at, `is empty, expected at least one of ${FIELDS.join(', ')}, portLevelSettings`);
    return;
  }
  if (policy.tunnel !== undefined && policy.proxyProtocol !== undefined) {
    report.error(at, 'sets tunnel and proxyProtocol, expected one of them');
    return;
  }
  const { budgetInterval } = policy.retryBudget ?? {};
  refuse(report, at.at('retryBudget').at('budgetInterval'), readableDurationReason(budgetInterval));
  outlierRules(policy.outlierDetection, at.at('outlierDetection'), report);
  connectionPoolRules(policy.connectionPool, at.at('connectionPool'), report);
  loadBalancerRules(policy.loadBalancer, policy.outlierDetection, at.at('loadBalancer'), report);
  clientTlsRules(policy.tls, namespace, at.at('tls'), report);
  if (policy.tunnel !== undefined) tunnelRules(policy.tunnel, at.at('tunnel'), report);
  each(portLevelSettings, at.at('portLevelSettings'), (port, item) => portRules(port, namespace, item, report));
}

/** `validation.validatePortTrafficPolicies`, which drops warnings. */
function portRules(policy: TrafficPolicyPortTrafficPolicy, namespace: string, at: Path, report: Report): void {
  if (policy.port === undefined) report.error(at.at('port'), 'is required');
  if (PORT_FIELDS.every((field) => policy[field] === undefined)) {
    report.error(at, `is empty, expected at least one of ${PORT_FIELDS.join(', ')}`);
    return;
  }
  report.errorsOnly(() => {
    outlierRules(policy.outlierDetection, at.at('outlierDetection'), report);
    connectionPoolRules(policy.connectionPool, at.at('connectionPool'), report);
    loadBalancerRules(policy.loadBalancer, policy.outlierDetection, at.at('loadBalancer'), report);
    clientTlsRules(policy.tls, namespace, at.at('tls'), report);
  });
}

/** `validation.validateTunnelSettings`. */
function tunnelRules(
  { protocol = '', targetHost, targetPort }: TrafficPolicyTunnelSettings,
  at: Path,
  report: Report,
): void {
  if (protocol !== '' && protocol !== 'CONNECT' && protocol !== 'POST') {
    report.error(at.at('protocol'), `is ${show(protocol)}, expected CONNECT or POST`);
  }
  if (addressReason(targetHost) !== undefined) refuse(report, at.at('targetHost'), domainReason(targetHost));
  refuse(report, at.at('targetPort'), portReason(targetPort));
}

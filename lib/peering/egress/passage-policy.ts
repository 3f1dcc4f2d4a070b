import * as istio from '../../../imports/istio';
import type { AccessFacts } from '../../facts/access';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';
import { type EgressCallers, principals } from './egress-callers';

/** Whom an egress gateway lets through, and what they may do there. */
export interface PassagePolicy {
  readonly egress: Gateway;
  /** Name of the policy. */
  readonly label: string;
  /** SNI of the way to the gateway, and authority of requests. */
  readonly host: string;
  /** What the gateway sees. */
  readonly as: 'http' | 'tcp' | 'passthrough';
  /** Who may use it; absent: the whole mesh. */
  readonly callers?: EgressCallers;
  /** What they may do; absent: whatever they call. Empty: nothing. */
  readonly access?: readonly AccessFacts[];
}

/**
 * Who may use the gateway for a host: by identity where it ends TLS; by host, method and path of requests, else by SNI.
 * Without access rules there is nothing to add to what denies everything.
 */
export function writePassagePolicy(chart: MeshChart, policy: PassagePolicy, port: GatewayPort): void {
  const { egress, label, as, host, access = [undefined] } = policy;
  const bySni = { when: [{ key: 'connection.sni', values: [host] }] };
  const what = (rule: AccessFacts | undefined) =>
    as === 'http' ? { to: [{ operation: operation(host, port, rule) }] } : bySni;
  const rules = access.map((rule) => ({ ...whoOf(policy, rule), ...what(rule) }));
  if (rules.length === 0) return;
  new istio.AuthorizationPolicy(chart, `AuthorizationPolicy ${label}`, {
    apiVersion: egress.mesh.platform.apiVersion('AuthorizationPolicy'),
    metadata: { name: label, namespace: egress.namespace },
    spec: { selector: { matchLabels: egress.selector }, action: 'ALLOW', rules },
  });
}

/** The application's own TLS shows nobody. */
function whoOf({ as, egress, callers }: PassagePolicy, rule: AccessFacts | undefined) {
  if (as === 'passthrough') return {};
  return { from: [{ source: { principals: rule?.from ?? principals(egress.mesh.trustDomain, callers) } }] };
}

function operation(host: string, port: GatewayPort, rule: AccessFacts | undefined) {
  return {
    // a client may send the port along with the host
    hosts: [host, `${host}:*`],
    ports: [String(port.targetPort)],
    ...(rule?.methods && { methods: rule.methods }),
    ...(rule?.paths && { paths: rule.paths }),
  };
}

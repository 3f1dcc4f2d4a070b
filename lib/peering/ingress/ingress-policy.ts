import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import type { AccessFacts } from '../../facts/access';
import { isHttp } from '../../facts/port';
import type { MeshChart } from '../../fleet/mesh-chart';
import { rulesUnder } from '../../mesh/call-conditions';
import type { GatewayPort } from '../../mesh/gateway-port';
import type { IngressHost } from './ingress-host';
import type { ArrivingExposure } from './ingress-route';

/** For whom, and of which host. */
export interface IngressAllowance {
  /** SPIFFE ID of the client without `spiffe://`, where a policy can name it. */
  readonly principal: string | undefined;
  readonly host: IngressHost;
}

/** What one consumer may call: principal, addresses, host, methods, paths. An empty list of rules stays denied. */
export function writeIngressPolicy(
  chart: MeshChart,
  exposure: ArrivingExposure,
  { principal, host }: IngressAllowance,
): void {
  const { gateway, facts, name, conditions } = exposure;
  if (facts.access.length === 0) return;
  const principals = principal === undefined ? {} : { principals: [principal] };
  new istio.AuthorizationPolicy(chart, `AuthorizationPolicy ${name}`, {
    apiVersion: gateway.mesh.platform.apiVersion('AuthorizationPolicy'),
    metadata: { name, namespace: gateway.namespace },
    spec: {
      selector: { matchLabels: gateway.selector },
      action: 'ALLOW',
      rules: Lazy.any({
        produce: () => [
          ...rulesUnder(conditions, { ...principals, ...ruleOf(exposure, host) }),
          ...redirectRules(exposure, host),
        ],
      }),
    },
  });
}

/**
 * What a gateway sees of requests, of bytes in TLS that it ends, of bytes in clear text, of TLS that it passes on.
 *
 * Always with the port: a server of all hosts at another one, of whoever, takes the same SNI, and would be open for whatever
 * its requests ask.
 */
function ruleOf({ facts, port, arrives }: ArrivingExposure, { names }: IngressHost) {
  const { host, access, service } = facts;
  const atPort = { to: [{ operation: { ports: [String(port.targetPort)] } }] };
  const bySni = { when: [{ key: 'connection.sni', values: [host] }] };
  if (arrives === 'application') return { ...atPort, ...bySni };
  if (isHttp(service.protocol)) return { to: access.map((one) => ({ operation: operation(names, port, one) })) };
  return { ...atPort, ...(arrives !== 'plain' && bySni) };
}

/**
 * Requests in clear text that are answered with where to go: who calls is not known before, from where is. Nothing else is
 * behind that port for the host.
 */
function redirectRules({ facts, facing, conditions }: ArrivingExposure, { names }: IngressHost): istio.Rule[] {
  const { redirect } = facing;
  if (redirect === undefined || redirect === 'router') return [];
  const { ipBlocks, remoteIpBlocks } = conditions;
  const to = facts.access.map((one) => ({ operation: operation(names, redirect, one) }));
  return rulesUnder({ ipBlocks, remoteIpBlocks }, { to });
}

function operation(names: string[], port: GatewayPort, access: AccessFacts) {
  return {
    // a client may send the port along with the host
    hosts: names.flatMap((host) => [host, `${host}:*`]),
    ports: [String(port.targetPort)],
    ...(access.methods && { methods: access.methods }),
    ...(access.paths && { paths: access.paths }),
  };
}

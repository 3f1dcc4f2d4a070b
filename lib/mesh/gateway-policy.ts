import * as istio from '../../imports/istio';
import type { MeshChart } from '../fleet/mesh-chart';
import { rulesUnder } from './call-conditions';
import type { Gateway } from './gateway';
import { type PeerPolicy, pathsBelow } from './peer-policy';

/**
 * Writes what a peer may do, as the policies of its gateway are written: a policy of its own, or a part of the one
 * EnvoyFilter. Without access rules there is nothing to add to what denies everything.
 */
export function writePeerPolicy(chart: MeshChart, gateway: Gateway, policy: PeerPolicy): void {
  const { name, principal, access, conditions, port, toldApart } = policy;
  if (access.length === 0) return;
  if (gateway.filter !== undefined) {
    gateway.filter.add(policy);
    return;
  }
  new istio.AuthorizationPolicy(chart, `AuthorizationPolicy ${name}`, {
    apiVersion: gateway.mesh.platform.apiVersion('AuthorizationPolicy'),
    metadata: { name, namespace: gateway.namespace },
    spec: {
      selector: { matchLabels: gateway.selector },
      action: 'ALLOW',
      rules: rulesUnder(conditions, {
        principals: [principal],
        to: access.map(({ methods, paths }) => ({
          operation: {
            ports: [String(port)],
            ...(methods && { methods }),
            ...(toldApart.by === 'path' && { paths: pathsBelow(toldApart.prefix, paths) }),
          },
        })),
        ...(toldApart.by !== 'path' && { when: [{ key: 'connection.sni', values: [toldApart.sni] }] }),
      }),
    },
  });
}

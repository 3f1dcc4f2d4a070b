import { MeshError } from '../../facts/error';
import { DISCOVERY_PORT, type FederationForm, SERVICE_PORT } from '../../facts/federation';
import type { Gateway } from '../../mesh/gateway';
import type { Mesh } from '../../mesh/mesh';

/** What a gateway that faces a peer is for. */
export interface FacingUse {
  readonly mesh: Mesh;
  readonly form: FederationForm;
  readonly facing: 'ingress' | 'egress';
  readonly where: string;
}

/** @throws MESH1177 for one that exists and whose ServiceAccount nobody states; MESH1272 for one that cannot face a peer. */
export function checkFederationGateway(gateway: Gateway, use: FacingUse): void {
  const problem = problemOf(gateway, use);
  if (problem === undefined) {
    gateway.knownIdentity(use.where);
    return;
  }
  throw new MeshError('MESH1272', use.where, `${use.facing} gateway ${gateway.node.path} ${problem}`);
}

function problemOf(gateway: Gateway, { mesh, form, facing }: FacingUse): string | undefined {
  if (gateway.mesh !== mesh) return `is not of the mesh; expected a gateway of ${mesh.node.path}`;
  if (gateway.kind !== facing) return `is an ${gateway.kind} gateway; expected an ${facing} gateway`;
  if (gateway.route !== undefined) {
    return "is behind a Route, which the peer's control plane and gateway cannot dial; leave the Route out: expected a load balancer that passes connections on, or nodes";
  }
  const wanted = form === 'maistra' ? [SERVICE_PORT, DISCOVERY_PORT] : [SERVICE_PORT];
  const missing = wanted.find((port) => gateway.ports.every(({ number }) => number !== port));
  if (missing !== undefined) {
    return `has no port ${missing}; expected ports ${wanted.join(' and ')}, which the control plane has built in`;
  }
  if (form === 'maistra' && gateway.namespace !== mesh.controlPlane.namespace) {
    return `is in namespace ${gateway.namespace}; the control plane looks for it in its own, ${mesh.controlPlane.namespace}`;
  }
  if (form === 'maistra' && gateway.denyByDefault) {
    return "denies by default, which would cut off the peer's control plane; state denyByDefault: false";
  }
  if (form === 'gateways' && facing === 'ingress' && !gateway.denyByDefault) {
    return 'lets everybody through whom the root of the peer vouches for; state denyByDefault: true';
  }
  return undefined;
}

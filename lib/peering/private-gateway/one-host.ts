import { MeshError } from '../../facts/error';
import { attached } from '../../fleet/attached';
import type { Gateway } from '../../mesh/gateway';
import { podsKey } from '../../mesh/gateway-pods';

/**
 * Checks that an ingress gateway can be the provider's end of a peering of private gateways, and notes its one host.
 *
 * @throws MESH1207 for a gateway that lets everybody through; MESH1231 when another Gateway is about its pods; MESH1235 when another peering gives it another host;
 * MESH1236 for one behind a Route.
 */
export function claimPrivateGateway(gateway: Gateway, host: string, where: string): void {
  if (!gateway.denyByDefault) {
    throw new MeshError(
      'MESH1207',
      where,
      `peers are told apart by their certificates, but gateway ${gateway.node.path} lets everybody through that its CA vouches for; set denyByDefault: true on the gateway`,
    );
  }
  if (gateway.route !== undefined) {
    throw new MeshError(
      'MESH1236',
      where,
      `a Route with termination ${gateway.route.termination} stands in front of gateway ${gateway.node.path}; peers call a private gateway at its own address: state address, and leave route out`,
    );
  }
  const { mesh, node } = gateway;
  const pods = podsKey(gateway);
  const known = attached(mesh.cluster, `private gateway ${pods}`, () => ({ host, where, gateway: node.path }));
  if (known.gateway !== node.path) {
    throw new MeshError(
      'MESH1231',
      where,
      `gateway ${node.path} and gateway ${known.gateway} of peering '${known.where}' are about the same pods (${pods}); state the gateway once, and pass the value on`,
    );
  }
  if (known.host === host) return;
  throw new MeshError(
    'MESH1235',
    where,
    `gateway ${node.path} has host '${known.host}' in peering '${known.where}', here '${host}'; all its peers know it by one host`,
  );
}

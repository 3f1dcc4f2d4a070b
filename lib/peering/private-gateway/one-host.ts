import { MeshError } from '../../facts/error';
import { attached } from '../../fleet/attached';
import { Claims } from '../../fleet/claims';
import type { Gateway } from '../../mesh/gateway';
import { podsKey } from '../../mesh/gateway-pods';

/** What one peering makes of its provider's gateway. */
export interface PrivatePeer {
  /** The gateway's one host. */
  readonly host: string;
  /** Subject Alternative Name of the consumer's certificate. */
  readonly client: string;
  /** Construct path of the peering. */
  readonly where: string;
}

/**
 * Checks that an ingress gateway can be the provider's end of a peering of private gateways, and notes its one host and
 * this peer.
 *
 * @throws MESH1207 for a gateway that lets everybody through; MESH1231 when another Gateway is about its pods; MESH1235
 * when another peering gives it another host; MESH1236 for one behind a Route; MESH1237 when it knows another consumer
 * by the same certificate.
 */
export function claimPrivateGateway(gateway: Gateway, { host, client, where }: PrivatePeer): void {
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
  if (known.host !== host) {
    throw new MeshError(
      'MESH1235',
      where,
      `gateway ${node.path} has host '${known.host}' in peering '${known.where}', here '${host}'; all its peers know it by one host`,
    );
  }
  const other = attached(gateway, 'private peers', () => new Claims()).claim(client, where);
  if (other === undefined) return;
  throw new MeshError(
    'MESH1237',
    where,
    `gateway ${node.path} knows the client of peering '${other}' by '${client}', too, so each could do what the other may; expected a SPIFFE ID of its own for every consumer`,
  );
}

import type { Address } from '../../facts/address';
import { MeshError } from '../../facts/error';
import type { Gateway } from '../../mesh/gateway';
import { GatewayPort } from '../../mesh/gateway-port';
import type { SharedRootFacts } from './facts';

/** @throws MESH1252 when a gateway cannot pass the mesh's mTLS on; MESH1112 when it has no port for it. */
export function checkPassesOn(gateway: Gateway, where: string): void {
  const why = unfit(gateway);
  if (why !== undefined) throw new MeshError('MESH1252', where, `gateway ${gateway.node.path} ${why}`);
  gateway.portFor('tls');
}

function unfit({ address, route, denyByDefault, ports }: Gateway): string | undefined {
  if (route) {
    return "is behind a Route, but the SNI of the mesh's mTLS has underscores, which no Route can have as its host; give it an address of its own";
  }
  if (address === undefined) {
    return "has no address, so the consumer's sidecars would not know what to dial; state address: Address.ip(…), Address.nodePort(…) or Address.hostname(…)";
  }
  if (denyByDefault && ports.every(({ protocol }) => protocol === 'tls')) {
    return 'shall deny by default, but no policy sees mTLS that is passed on: it lets every exposed host through, and workloads decide; state denyByDefault: false';
  }
  return undefined;
}

/**
 * Where the consumer's sidecars connect to.
 *
 * @throws MESH1252 when neither a gateway nor an address says so.
 */
export function eastWestEndpoint(
  gateway: Gateway | undefined,
  stated: Address | undefined,
  where: string,
): SharedRootFacts['endpoint'] {
  const address = stated ?? gateway?.address;
  if (address === undefined) {
    throw new MeshError(
      'MESH1252',
      where,
      "nobody says how the provider's gateway is reached; state address: Address.ip(…), or use fromContract",
    );
  }
  const own = gateway?.portFor('tls') ?? GatewayPort.tls();
  return { port: address.portOf(own.number) ?? own.number, addresses: address.hosts };
}

import { MeshError } from '../../facts/error';
import type { EndpointFacts } from '../../facts/exposure';
import type { Protocol } from '../../facts/port';
import type { Gateway } from '../../mesh/gateway';
import type { GatewayPort } from '../../mesh/gateway-port';
import { flowOf } from './facts';
import type { PrivateStated } from './strategy';

/**
 * The port of the provider's gateway at which an exposure arrives.
 *
 * @throws MESH1112 when the gateway has none that fits; MESH1234 for bytes without a port of their own, or a port that
 * the gateway lacks.
 */
export function gatewayPortOf(
  gateway: Gateway,
  protocol: Protocol,
  { gatewayPort }: PrivateStated,
  where: string,
): GatewayPort {
  const flow = flowOf(protocol);
  if (gatewayPort === undefined) {
    if (flow !== 'bytes') return gateway.portFor(flow === 'requests' ? 'https' : 'tls');
    throw new MeshError(
      'MESH1234',
      where,
      'a tcp port needs a port of its own at the private gateway, by which it is told apart; state gatewayPort: 31400, and give the gateway GatewayPort.tls(31400)',
    );
  }
  const port = gateway.ports.find(({ number }) => number === gatewayPort);
  if (port !== undefined && port.protocol !== 'http') return port;
  const has = gateway.ports.map((own) => `${own.protocol} ${own.number}`).join(', ');
  throw new MeshError(
    'MESH1234',
    where,
    `gateway ${gateway.node.path} has no port ${gatewayPort} that takes TLS, it has ${has}; add GatewayPort.${flow === 'requests' ? 'https' : 'tls'}(${gatewayPort})`,
  );
}

/**
 * Where the consumer's gateway connects to in order to reach one port of the provider's.
 *
 * @param host leads to the gateway where it has no address of its own.
 * @throws MESH1114 for the address of one port of a gateway that has several.
 */
export function endpointAt({ address, ports, node }: Gateway, port: GatewayPort, host: string): EndpointFacts {
  if (address?.port !== undefined && ports.length > 1) {
    throw new MeshError(
      'MESH1114',
      node.path,
      `the address names one port (${address.port}), the gateway has ${ports.length}; give it the one that is called from outside`,
    );
  }
  return { port: address?.portOf(port.number) ?? port.number, addresses: address?.hosts ?? [host] };
}

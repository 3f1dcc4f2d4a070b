import type { Address } from '../facts/address';
import type { GatewayFacts } from '../facts/fleet';
import type { Identity } from '../trust/identity';
import type { GatewayPort } from './gateway-port';
import type { RouteFront } from './route-front';

/** A gateway as facts describe it. */
type Described = Omit<GatewayFacts, 'identity' | 'ports' | 'address' | 'route' | 'policies' | 'believesOtherRoots'> & {
  readonly identity: Identity;
  readonly ports: readonly GatewayPort[];
  readonly address?: Address;
  readonly route?: RouteFront;
  readonly policies: 'AuthorizationPolicy' | 'EnvoyFilter';
  readonly believesOtherRoots: boolean;
};

/** A gateway as `dist/fleet.json` holds it. */
export function gatewayFacts(gateway: Described): GatewayFacts {
  const { name, kind, namespace, service, selector, address, route, denyByDefault, policies } = gateway;
  return {
    name,
    kind,
    namespace,
    service,
    selector,
    identity: gateway.identity.value,
    ports: gateway.ports.map((port) => ({ name: port.name, number: port.number, targetPort: port.targetPort })),
    ...(address && { address: addressFacts(address) }),
    ...(route && { route: route.termination }),
    denyByDefault,
    ...(policies === 'EnvoyFilter' && { policies }),
    ...(gateway.believesOtherRoots && { believesOtherRoots: true as const }),
  };
}

function addressFacts({ kind, hosts, port, ports }: Address): NonNullable<GatewayFacts['address']> {
  return { kind, hosts, ...(port !== undefined && { port }), ...(ports && { ports }) };
}

import { MeshError } from '../facts/error';
import { mark } from '../facts/marks';
import { dnsLabel } from '../facts/names';
import { portNumber } from '../facts/port';

declare const brand: unique symbol;

/** What listens on a gateway's port: clear HTTP, TLS that the gateway ends, TLS that it passes on by SNI, or any bytes. */
export type GatewayProtocol = 'http' | 'https' | 'tls' | 'tcp';

/** One port of a gateway's Service. A value. */
export class GatewayPort {
  static {
    mark(GatewayPort.prototype, 'GatewayPort');
  }

  /** Clear HTTP, by default 80 with container port 8080. */
  public static http(number = 80, targetPort?: number): GatewayPort {
    const name = number === 80 ? 'http2' : `http2-${number}`;
    return new GatewayPort(
      'http',
      name,
      number,
      targetPort ?? (number === 80 ? 8080 : number),
      targetPort !== undefined,
    );
  }

  /** TLS, by default 443 with container port 8443. Passes TLS on as well as it ends it: that is up to each host. */
  public static https(number = 443, targetPort?: number): GatewayPort {
    const name = number === 443 ? 'https' : `https-${number}`;
    return new GatewayPort(
      'https',
      name,
      number,
      targetPort ?? (number === 443 ? 8443 : number),
      targetPort !== undefined,
    );
  }

  /** TLS that is passed on, such as 15443 between clusters. */
  public static tls(number = 15443, targetPort?: number): GatewayPort {
    const name = number === 15443 ? 'tls' : `tls-${number}`;
    return new GatewayPort('tls', name, number, targetPort ?? number, targetPort !== undefined);
  }

  /** Any bytes in clear text: nothing in them tells services apart, so the port is that of one. */
  public static tcp(number: number, targetPort?: number): GatewayPort {
    return new GatewayPort('tcp', `tcp-${number}`, number, targetPort ?? number, targetPort !== undefined);
  }

  declare protected readonly [brand]: 'GatewayPort';

  private constructor(
    /** What listens on it. */
    public readonly protocol: GatewayProtocol,
    /** Port name of the Service; an OpenShift Route names it. */
    public readonly name: string,
    /** Port number of the Service, which the Gateway resource names. */
    public readonly number: number,
    /** Port that the gateway's pod listens on: AuthorizationPolicy and EnvoyFilter name it. */
    public readonly targetPort: number,
    /** @internal whether the pod's port was said, or is what gateways of ours have. */
    public readonly isTargetStated: boolean,
    /** @internal whether the name was said. */
    public readonly isNameStated = false,
  ) {
    portNumber(number, 'GatewayPort');
    portNumber(targetPort, 'GatewayPort');
  }

  /**
   * The same port under a name of its own, where the name is an interface.
   *
   * @throws MESH1001 for a malformed name.
   */
  public named(name: string): GatewayPort {
    const { protocol, number, targetPort, isTargetStated } = this;
    const own = dnsLabel(name, 'GatewayPort.named', 'name');
    return new GatewayPort(protocol, own, number, targetPort, isTargetStated, true);
  }
}

/**
 * A Route names a port of the gateway's Service, and only those of Istio's own gateways are known.
 *
 * @throws MESH1120 for another one whose name nobody states.
 */
export function checkPortNames(ports: readonly GatewayPort[], where: string): void {
  const nameless = ports.find(({ isNameStated, name, number }) => !isNameStated && name.endsWith(`-${number}`));
  if (nameless === undefined) return;
  const { protocol, number } = nameless;
  throw new MeshError(
    'MESH1120',
    where,
    `a Route names the port of the gateway's Service, and nobody states the name of port ${number}; state it as the Service has it, such as ports: [GatewayPort.${protocol}(${number}).named('${protocol}')]`,
  );
}

/**
 * A Service has each port once, and a pod listens once on each of its own.
 *
 * @throws MESH1111 when they do not.
 */
export function checkGatewayPorts(ports: readonly GatewayPort[], where: string): void {
  if (ports.length === 0) {
    throw new MeshError(
      'MESH1111',
      where,
      'the list of ports is empty; state at least one, or leave it out for the default',
    );
  }
  const list = () => ports.map(({ name, number }) => `${name} ${number}`).join(', ');
  if (new Set(ports.map(({ number }) => number)).size < ports.length) {
    throw new MeshError('MESH1111', where, `ports ${list()} repeat a number; expected each once`);
  }
  const taken = ports.map(({ targetPort }) => targetPort).find((port, index, all) => all.indexOf(port) < index);
  if (taken !== undefined) {
    throw new MeshError('MESH1111', where, `ports ${list()} lead to container port ${taken} twice; expected each once`);
  }
}

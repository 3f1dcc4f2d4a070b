import { portNumber } from '../facts/port';

declare const brand: unique symbol;

/** What listens on a gateway's port: clear HTTP, TLS that the gateway ends, or TLS that it passes on by SNI. */
export type GatewayProtocol = 'http' | 'https' | 'tls';

/** One port of a gateway's Service. A value. */
export class GatewayPort {
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
  ) {
    portNumber(number, 'GatewayPort');
    portNumber(targetPort, 'GatewayPort');
  }
}

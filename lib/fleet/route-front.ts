/** How an OpenShift Route in front of an ingress gateway treats TLS. A value. */
export class RouteFront {
  /** Clear HTTP: the router reads the `Host` header. */
  public static http(): RouteFront {
    return new RouteFront('http');
  }

  /** The router reads the SNI and passes TLS on: the only one behind which a gateway sees client certificates. */
  public static passthrough(): RouteFront {
    return new RouteFront('passthrough');
  }

  /** The router ends TLS with its own certificate and goes on in clear text. */
  public static edge(): RouteFront {
    return new RouteFront('edge');
  }

  /** The router ends TLS with its own certificate and makes a new TLS connection to the gateway. */
  public static reencrypt(): RouteFront {
    return new RouteFront('reencrypt');
  }

  private constructor(public readonly termination: 'http' | 'passthrough' | 'edge' | 'reencrypt') {}
}

import { checkOptions, only, optional, text } from '../facts/guard';
import { mark } from '../facts/marks';
import { certificatesPem } from '../trust/certificate-pem';
import type { Credential } from '../trust/credential';

declare const brand: unique symbol;

/** What a re-encrypting Route states. */
export interface ReencryptOptions {
  /**
   * The gateway's key pair for the connections of the router. The router sends no SNI, so all hosts of the gateway share
   * it.
   */
  readonly credential: Credential<'sds'>;
  /**
   * Certificates of the authority that signed `credential`, in PEM: Routes take it inline only. Public; a private key is
   * refused.
   * @default - the authority of OpenShift's service serving certificates; `credential` must then be for the DNS name
   * `<service>.<namespace>.svc` of the gateway
   */
  readonly destinationCa?: string;
}

/**
 * How an OpenShift Route in front of an ingress gateway treats TLS. A value.
 *
 * Who ends the TLS of a peering decides what the gateway can see: only behind `passthrough` does a client certificate
 * reach it.
 */
export class RouteFront {
  static {
    mark(RouteFront.prototype, 'RouteFront');
  }

  /** Clear HTTP: the router reads the `Host` header. */
  public static http(): RouteFront {
    return new RouteFront('http');
  }

  /** The router reads the SNI and passes TLS on: the only one behind which a gateway sees client certificates. */
  public static passthrough(): RouteFront {
    return new RouteFront('passthrough');
  }

  /**
   * The router ends TLS and goes on in clear text: with `PeeringTls.simple` only. It presents its own certificate
   * (`server` is a PeerEnd), or that of a Secret (`server` is a Credential; needs an OpenShift whose router reads
   * `spec.tls.externalCertificate`).
   */
  public static edge(): RouteFront {
    return new RouteFront('edge');
  }

  /**
   * The router ends TLS as with `edge`, and makes a new TLS connection to the gateway.
   *
   * @throws MESH1405 when `destinationCa` is anything but certificates.
   */
  public static reencrypt(options: ReencryptOptions): RouteFront {
    checkOptions<ReencryptOptions>(options, 'RouteFront.reencrypt', {
      credential: only('Credential', 'source', ['sds'], 'Credential.secret(…) or Credential.certManager(…)'),
      destinationCa: optional(text),
    });
    const { credential, destinationCa } = options;
    return new RouteFront('reencrypt', {
      credential,
      ...(destinationCa !== undefined && {
        destinationCa: certificatesPem(destinationCa, 'RouteFront.reencrypt destinationCa'),
      }),
    });
  }

  declare protected readonly [brand]: 'RouteFront';

  private constructor(
    /** Who ends the TLS of a peering. */
    public readonly termination: 'http' | 'passthrough' | 'edge' | 'reencrypt',
    /** How the router connects to the gateway, where it encrypts again. */
    public readonly reencrypt?: ReencryptOptions,
  ) {}
}

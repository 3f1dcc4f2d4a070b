import type { Labels } from '../../facts/labels';
import type { Claims } from './bytes';

/** What a client of TLS offers, as curl is told it. */
export interface TlsOffer {
  /** @default 1.2 */
  readonly min?: '1.2' | '1.3';
  /** @default 1.3 */
  readonly max?: '1.2' | '1.3';
  /** @default - any */
  readonly ciphers?: string;
}

/** A call, as one would make it from a shell in a pod. */
export interface Call {
  /** `cluster/namespace/workload`: the workload's name, or its label `app`. */
  readonly from: string;
  /** `http`, `https`; `tcp` sends a line, `tls` sends one inside TLS. */
  readonly url: string;
  /** @default GET */
  readonly method?: string;
  readonly headers?: Labels;
  /** Claims of the token that the call carries where its issuer's rules look for it; empty: none. @default - nothing is said */
  readonly token?: Claims;
  /** Address that the call has for whoever is behind a load balancer. @default - that of the pod which dials it */
  readonly sourceIp?: string;
  /** Address of the client that a proxy tells there. @default - the same */
  readonly remoteIp?: string;
  /** Name of the client certificate, in the facts. */
  readonly as?: string;
  /** Name of the authority that the server's certificate must be of; without it any is taken. */
  readonly ca?: string;
  /**
   * Name that the client asks for, where it is not the host of the URL: SNI, the name that the certificate must be for, and
   * the authority of a request, as with `curl --connect-to`.
   */
  readonly sni?: string;
  /** Whether HTTP/2 is spoken from the first byte, without TLS or an upgrade that would ask for it. @default false */
  readonly http2?: boolean;
  /** Protocols that the TLS client offers. */
  readonly alpn?: readonly string[];
  /** Versions of TLS that the client offers, and, with colons between, its ciphers up to TLS 1.2. */
  readonly tls?: TlsOffer;
}

import type { Labels } from '../world/resource';

/** A call, as one would make it from a shell in a pod. */
export interface Call {
  /** `cluster/namespace/workload`: the workload's name, or its label `app`. */
  readonly from: string;
  /** `http`, `https`; `tcp` sends a line, `tls` sends one inside TLS. */
  readonly url: string;
  /** @default GET */
  readonly method?: string;
  readonly headers?: Labels;
  /** Name of the client certificate, in the facts. */
  readonly as?: string;
  /** Name of the authority that the server's certificate must be of; without it any is taken. */
  readonly ca?: string;
  /** SNI, where it is not the host of the URL. */
  readonly sni?: string;
  /** Protocols that the TLS client offers. */
  readonly alpn?: readonly string[];
}

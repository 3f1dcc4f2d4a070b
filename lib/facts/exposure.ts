import type { AccessFacts } from './access';
import type { RootFacts } from './fleet';
import type { Protocol } from './port';

/**
 * Everything that the two sides of one exposure must agree on, as JSON without secrets. Computed once, by the
 * strategy's `agree`; both halves are written from it.
 */
export interface ExposureFacts {
  /** `<namespace>/<service>:<port>`, with `/<subset>` where there is one; unique in its peering. */
  readonly exposure: string;
  /** The service at the provider. */
  readonly service: ExposedService;
  /** Host that callers may dial, and that SNI and authority carry. */
  readonly host: string;
  /** Port that callers dial and that the consumer's routes name. */
  readonly port: number;
  /** How the provider is reached. */
  readonly endpoint: EndpointFacts;
  /** How the hop between the two sides is protected. */
  readonly tls: TlsFacts;
  readonly access: AccessFacts[];
}

/** A service at its provider. */
export interface ExposedService {
  /** Fully qualified name: in the provider's cluster, or of a server in no mesh. */
  readonly host: string;
  /** Namespace; absent for a server in no mesh. */
  readonly namespace?: string;
  /** Name of the Service, or the host of a server in no mesh. */
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly subset?: string;
}

/** Where the consumer's proxies connect to. */
export interface EndpointFacts {
  /** Port of the provider's gateway as seen from outside: load balancer, router or node. */
  readonly port: number;
  /** Host names or IP addresses; absent: the exposure's host resolves to the gateway. */
  readonly addresses?: string[];
}

/** One end of an encrypted hop. */
export interface EndFacts {
  /** Subject Alternative Name that the other end verifies: a DNS name, or a URI with `spiffe://`. */
  readonly subjectAltName: string;
  /** Who signed the certificate. */
  readonly signer: RootFacts;
}

/** How a hop is protected. */
export type TlsFacts =
  | { readonly mode: 'plain' }
  | { readonly mode: 'simple'; readonly sni: string; readonly server: EndFacts }
  | {
      readonly mode: 'mutual';
      readonly sni: string;
      readonly server: EndFacts;
      readonly client: EndFacts;
      /** Present where the gateway also serves clients without a certificate. */
      readonly clientCertificate?: 'optional';
    }
  | { readonly mode: 'application'; readonly sni: string };

/** `<namespace>/<service>:<port>[/<subset>]` (`<host>:<port>` of a server in no mesh): how contracts and messages name an exposure. */
export function exposureKey({ namespace, name, port, subset }: Omit<ExposedService, 'host' | 'protocol'>): string {
  return `${namespace === undefined ? '' : `${namespace}/`}${name}:${port}${subset === undefined ? '' : `/${subset}`}`;
}

import type { AccessFacts } from './access';
import type { Protocol } from './port';
import type { RootFacts } from './root';

/**
 * What the two sides of one exposure must agree on, as JSON without secrets, whatever the strategy. Computed once, by the
 * strategy's `agree`; both halves are written from it. Strategies add their own fields.
 */
export interface ExposureFacts {
  /** `<namespace>/<service>:<port>`, with `/<subset>` where there is one; unique in its peering. */
  readonly key: string;
  /** The service at the provider. */
  readonly service: ExposedService;
  /** Host that callers may dial, where the strategy gives one. */
  readonly host?: string;
  /** Who may call what; empty: every call is denied. */
  readonly access: AccessFacts[];
}

/** Facts of an exposure whose calls make one hop, between a proxy of each side, protected by `PeeringTls`. */
export interface HopFacts extends ExposureFacts {
  /** Host that callers may dial, and that SNI and authority carry. */
  readonly host: string;
  /** Port that callers dial and that the consumer's routes name. */
  readonly port: number;
  /** Part of the host's paths that the exposure is about; absent: all. */
  readonly paths?: string[];
  /** How the provider is reached. */
  readonly endpoint: EndpointFacts;
  /** How the hop between the two sides is protected. */
  readonly tls: TlsFacts;
  /** Hosts of which copies of requests are taken beside those for its own host, sorted; absent: none. */
  readonly mirrorOf?: string[];
}

/** A service at its provider. */
export interface ExposedService {
  /** Fully qualified name: in the provider's cluster, or of a server in no mesh. */
  readonly host: string;
  /** Namespace; absent for a server in no mesh. */
  readonly namespace?: string;
  /** Name of the Service, or the host of a server in no mesh. */
  readonly name: string;
  /** Port of the Service that its own callers dial. */
  readonly port: number;
  /** What the port carries. */
  readonly protocol: Protocol;
  /** Subset of its pods; absent: all of them. */
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

/** Who is at the ends of a hop, the same for every host. */
export type TlsEnds =
  | { readonly mode: 'plain' }
  | { readonly mode: 'simple'; readonly server: EndFacts }
  | {
      readonly mode: 'mutual';
      readonly server: EndFacts;
      readonly client: EndFacts;
      /** Present where the gateway also serves clients without a certificate. */
      readonly clientCertificate?: 'optional';
    }
  | {
      readonly mode: 'application';
      /** DNS name that the application's client verifies. */
      readonly serverName: string;
    };

/** Ends of a hop of mutual TLS. */
export type MutualEnds = Extract<TlsEnds, { mode: 'mutual' }>;

/** How a hop is protected. */
export type TlsFacts =
  | Extract<TlsEnds, { mode: 'plain' }>
  | (Exclude<TlsEnds, { mode: 'plain' }> & {
      /** Server name that the client sends, by which gateways tell hosts apart. */
      readonly sni: string;
    });

/**
 * `<namespace>/<service>:<port>[/<subset>]` (`<host>:<port>` of a server in no mesh): how contracts, `dist/fleet.json` and
 * messages name an exposure.
 */
export function exposureKey({ namespace, name, port, subset }: Omit<ExposedService, 'host' | 'protocol'>): string {
  return `${namespace === undefined ? '' : `${namespace}/`}${name}:${port}${subset === undefined ? '' : `/${subset}`}`;
}

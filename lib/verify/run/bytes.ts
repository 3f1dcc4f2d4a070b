import type { Labels } from '../../facts/labels';
import type { TlsLimits } from '../view/tls-limits';
import type { CertificateFact } from '../world/facts';
import type { CertificateOrigin, RequestOrigins } from './origin';

/** Identifies one TLS connection of a call; `plain` is the outermost connection without TLS. */
export type Layer = string;

const PLAIN: Layer = 'plain';

/** What travels: a value that a proxy passes on, opens, or wraps. */
export type Bytes = HttpBytes | { readonly kind: 'tcp' } | TlsBytes;

/** What a token says: text, numbers, or lists of texts. */
export type Claims = Readonly<Record<string, string | number | readonly string[]>>;

export interface HttpBytes {
  readonly kind: 'http';
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** By lower-case name. */
  readonly headers: Labels;
  /** Claims of the token that it carries; empty: none. Undefined where nobody says. */
  readonly token?: Claims;
  /** Claims of the token that the proxy at hand has verified. */
  readonly claims?: Claims;
  /** HTTP/2 without TLS around it. */
  readonly isHttp2?: boolean;
  /** What goes through the tunnel that it asks for, which breaks as a connection of its own. */
  readonly carries?: { readonly layer: Layer; readonly bytes: Bytes };
  /** Present while an exploration notes what is asked of the request. */
  readonly origins?: RequestOrigins;
}

export interface TlsBytes {
  readonly kind: 'tls';
  readonly layer: Layer;
  readonly sni?: string;
  readonly alpn: readonly string[];
  readonly client: TlsClient;
  readonly inner: Bytes;
}

/** A certificate; with an origin while an exploration notes what is asked of it. */
export interface Certificate extends CertificateFact {
  readonly origin?: CertificateOrigin;
}

/** What a TLS client presents, and what it checks. */
export interface TlsClient {
  readonly certificate?: Certificate;
  /** Certificate authorities that it believes; undefined where it believes everybody. */
  readonly roots?: readonly string[];
  /** One of these names must be in the server's certificate. */
  readonly names?: readonly string[];
  /** The certificate must be for this host. */
  readonly hostname?: string;
  /** Versions and ciphers that it offers. @default - any that anybody takes */
  readonly limits?: TlsLimits;
}

/** What answered. */
export interface Served {
  readonly workload: string;
  /** Port of the application. */
  readonly port: number;
  readonly app: string;
  readonly version?: string;
  /** The request as it arrived; undefined for other bytes. */
  readonly request?: HttpBytes;
}

/** What comes back, told by the TLS connection in which it happened: each party turns it into its own words. */
export type Reply =
  /** `after`: milliseconds until it comes, where that is not at once. */
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly served?: Served;
      readonly after?: number;
      /** After so many requests that are answered like this, what the next one is answered. */
      readonly recovers?: { readonly after: number; readonly status: number };
    }
  | { readonly kind: 'data'; readonly served: Served; readonly layer: Layer }
  | { readonly kind: 'refused' | 'unreachable' | 'timeout' }
  /** A proxy with a configuration that it refuses: it never becomes ready. */
  | { readonly kind: 'not-ready' }
  | { readonly kind: 'reset' | 'eof'; readonly layer: Layer; readonly why: string; readonly isNoAnswer?: boolean }
  | {
      readonly kind: 'tls-failure';
      readonly layer: Layer;
      /** A server that rejects a certificate says so when the client believes that the handshake is over (TLS 1.3). */
      readonly phase: 'handshake' | 'after';
      readonly by: 'client' | 'server';
      /** Nobody looked at a certificate: there is no version or cipher that both ends take. */
      readonly isUncommon?: true;
      readonly why: string;
    }
  /** Bytes of another protocol. */
  | { readonly kind: 'garbage'; readonly layer: Layer };

export const layerOf = (bytes: Bytes): Layer => (bytes.kind === 'tls' ? bytes.layer : PLAIN);

export const reset = (bytes: Bytes, why: string): Reply => ({ kind: 'reset', layer: layerOf(bytes), why });
export const eof = (bytes: Bytes, why: string): Reply => ({ kind: 'eof', layer: layerOf(bytes), why });

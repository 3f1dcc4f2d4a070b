import type { Endpoint } from '../registry/service';
import type { HeaderOperations, HttpMatch, HttpRoute } from '../world/istio-types';
import type { Ref } from '../world/resource';
import type { Policy, PolicyIndex } from './policy-index';
import type { SniForward } from './sni-forward';
import type { TlsLimits } from './tls-limits';

/** Envoy's objects, as far as a trace depends on them: what LDS, RDS, CDS and EDS would send. */

/** One destination of a split. */
export interface Weighted {
  readonly cluster: string;
  readonly weight: number;
  readonly headers?: HeaderOperations;
  /** Of several destinations of bytes: the host of the first, whose tunnel is that of all. */
  readonly tunnelBy?: string;
}

/** TLS towards a client. */
export interface ServerTls {
  readonly mode: string;
  /** Name for the Secret Discovery Service; undefined for the workload's own certificate and for files. */
  readonly credential?: string;
  readonly files?: { readonly certificate?: string; readonly key?: string; readonly ca?: string };
  readonly requiresClient: boolean;
  readonly validatesClient: boolean;
  readonly subjectAltNames?: readonly string[];
  /** Trust domains that a client's certificate must be of. */
  readonly trustDomains?: readonly string[];
  /** @default - those of an Envoy to which nothing is said */
  readonly limits?: TlsLimits;
  readonly refs: readonly Ref[];
}

/** TLS towards a server. */
export interface ClientTls {
  readonly mode: 'ISTIO_MUTUAL' | 'MUTUAL' | 'SIMPLE';
  readonly sni?: string;
  /** SNI, and the name that the certificate must have, are the request's host. */
  readonly autoSni: boolean;
  readonly autoSan: boolean;
  readonly alpn: readonly string[];
  readonly subjectAltNames: readonly string[];
  readonly credential?: string;
  readonly files?: { readonly certificate?: string; readonly key?: string; readonly ca?: string };
  readonly skipsVerification: boolean;
  /** @default - those of an Envoy to which nothing is said */
  readonly limits?: TlsLimits;
  readonly refs: readonly Ref[];
}

/** RBAC filter: policies of one action. */
export interface Rbac {
  readonly action: 'ALLOW' | 'DENY';
  readonly policies: readonly Policy[];
  readonly ref: Ref;
  /** Where there are too many to ask each. */
  readonly index?: PolicyIndex;
}

/** A filter chain. */
export interface Chain {
  readonly name: string;
  readonly destinationPort?: number;
  readonly prefixes?: readonly string[];
  readonly sni?: readonly string[];
  readonly transport?: 'tls' | 'raw_buffer';
  readonly alpn?: readonly string[];
  readonly tls?: ServerTls;
  /** HTTP: name of the routes that RDS sends, or the cluster that everything goes to. */
  readonly http?: { readonly rds: string } | { readonly inbound: string };
  /** TCP. */
  readonly tcp?: readonly Weighted[];
  /** Looks up the name that TLS asks for, for clusters that share its cache. */
  readonly forward?: SniForward;
  readonly rbac: readonly Rbac[];
  readonly refs: readonly Ref[];
}

/** A listener. */
export interface Listener {
  readonly name: string;
  readonly chains: readonly Chain[];
  /** What takes a connection that no chain matches. */
  readonly fallback?: Chain;
  /** Why Envoy refuses it; a proxy that starts now never becomes ready. */
  readonly refused?: { readonly why: string; readonly ref: Ref };
}

/** How a route compares the path. */
export interface PathMatch {
  readonly kind: 'prefix' | 'exact' | 'regex';
  readonly value: string;
}

/** A route of a virtual host. */
export interface Route {
  readonly path: PathMatch;
  readonly match?: HttpMatch;
  /** The rule it was made of; undefined for routes that istiod adds itself. */
  readonly rule?: HttpRoute;
  /** Undefined where it answers itself. */
  readonly clusters?: readonly Weighted[];
  readonly directStatus?: number;
  readonly redirectStatus?: number;
  readonly abortStatus?: number;
  readonly authority?: string;
  readonly isCatchAll: boolean;
  readonly refs: readonly Ref[];
}

/** A virtual host. */
export interface VirtualHost {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: readonly Route[];
  readonly requiresTls?: boolean;
  readonly refs: readonly Ref[];
}

/** How Envoy finds the endpoints of a cluster; `DYNAMIC` resolves the name that each call asks for. */
export type ClusterType = 'EDS' | 'STRICT_DNS' | 'LOGICAL_DNS' | 'ORIGINAL_DST' | 'DYNAMIC';

/** An outbound cluster. */
export interface Cluster {
  readonly type: ClusterType;
  /** By priority; one group where there are no priorities. */
  readonly endpoints: readonly (readonly ClusterEndpoint[])[];
  /** For all endpoints. */
  readonly tls?: ClientTls;
  /** For endpoints that take mTLS only. */
  readonly autoTls?: ClientTls;
  readonly isHttp2: boolean;
  /** Port that replaces the one dialled, of an ORIGINAL_DST cluster. */
  readonly portOverride?: number;
  readonly ejectsOutliers: boolean;
  /** Of a cluster that an EnvoyFilter adds: the cache in which the filter of a chain has put what it has looked up. */
  readonly cache?: string;
  readonly refs: readonly Ref[];
}

/** An endpoint of a cluster. */
export interface ClusterEndpoint extends Endpoint {
  /** Whether automatic mTLS counts it in. */
  readonly usesMtls: boolean;
}

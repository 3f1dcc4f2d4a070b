/** What tools/oracle/istiod answers to a case: the shapes of its Go types. */

export interface OracleAnswer {
  readonly id: string;
  /** By the number of the Istio object. */
  readonly refused?: Readonly<Record<string, string>>;
  readonly error?: string;
  /** By `namespace/name`. */
  readonly proxies?: Readonly<Record<string, PushedProxy>>;
}

export interface PushedProxy {
  readonly listeners: readonly PushedListener[] | null;
  readonly routes: Readonly<Record<string, readonly PushedVHost[]>>;
  readonly clusters: Readonly<Record<string, PushedCluster>>;
  readonly endpoints: Readonly<Record<string, readonly PushedEndpoint[]>>;
}

export interface PushedListener {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly chains: readonly PushedChain[] | null;
  readonly default?: PushedChain;
}

export interface PushedWeight {
  readonly cluster: string;
  readonly weight: number;
}

export interface PushedChain {
  readonly name: string;
  readonly port?: number;
  readonly prefixes?: readonly string[];
  readonly sni?: readonly string[];
  readonly alpn?: readonly string[];
  readonly transport?: string;
  readonly tls?: PushedTls;
  readonly http?: boolean;
  readonly rds?: string;
  readonly clusters?: readonly PushedWeight[];
  /** `host:port`, and whether by POST. */
  readonly tunnel?: string;
  readonly rbac?: readonly { readonly action: string; readonly policies: readonly string[] }[];
}

export interface PushedTls {
  readonly requireClient?: boolean;
  readonly sni?: string;
  readonly alpn?: readonly string[];
  readonly certificate?: string;
  readonly ca?: string;
  readonly sans?: readonly string[];
  /** As Envoy calls versions: `TLSv1_2`, `TLS_AUTO`. */
  readonly min?: string;
  readonly max?: string;
  readonly ciphers?: readonly string[];
}

export interface PushedVHost {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: readonly PushedRoute[];
  readonly requireTls?: boolean;
}

export interface PushedRoute {
  readonly path: string;
  readonly headers?: number;
  readonly clusters?: readonly PushedWeight[];
  readonly direct?: number;
  readonly redirect?: boolean;
  readonly host?: string;
}

export interface PushedCluster {
  readonly type: string;
  readonly tls?: PushedTls;
  readonly autoTls?: PushedTls;
  readonly http2?: boolean;
  readonly autoSni?: boolean;
  readonly autoSan?: boolean;
  readonly port?: number;
  readonly endpoints?: readonly PushedEndpoint[];
}

export interface PushedEndpoint {
  readonly address: string;
  readonly mtls?: boolean;
  readonly priority?: number;
  readonly weight?: number;
}

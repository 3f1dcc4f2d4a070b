import type { Labels } from '../../facts/labels';
import type { MeshConfig } from './mesh-config-types';

/**
 * What manifests cannot say. Everything has a default; a trace lists in its `assumptions` the defaults that it used.
 */
export interface WorldFacts {
  /** The control plane of each cluster, by the cluster's name. */
  readonly meshes: Readonly<Record<string, MeshFact>>;
  /**
   * Clusters that several of `meshes` share, by the name that stands for one of them there: its services know each other by
   * name and address, its control planes know nothing of each other. @default - each has a cluster of its own
   */
  readonly clusters?: Readonly<Record<string, string>>;
  /** What names mean to the DNS server of a cluster: an IP address, or another name. */
  readonly dns?: Readonly<Record<string, Labels>>;
  /** The same of names that all of them know; what a cluster has of its own comes first. */
  readonly names?: Labels;
  /** Addresses of Services of the type LoadBalancer, by `cluster/namespace/name`. */
  readonly loadBalancers?: Readonly<Record<string, readonly string[]>>;
  /** Addresses outside of clusters that lead to Services: of load balancers, routers, nodes. */
  readonly addresses?: readonly AddressFact[];
  /** Routers of OpenShift, by cluster; without one, Routes lead nowhere. */
  readonly routers?: Readonly<Record<string, RouterFact>>;
  /** Certificates that Secrets and outside clients hold, by name. */
  readonly certificates?: readonly CertificateFact[];
  /** Secrets; one that is needed and not among them is assumed to be there and right, unless `secretsAreComplete`. */
  readonly secrets?: readonly SecretFact[];
  /** Whether a Secret that is not among `secrets` does not exist. @default false */
  readonly secretsAreComplete?: boolean;
  /** HTTP status that a workload answers whatever it is asked, by `cluster/namespace/name`. */
  readonly failing?: Readonly<Record<string, number>>;
  /** What containers do, by the last part of their image's name, without tag. */
  readonly images?: Readonly<Record<string, ApplicationFact>>;
  /** What single containers do, by `cluster/namespace/workload/container`; comes before `images`. */
  readonly containers?: Readonly<Record<string, ApplicationFact>>;
}

/** The router of OpenShift in a cluster. */
export interface RouterFact {
  readonly address: string;
  /** Further ones. @default - none */
  readonly moreAddresses?: readonly string[];
  /** Name of its own certificate. @default - one of which nothing is known */
  readonly certificate?: string;
  /** Names of the certificates that it has for single hosts, where their Routes hold none. @default - its own for all */
  readonly certificates?: Labels;
  /** Authority of the serving certificates that it takes of Services. @default - any */
  readonly serviceCa?: string;
}

/** An address outside of clusters, and where each of its ports leads. */
export interface AddressFact {
  readonly ip: string;
  readonly ports: Readonly<Record<number, ServicePortFact>>;
}

/** A port of a Service. */
export interface ServicePortFact {
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

/**
 * A certificate authority that nobody states: whoever it signs is believed, and whoever is signed by another one, too;
 * traces say so among their assumptions.
 */
export const UNKNOWN_AUTHORITY = '(not stated)';

/** Facts of one control plane. */
export interface MeshFact {
  readonly meshConfig?: MeshConfig;
  /** Environment of istiod. */
  readonly env?: Labels;
  /** Certificate authority that signs workload certificates. Two meshes with one name believe each other. @default one of its own */
  readonly root?: string;
  /** @default the cluster's name */
  readonly region?: string;
  /** @default `<cluster>-a` */
  readonly zone?: string;
  /** DNS domain of the cluster's Services. @default cluster.local */
  readonly dnsDomain?: string;
  /** Network of its workloads, where the fleet has several. */
  readonly network?: string;
  /** Whether the cluster's network enforces NetworkPolicies. @default - nobody knows: calls that meet one are not modelled */
  readonly networkPolicies?: 'enforced' | 'ignored';
  /** Minor version of Istio. @default 1.31 */
  readonly istio?: string;
  /** Revision, as namespaces and pods ask for it. @default default */
  readonly revision?: string;
}

/** A certificate, as far as TLS depends on it. */
export interface CertificateFact {
  readonly name: string;
  /** Who signed it. */
  readonly ca: string;
  /** `URI:…`, `DNS:…`, `IP:…`. */
  readonly san?: readonly string[];
  /** Extended key usages. @default both */
  readonly eku?: readonly ('serverAuth' | 'clientAuth')[];
  /** Whether it has ended. @default false */
  readonly expired?: boolean;
}

/** A Secret by reference: which certificate, key and authorities its data are. */
export interface SecretFact {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** By key: `cert:NAME`, `key:NAME` of a certificate fact, or `ca:NAME`; several names with spaces between. */
  readonly data: Labels;
}

/** What a container does with a connection. */
export interface ApplicationFact {
  /**
   * `tls` takes any bytes in TLS; `connect` is a proxy, which connects clients to what they ask for by CONNECT; `none` makes
   * calls and answers none.
   */
  readonly speaks: 'http' | 'https' | 'tcp' | 'tls' | 'connect' | 'none';
  /** Whether it takes HTTP/2, too, or nothing else. @default false */
  readonly http2?: boolean | 'only';
  /** Ports, where the container states none. */
  readonly ports?: readonly number[];
  /** Regular expression that finds the HTTP status of the answer in the path; 200 where it finds none. */
  readonly statusInPath?: string;
  /** Regular expression that finds in the path how late the answer is, in milliseconds; at once where it finds nothing. */
  readonly delayInPath?: string;
  /**
   * Regular expression that finds in the path how many requests are answered with 503 before one is answered otherwise; none
   * where it finds nothing.
   */
  readonly failuresInPath?: string;
  /** Of `connect`: targets, as `host:port`, to which it connects clients. @default any */
  readonly targets?: readonly string[];
  /** Of `connect`: what names mean to it. @default - what they mean to its cluster */
  readonly names?: Labels;
  /** Of `https` and `tls`: protocols of which a client that offers any by ALPN must offer one. @default any */
  readonly alpn?: readonly string[];
  /** Of `https` and `tls`: where its Secret is mounted, and the key of it that says which clients it trusts. */
  readonly certificate?: { readonly directory: string; readonly clientCa?: string };
}

import type { Fleet } from '../../lib';
import type { HopExpectation } from '../istio/hops';
import type { CrdFile, CrdSource } from '../kubernetes/crds';
import type { KubeObject } from '../kubernetes/types';
import type { Bed } from './bed';
import type { CertificateSpec } from './certificates';

/** One situation to prove: clusters, what is applied to them, and calls with what must come of them. */
export interface Scenario {
  /** Name on the command line; files of a folder share a prefix: `golden/01-plain-serviceentry`. */
  name: string;
  /** Clusters in the order of their addresses: the first is 10.44.1.0/24, its LoadBalancers 10.71.0.0/24. */
  clusters: Record<string, ClusterSetup>;
  /** Certificates that exist before anything is applied; authorities come into being when they are named. @default - none */
  certificates?: readonly CertificateSpec[];
  /** Calls in the order they are made. @default - none */
  calls?: readonly Call[];
  /** More than calls: runs after them, with the bed as they left it. @default - nothing more */
  test?: (bed: Bed) => Promise<void>;
  /**
   * Fleets that only this scenario applies: synthesized into `build/fleets/<name>` before anything else. @default - none
   */
  fleets?: Readonly<Record<string, (fleet: Fleet) => void>>;
}

export interface ClusterSetup {
  /**
   * The control plane; false for a cluster without one, where objects are admitted and nothing runs.
   * @default - istiod in istio-system, with a root of trust of its own
   */
  controlPlane?: ControlPlaneSetup | false;
  /** CustomResourceDefinitions besides (or, without a control plane, instead of) Istio's. @default - none */
  crds?: readonly (CrdSource | CrdFile)[];
  /** Locality of the cluster's only node. @default - the cluster's name, and the name with `-a` */
  region?: string;
  zone?: string;
  /**
   * Names that DNS answers in this cluster, besides its Services and the hosts of Routes: an IP address, another name,
   * or `cluster:namespace/service` for the address of a Service of type LoadBalancer, `cluster:router` for a router.
   * @default - none
   */
  dns?: Record<string, string>;
  /** Secrets that exist before the manifests. @default - none */
  secrets?: readonly SecretSetup[];
  /** Folders or files, applied one after the other as `kubectl apply --server-side -f` does. @default - none */
  apply?: readonly string[];
  /** Objects applied before them: test clients, workloads that a scenario does not emit. @default - none */
  objects?: readonly KubeObject[];
}

export interface ControlPlaneSetup {
  /** @default istio-system */
  namespace?: string;
  /** Labels of that namespace. @default - none */
  labels?: Record<string, string>;
  /**
   * MeshConfig, merged over the testbed's own (access log, trust domain cluster.local); `ca:name` stands for the certificate
   * of an authority, such as the root of another cluster. @default - nothing
   */
  mesh?: Record<string, unknown>;
  /** Environment of istiod. @default - nothing */
  env?: Record<string, string>;
  /** Istio network. @default - none */
  network?: string;
  /** Revision of istiod, as namespaces and pods ask for it. @default default */
  revision?: string;
  /** Name of the root that signs istiod's CA: clusters that name the same trust each other. @default - one per cluster */
  root?: string;
}

export interface SecretSetup {
  namespace: string;
  name: string;
  /** @default Opaque */
  type?: string;
  /** By key: `cert:name`, `key:name` of a certificate, `ca:name` of an authority, or several of them, space separated. */
  data: Record<string, string>;
}

/** How a call is made, besides from where and to what. */
export interface CallOptions {
  /** @default GET */
  method?: string;
  headers?: Record<string, string>;
  /** Body of the request, base64. @default - none */
  body?: string;
  /** HTTP/2 in clear text, from the first byte on. @default false: HTTP/1.1; over TLS what curl and the server agree on */
  http2?: boolean;
  /** SNI of the client's TLS, and its authority unless `headers` name a host. @default - the host of the URL */
  sni?: string;
  /** The one protocol that the client's TLS offers by ALPN, as `istio`; then HTTP/1.1. @default - what curl offers */
  alpn?: string;
  /** Versions and cipher suites of TLS that curl offers. @default - what curl offers */
  tls?: { min?: '1.2' | '1.3'; max?: '1.2' | '1.3'; ciphers?: string };
  /** Certificate that the client presents, by name. @default - none */
  as?: string;
  /** Authority that the client demands of the server. @default - none: the server is not verified */
  ca?: string;
  /** Seconds that the client waits. @default 6; 4 over tcp and tls */
  timeout?: number;
}

export interface Call extends CallOptions {
  /** `cluster/namespace/workload`. */
  from: string;
  /**
   * `http://`, `https://`, `tcp://` or `tls://` (TCP inside TLS). Dot segments, escapes and double slashes of the path are
   * sent as they are written.
   */
  url: string;
  expect: Expectation;
  /** What the call shows. */
  why: string;
  /** Closes the pooled connections between pods first: new ones use the Secrets and policies of now. @default false */
  fresh?: boolean;
  /** Seconds for which a call may go on failing, because a change takes its time. @default 0; 20 with `before` */
  within?: number;
  /** Calls it several times; `spread` is what they must reach together. @default 1 */
  repeat?: number;
  /** What is done to the clusters before. @default - nothing */
  before?: readonly Action[];
  /** Why what came before decides, which no object says: it is not compared with a prediction. @default - it is */
  unforeseeable?: string;
}

/** All that is given must hold. */
export interface Expectation {
  /** HTTP status; `ok` for an answer over tcp or tls. */
  code?: number | 'ok';
  /** Beginning of the connection error, as `curl 35`; an empty string for any. 16, 52, 55 and 56 count as one. */
  error?: string;
  /** Regular expression that the body must match. */
  body?: string;
  /** Envoy response flags that one of the proxies must log. */
  flags?: string;
  /** What the repeated calls reach: `app-version`, or the code of what is not 200. */
  spread?: readonly string[];
  /** The way of the call: proxies that must have seen it, in this order, others may lie between. */
  hops?: readonly HopExpectation[];
}

export type Action =
  | { cluster: string; kubectl: readonly string[] }
  /** The workload answers with this code from now on; null: as before. */
  | { cluster: string; namespace: string; workload: string; fail: number | null }
  /** Closes the pooled connections between all pods: after a change of Secrets or policies. */
  | { cut: true };

import type { AccessFacts } from './access';
import type { EndFacts, EndpointFacts, TlsFacts } from './exposure';
import type { Protocol } from './port';
import type { RootFacts } from './root';

export type { RootFacts };

/** What `dist/fleet.json` says (its JSON schema: `schema/fleet.schema.json`). No secret is in it. */
export interface FleetDocument {
  /** Version of this format. */
  readonly version: 1;
  /** Clusters by name. */
  readonly clusters: ClusterFacts[];
  /** Meshes of ours, by cluster and name. */
  readonly meshes: MeshFacts[];
  /** Peerings by construct path. */
  readonly peerings: PeeringSummary[];
  /** Secrets, and ConfigMaps with roots, that must exist when the objects are applied. */
  readonly secrets: SecretFacts[];
  /** Findings that are meant; absent where there is none. */
  readonly accepted?: readonly AcceptedFinding[];
}

/** A finding that the program accepts. */
export interface AcceptedFinding {
  /** Stable code of the finding. */
  readonly code: string;
  /** What it is about: objects as `Kind namespace/name @cluster`, or files. */
  readonly objects: readonly string[];
  /** What is wrong, in the user's terms. */
  readonly message: string;
  /** Why it is accepted, in the words of the program. */
  readonly reason: string;
}

/** One cluster: one folder beside the document. */
export interface ClusterFacts {
  readonly name: string;
  /** DNS domain of its Services. */
  readonly domain: string;
}

/**
 * What proxies make of a path before policies look at it, and before it is sent on (Istio's `MeshConfig`
 * `pathNormalization.normalization`): nothing; dot segments resolved; double slashes made one, too; escaped slashes
 * (`%2f`, `%5c`) decoded before that.
 */
export type PathNormalization = 'NONE' | 'BASE' | 'MERGE_SLASHES' | 'DECODE_AND_MERGE_SLASHES';

/** One mesh. */
export interface MeshFacts {
  readonly name: string;
  readonly cluster: string;
  readonly platform: string;
  /** Istio minor version whose defaults apply. */
  readonly istio: string;
  readonly trustDomain: string;
  readonly root?: RootFacts;
  readonly controlPlane: {
    readonly namespace: string;
    readonly writtenBy: 'existing' | 'smcp' | 'sail';
    readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
    readonly mtls: boolean;
    /** What proxies make of paths before policies look at them; absent: Istio's own default, BASE. */
    readonly pathNormalization?: PathNormalization;
    /** Revision or revision tag of istiod, as namespaces and pods ask for it; absent: `default`. */
    readonly revision?: string;
    /** Whether pods resolve the hosts of ServiceEntries: their proxy answers their questions. */
    readonly dnsCapture?: true;
    /** Network of its pods, where it has a name. */
    readonly network?: string;
    /** Trust domains whose identities count as those of the own one. */
    readonly trustDomainAliases?: string[];
    readonly otherRoots?: OtherRootsFacts;
  };
  readonly namespaces: string[];
  readonly gateways: GatewayFacts[];
  /** Services without endpoints of their own, as `<namespace>/<name>`. */
  readonly aliases?: string[];
  /** Where calls of its own go by rules; absent where it has none. */
  readonly routings?: RoutingSummary[];
}

/** What a mesh does when its workloads dial a host. */
export interface RoutingSummary {
  /** Construct path, for messages. */
  readonly path: string;
  readonly host: string;
  /** The first rule that is about a call decides. */
  readonly rules: RuleSummary[];
}

/** Which calls go where. */
export interface RuleSummary {
  readonly port: number;
  readonly protocol: Protocol;
  /** Absolute paths, a star at the end standing for any rest; absent: every call. */
  readonly paths?: string[];
  /** Present where more than this tells its calls apart, or where they are changed on the way. */
  readonly isNarrow?: true;
  /** Whose calls; absent: everybody's. */
  readonly callers?: CallersSummary;
  /** Empty: they are denied. */
  readonly to: NextHopSummary[];
}

/** Roots that proxies of a mesh believe besides the mesh's own. */
export interface OtherRootsFacts {
  /** Gateways that say so, or every proxy. */
  readonly believedBy: 'gateways' | 'everyProxy';
  readonly roots: OtherRootFacts[];
}

/** One such root. */
export interface OtherRootFacts extends RootFacts {
  /** Trust domains whose identities workloads accept because of it. */
  readonly trustDomains: string[];
}

/** One gateway of a mesh. */
export interface GatewayFacts {
  readonly name: string;
  readonly kind: 'ingress' | 'egress';
  readonly namespace: string;
  readonly service: string;
  /** Labels of its pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** SPIFFE ID without `spiffe://`. */
  readonly identity: string;
  readonly ports: { readonly name: string; readonly number: number; readonly targetPort: number }[];
  /** How other clusters reach it. */
  readonly address?: {
    readonly kind: 'hostname' | 'ip' | 'nodePort';
    readonly hosts: string[];
    readonly port?: number;
    /** Node ports by port of the gateway, where it has several. */
    readonly ports?: Readonly<Record<number, number>>;
  };
  /** TLS termination of the OpenShift Route in front. */
  readonly route?: string;
  readonly denyByDefault: boolean;
  /** Present where who may call is written in one EnvoyFilter instead of AuthorizationPolicies. */
  readonly policies?: 'EnvoyFilter';
  /** Present where its proxies believe the other roots of their control plane, too. */
  readonly believesOtherRoots?: true;
}

/** One peering. */
export interface PeeringSummary {
  readonly name: string;
  /** Construct path, for messages. */
  readonly path: string;
  readonly strategy: string;
  readonly consumer: string;
  readonly provider: string;
  readonly tls: string;
  /** Present where the provider also serves clients without a certificate. */
  readonly clientCertificate?: 'optional';
  /** What the certificate of the hop's server says, where the hop has TLS of its own. */
  readonly server?: EndSummary;
  /** What the certificate of the hop's client says, where the hop is mutual. */
  readonly client?: EndSummary;
  /** Which workloads of the consumer use it; absent: all. */
  readonly callers?: CallersSummary;
  /** Present where the consumer's egress gateway enforces the access rules, as nothing of ours stands behind it. */
  readonly decidedBy?: 'egress';
  /** Proxy of the company by which the consumer reaches servers; absent: it connects itself. */
  readonly through?: { readonly hosts: string[]; readonly port: number };
  /** Secret that is mounted into the sidecars of callers, and where, where they read it as files. */
  readonly mounts?: { readonly secret: string; readonly directory: string };
  readonly exposures: ExposureSummary[];
}

/** One end of an encrypted hop; nobody states who signs for an application's own TLS. */
export type EndSummary = Pick<EndFacts, 'subjectAltName'> & Partial<Pick<EndFacts, 'signer'>>;

/** Workloads of a consumer. */
export interface CallersSummary {
  readonly namespaces: string[];
  /** Pod labels; absent: all workloads of the namespaces. */
  readonly labels?: Readonly<Record<string, string>>;
  /** ServiceAccounts as `<namespace>/<name>`; absent: all. */
  readonly serviceAccounts?: string[];
}

/** One exposure. */
export interface ExposureSummary {
  /** `<namespace>/<service>:<port>`, with `/<subset>` where there is one. */
  readonly key: string;
  /** Host that callers may dial, where the strategy gives one. */
  readonly host?: string;
  /** What its port carries. */
  readonly protocol: Protocol;
  readonly access: AccessFacts[];
  /** What the gateway of a provider of ours asks of calls besides; absent: nothing. */
  readonly conditions?: ConditionsSummary;
  /** Principals of a provider of ours that its workload lets in besides; absent: none. */
  readonly alsoFrom?: readonly string[];
  /** What callers of a consumer of ours dial; absent: only rules lead there. */
  readonly dialled?: PlaceSummary;
  /** What rules of a consumer of ours name. */
  readonly nextHop?: NextHopSummary;
  /** Present where others answer while they can. */
  readonly standsBy?: true;
  /** Where the consumer's proxies connect to, where it is said. */
  readonly endpoint?: EndpointFacts;
  /** Gateway of a provider of ours at which calls arrive, and port of its Service. */
  readonly arrival?: { readonly gateway: string; readonly port: number };
  /** What tells it apart on the way between the two sides, where its host does not. */
  readonly wire?: WireSummary;
  /** Hosts of which it takes copies of requests besides, sorted; absent: none. */
  readonly mirrorOf?: readonly string[];
  /** Pods of a provider of ours that answer. */
  readonly backend?: BackendSummary;
  /** The server in no mesh that answers behind the gateway of a provider of ours. */
  readonly onward?: OnwardSummary;
  /** SPIFFE IDs, without `spiffe://`, of which callers accept no other; absent: callers do not see who answers. */
  readonly servers?: string[];
}

/** What a gateway asks of calls besides host, method and path; all that is there must hold. */
export interface ConditionsSummary {
  /** Addresses that connections may come from. */
  readonly ipBlocks?: readonly string[];
  /** Addresses that clients may have, as proxies before the gateway tell. */
  readonly remoteIpBlocks?: readonly string[];
  /** Tokens of which a request must carry one. */
  readonly tokens?: readonly TokenSummary[];
}

/** Tokens of an issuer. */
export interface TokenSummary {
  readonly issuer: string;
  /** Whom they are for: one of these; absent: anybody. */
  readonly audiences?: readonly string[];
}

/** A host and a port of it. */
export interface PlaceSummary {
  readonly host: string;
  readonly port: number;
}

/** What a rule names. */
export interface NextHopSummary extends PlaceSummary {
  readonly subset?: string;
  /** Host of requests that the next proxy routes by. */
  readonly authority?: string;
}

/** How calls of an exposure are told apart between the two sides. */
export interface WireSummary {
  /** Server name of the hop. */
  readonly sni: string;
  /** What paths begin with. */
  readonly prefix?: string;
}

/** A server in no mesh, and how a gateway connects to it. */
export interface OnwardSummary {
  readonly host: string;
  readonly protocol: Protocol;
  /** Where the gateway connects to. */
  readonly endpoint: EndpointFacts;
  readonly tls: TlsFacts['mode'];
  /** Who is at the ends of that hop, where the gateway verifies it. */
  readonly server?: EndSummary;
  readonly client?: EndSummary;
}

/** What answers calls. */
export interface BackendSummary {
  /** Labels of the pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Those by which the subset is told apart. */
  readonly subset?: Readonly<Record<string, string>>;
  /** Port that they listen on. */
  readonly port: number;
}

/** One Secret or ConfigMap that must exist: a wrong namespace is the most common failure. */
export interface SecretFacts {
  /** Present where it is a ConfigMap: roots are no secret, and some readers look for them there. */
  readonly kind?: 'ConfigMap';
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** Keys of its data. */
  readonly keys: string[];
  /** Subject Alternative Name of the certificate, where it holds one. */
  readonly identity?: string;
  /** Who signed the certificate. */
  readonly signer?: RootFacts;
  /** Roots that belong into its `ca.crt` (`root-cert.pem` of a ConfigMap): both the old and the new one while a CA is rotated. */
  readonly trusts?: RootFacts;
  /** Who writes it: cert-manager from a Certificate of ours, or somebody else. */
  readonly writtenBy: 'cert-manager' | 'somebody else';
  /** Construct path of the peering or mesh that needs it. */
  readonly neededBy: string;
}

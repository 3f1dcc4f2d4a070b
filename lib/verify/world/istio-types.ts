import type { Labels } from '../../facts/labels';

/** The parts of Istio's objects that verification reads. */

export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

export interface Destination {
  readonly host: string;
  readonly subset?: string;
  readonly port?: { readonly number?: number };
}

export interface HeaderOperations {
  readonly set?: Labels;
  readonly add?: Labels;
  readonly remove?: readonly string[];
}

export interface RouteDestination {
  readonly destination: Destination;
  readonly weight?: number;
  readonly headers?: { readonly request?: HeaderOperations };
}

export interface HttpMatch {
  readonly uri?: StringMatch;
  readonly scheme?: StringMatch;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers?: Readonly<Record<string, StringMatch>>;
  readonly withoutHeaders?: Readonly<Record<string, StringMatch>>;
  readonly queryParams?: Readonly<Record<string, StringMatch>>;
  readonly ignoreUriCase?: boolean;
  readonly port?: number;
  readonly gateways?: readonly string[];
  readonly sourceLabels?: Labels;
  readonly sourceNamespace?: string;
}

export interface RetryPolicy {
  readonly attempts?: number;
  readonly perTryTimeout?: string;
  /** Conditions of Envoy and status codes, with commas. */
  readonly retryOn?: string;
}

export interface HttpRoute {
  readonly match?: readonly HttpMatch[];
  readonly route?: readonly RouteDestination[];
  readonly timeout?: string;
  readonly retries?: RetryPolicy;
  readonly redirect?: { readonly redirectCode?: number; readonly uri?: string; readonly authority?: string };
  readonly directResponse?: { readonly status: number };
  readonly delegate?: { readonly name: string; readonly namespace?: string };
  readonly rewrite?: {
    readonly uri?: string;
    readonly authority?: string;
    readonly uriRegexRewrite?: { readonly match: string; readonly rewrite: string };
  };
  readonly headers?: { readonly request?: HeaderOperations };
  readonly fault?: {
    readonly abort?: { readonly httpStatus?: number; readonly percentage?: { readonly value?: number } };
    readonly delay?: object;
  };
  readonly mirror?: Destination;
  readonly mirrors?: readonly { readonly destination: Destination }[];
}

/** A match of a TCP or TLS route. */
export interface L4Match {
  readonly sniHosts?: readonly string[];
  readonly destinationSubnets?: readonly string[];
  readonly port?: number;
  readonly gateways?: readonly string[];
  readonly sourceLabels?: Labels;
  readonly sourceNamespace?: string;
}

export interface L4Route {
  readonly match?: readonly L4Match[];
  readonly route?: readonly RouteDestination[];
}

export interface VirtualServiceSpec {
  readonly hosts?: readonly string[];
  readonly gateways?: readonly string[];
  readonly exportTo?: readonly string[];
  readonly http?: readonly HttpRoute[];
  readonly tcp?: readonly L4Route[];
  readonly tls?: readonly L4Route[];
}

export interface ClientTlsSettings {
  readonly mode?: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly sni?: string;
  readonly subjectAltNames?: readonly string[];
  readonly credentialName?: string;
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly insecureSkipVerify?: boolean;
}

export interface LocalityLbSetting {
  readonly enabled?: boolean;
  readonly distribute?: readonly { readonly from?: string; readonly to?: Readonly<Record<string, number>> }[];
  readonly failover?: readonly { readonly from: string; readonly to: string }[];
  readonly failoverPriority?: readonly string[];
}

export interface PortPolicy {
  readonly connectionPool?: { readonly http?: { readonly h2UpgradePolicy?: string } };
  readonly loadBalancer?: { readonly simple?: string; readonly localityLbSetting?: LocalityLbSetting };
  readonly outlierDetection?: object;
  readonly tls?: ClientTlsSettings;
}

export interface TrafficPolicy extends PortPolicy {
  readonly portLevelSettings?: readonly (PortPolicy & { readonly port?: { readonly number?: number } })[];
  readonly tunnel?: { readonly protocol?: string; readonly targetHost?: string; readonly targetPort?: number };
  readonly proxyProtocol?: object;
}

export interface Subset {
  readonly name: string;
  readonly labels?: Labels;
  readonly trafficPolicy?: TrafficPolicy;
}

export interface DestinationRuleSpec {
  readonly host: string;
  readonly exportTo?: readonly string[];
  readonly workloadSelector?: { readonly matchLabels?: Labels };
  readonly trafficPolicy?: TrafficPolicy;
  readonly subsets?: readonly Subset[];
}

export interface WorkloadEntrySpec {
  readonly address?: string;
  readonly ports?: Readonly<Record<string, number>>;
  readonly labels?: Labels;
  readonly serviceAccount?: string;
  readonly locality?: string;
  readonly network?: string;
  readonly weight?: number;
}

export interface ServiceEntrySpec {
  readonly hosts?: readonly string[];
  readonly addresses?: readonly string[];
  readonly ports?: readonly {
    readonly number: number;
    readonly name: string;
    readonly protocol?: string;
    readonly targetPort?: number;
  }[];
  readonly location?: string;
  readonly resolution?: string;
  readonly endpoints?: readonly WorkloadEntrySpec[];
  readonly workloadSelector?: { readonly labels?: Labels };
  readonly exportTo?: readonly string[];
  readonly subjectAltNames?: readonly string[];
}

export interface ServerTlsSettings {
  readonly mode?: string;
  readonly httpsRedirect?: boolean;
  readonly credentialName?: string;
  readonly credentialNames?: readonly string[];
  readonly serverCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly subjectAltNames?: readonly string[];
  readonly minProtocolVersion?: string;
  readonly maxProtocolVersion?: string;
  readonly cipherSuites?: readonly string[];
}

export interface ServerSpec {
  readonly port: { readonly number: number; readonly name?: string; readonly protocol?: string };
  readonly hosts?: readonly string[];
  readonly bind?: string;
  readonly tls?: ServerTlsSettings;
}

export interface GatewaySpec {
  readonly selector?: Labels;
  readonly servers?: readonly ServerSpec[];
}

export interface OutboundTrafficPolicy {
  /** `ALLOW_ANY_DYNAMIC_DNS` is of MeshConfig alone. */
  readonly mode?: 'ALLOW_ANY' | 'ALLOW_ANY_DYNAMIC_DNS' | 'REGISTRY_ONLY';
  /** Of calls to hosts that are resolved for each of them. */
  readonly tls?: ClientTlsSettings;
  readonly egressProxy?: Destination;
}

export interface EgressListenerSpec {
  readonly hosts?: readonly string[];
  readonly port?: { readonly number?: number; readonly protocol?: string; readonly name?: string };
  readonly bind?: string;
  readonly captureMode?: string;
}

export interface SidecarSpec {
  readonly workloadSelector?: { readonly labels?: Labels };
  readonly egress?: readonly EgressListenerSpec[];
  readonly ingress?: readonly {
    readonly port: { readonly number: number; readonly protocol?: string; readonly name?: string };
    readonly defaultEndpoint?: string;
    readonly bind?: string;
    readonly tls?: ServerTlsSettings;
  }[];
  readonly outboundTrafficPolicy?: OutboundTrafficPolicy;
}

export interface MtlsSettings {
  readonly mode?: 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT';
}

export interface PeerAuthenticationSpec {
  readonly selector?: { readonly matchLabels?: Labels };
  readonly mtls?: MtlsSettings;
  readonly portLevelMtls?: Readonly<Record<string, MtlsSettings>>;
}

export interface PolicySource {
  readonly [list: string]: readonly string[] | undefined;
}

export interface PolicyRule {
  readonly from?: readonly { readonly source?: PolicySource }[];
  readonly to?: readonly { readonly operation?: PolicySource }[];
  readonly when?: readonly {
    readonly key: string;
    readonly values?: readonly string[];
    readonly notValues?: readonly string[];
  }[];
}

export interface AuthorizationPolicySpec {
  readonly selector?: { readonly matchLabels?: Labels };
  readonly targetRef?: object;
  readonly targetRefs?: readonly object[];
  readonly action?: 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';
  /** Of a CUSTOM one: whom it asks, a name among the extension providers of MeshConfig. */
  readonly provider?: { readonly name?: string };
  readonly rules?: readonly PolicyRule[];
}

export interface ConfigPatch {
  readonly applyTo?: string;
  readonly match?: {
    readonly context?: string;
    readonly listener?: {
      readonly name?: string;
      readonly portNumber?: number;
      readonly filterChain?: {
        readonly name?: string;
        readonly sni?: string;
        readonly transportProtocol?: string;
        readonly destinationPort?: number;
        readonly filter?: { readonly name?: string; readonly subFilter?: { readonly name?: string } };
      };
    };
    readonly proxy?: object;
  };
  readonly patch?: { readonly operation?: string; readonly value?: Readonly<Record<string, unknown>> };
}

export interface EnvoyFilterSpec {
  readonly workloadSelector?: { readonly labels?: Labels };
  readonly targetRefs?: readonly object[];
  readonly priority?: number;
  readonly configPatches?: readonly ConfigPatch[];
}

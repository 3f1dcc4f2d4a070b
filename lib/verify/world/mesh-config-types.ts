import type { Labels } from '../../facts/labels';
import type { LocalityLbSetting, OutboundTrafficPolicy, RetryPolicy } from './istio-types';

/** The parts of MeshConfig that verification reads. */
export interface MeshConfig {
  readonly rootNamespace?: string;
  readonly trustDomain?: string;
  readonly trustDomainAliases?: readonly string[];
  readonly outboundTrafficPolicy?: OutboundTrafficPolicy;
  readonly enableAutoMtls?: boolean;
  readonly h2UpgradePolicy?: string;
  readonly defaultServiceExportTo?: readonly string[];
  readonly defaultVirtualServiceExportTo?: readonly string[];
  readonly defaultDestinationRuleExportTo?: readonly string[];
  readonly localityLbSetting?: LocalityLbSetting;
  readonly pathNormalization?: { readonly normalization?: string };
  readonly extensionProviders?: readonly ExtensionProvider[];
  readonly caCertificates?: readonly { readonly pem?: string; readonly trustDomains?: readonly string[] }[];
  /** Of routes that state no retries. */
  readonly defaultHttpRetryPolicy?: RetryPolicy;
  /** Of mTLS among workloads. */
  readonly meshMTLS?: MeshTlsConfig;
  /** Of all other TLS. */
  readonly tlsDefaults?: MeshTlsConfig;
  readonly defaultConfig?: ProxyConfig;
}

/** Somebody whom policies may ask, or who takes logs and traces. */
export interface ExtensionProvider {
  readonly name?: string;
  readonly envoyExtAuthzHttp?: object;
  readonly envoyExtAuthzGrpc?: object;
}

export interface MeshTlsConfig {
  readonly minProtocolVersion?: string;
  readonly cipherSuites?: readonly string[];
}

export interface ProxyConfig {
  readonly gatewayTopology?: { readonly numTrustedProxies?: number };
  readonly proxyMetadata?: Labels;
}

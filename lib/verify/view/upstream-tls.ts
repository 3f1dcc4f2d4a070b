import type { Registry } from '../registry/registry';
import type { Service } from '../registry/service';
import type { MergedRule } from '../scope/destination-rules';
import type { ClientTlsSettings, PortPolicy, Subset, TrafficPolicy } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import { type Ref, refTo } from '../world/resource';
import type { PeerAuthentications } from './peer-authentication';
import { clientLimits } from './tls-limits';
import type { ClientTls, ClusterType } from './types';

/** A cluster whose TLS is asked for. */
export interface TlsQuestion {
  readonly mesh: Mesh;
  readonly registry: Registry;
  readonly peerAuthentications: PeerAuthentications;
  readonly isGateway: boolean;
  readonly service: Service;
  readonly port: number;
  readonly type: ClusterType;
  readonly isHttp2: boolean;
  readonly rule?: MergedRule;
  readonly subset?: Subset;
  readonly policy?: PortPolicy;
}

/** TLS of a cluster: for all endpoints, or for those that take mTLS. */
export interface UpstreamTls {
  readonly tls?: ClientTls;
  readonly autoTls?: ClientTls;
  /** Why there is none, where a rule asks for it. */
  readonly refs: readonly Ref[];
}

/** Name by which a gateway that passes TLS on finds a service (`model.BuildDNSSrvSubsetKey`). */
export const sniName = (host: string, port: number, subset = ''): string => `outbound_.${port}_.${subset}_.${host}`;

/** `cluster_tls.go: applyUpstreamTLSSettings`. */
export function upstreamTls(question: TlsQuestion): UpstreamTls {
  const { policy, rule } = question;
  return policy?.tls && rule ? statedTls(question, policy.tls, rule) : automaticTls(question);
}

function statedTls(question: TlsQuestion, settings: ClientTlsSettings, rule: MergedRule): UpstreamTls {
  const { service, registry, isGateway, subset } = question;
  const { mode = 'DISABLE', credentialName: credential, subjectAltNames: given = [], sni } = settings;
  const field = tlsField(rule, subset, question.port);
  const refs = [refTo(rule.rule, field, mode)];
  if (mode === 'DISABLE') return { refs };
  const { setsSni, verifiesServers } = question.mesh.profile;
  const believesAll = !verifiesServers && !credential && !settings.caCertificates && mode !== 'ISTIO_MUTUAL';
  const skipsVerification = settings.insecureSkipVerify || believesAll;
  if (mode === 'ISTIO_MUTUAL') {
    const common = mutualTls(question, refs, skipsVerification);
    const names = settings.subjectAltNames ? { subjectAltNames: given } : {};
    return { refs, tls: { ...common, ...names, ...(sni ? { sni } : {}) } };
  }
  // a sidecar may ask for a Secret only where the rule selects workloads (cluster_tls.go: buildUpstreamClusterTLSContext)
  const isConfigMap = credential?.startsWith('configmap://') ?? false;
  if (credential && !isConfigMap && !isGateway && !rule.spec.workloadSelector) {
    return { refs: [refTo(rule.rule, `${field}.credentialName`, 'ignored: a sidecar needs workloadSelector')] };
  }
  if (mode === 'MUTUAL' && !credential && !(settings.clientCertificate && settings.privateKey)) return { refs };
  const fromRegistry = service.registry === 'ServiceEntry' && given.length === 0;
  const { clientCertificate: certificate = '', privateKey: key = '' } = settings;
  const limits = clientLimits(question.mesh);
  const tls: ClientTls = {
    mode,
    ...(sni ? { sni } : {}),
    autoSni: !sni && setsSni,
    autoSan: !sni && setsSni && verifiesServers && given.length === 0 && !skipsVerification,
    alpn: question.isHttp2 ? ['h2'] : [],
    subjectAltNames: fromRegistry ? registry.serviceAccounts(service) : given,
    skipsVerification,
    ...(limits ? { limits } : {}),
    refs,
    ...(credential
      ? { credential }
      : { files: { ca: settings.caCertificates || 'system', ...(mode === 'MUTUAL' ? { certificate, key } : {}) } }),
  };
  return { refs, tls };
}

/** Where the settings stand: at the port or the policy, of the subset or of the rule. */
function tlsField({ spec }: MergedRule, subset: Subset | undefined, port: number): string {
  const within = (policy: TrafficPolicy | undefined): string | undefined => {
    const ofPort = policy?.portLevelSettings?.findIndex((one) => one.port?.number === port && one.tls) ?? -1;
    if (ofPort >= 0) return `trafficPolicy.portLevelSettings[${ofPort}].tls`;
    return policy?.tls && 'trafficPolicy.tls';
  };
  const own = within(subset?.trafficPolicy);
  return own && subset
    ? `spec.subsets[${subset.name}].${own}`
    : `spec.${within(spec.trafficPolicy) ?? 'trafficPolicy.tls'}`;
}

/** mTLS that nobody asked for: for endpoints that say they take it (`push_context.go: BestEffortInferServiceMTLSMode`). */
function automaticTls(question: TlsQuestion): UpstreamTls {
  const { mesh, service, registry, port, subset, rule, type, peerAuthentications } = question;
  if (service.isExternal || mesh.config.enableAutoMtls === false) return { refs: [] };
  // the rule's own policy, not the one merged for the port
  const stated = subset ? subset.trafficPolicy : rule?.spec.trafficPolicy;
  if (service.resolution === 'passthrough' || stated?.loadBalancer?.simple === 'PASSTHROUGH') {
    const endpoints = registry.instances(service, port);
    if (endpoints.length === 0 || endpoints.some(({ takesMtls }) => !takesMtls)) return { refs: [] };
  }
  if (peerAuthentications.asSeenByClients(service.namespace) === 'DISABLE') return { refs: [] };
  const tls = mutualTls(question, [{ object: `MeshConfig @${mesh.cluster}`, field: 'enableAutoMtls' }], false);
  return type === 'ORIGINAL_DST' ? { refs: [], tls } : { refs: [], autoTls: tls };
}

function mutualTls(question: TlsQuestion, refs: readonly Ref[], skipsVerification: boolean): ClientTls {
  const { mesh, service, port, subset, isHttp2, registry } = question;
  const exchange = mesh.profile.exchangesMetadata ? ['istio-peer-exchange'] : [];
  return {
    mode: 'ISTIO_MUTUAL',
    sni: sniName(service.hostname, port, subset?.name),
    autoSni: false,
    autoSan: false,
    alpn: [...exchange, 'istio', ...(isHttp2 ? ['h2'] : [])],
    subjectAltNames: registry.serviceAccounts(service),
    skipsVerification,
    refs,
  };
}

import type { OutboundTrafficPolicy } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import type { Ref } from '../world/resource';
import { clientLimits } from './tls-limits';
import type { Chain, ClientTls, Cluster, VirtualHost } from './types';

/** Names of what istiod makes of the mode `ALLOW_ANY_DYNAMIC_DNS` (`networking/util: AllowAnyDynamicDNSCluster`). */
const CLUSTER = 'AllowAnyDynamicDNSCluster';
const ROUTE = 'allow_any_dynamic_dns';

export const isOfUnknownHosts = (name: string): boolean => name === CLUSTER;

/** What takes requests for hosts that nobody knows: their names are looked up (`httproute.go: buildCatchAllVirtualHost`). */
export const dynamicHost = (ref: Ref): VirtualHost => ({
  name: ROUTE,
  domains: ['*'],
  refs: [ref],
  routes: [
    {
      path: { kind: 'prefix', value: '/' },
      isCatchAll: true,
      refs: [ref],
      clusters: [{ cluster: CLUSTER, weight: 1 }],
    },
  ],
});

/** Requests to addresses that nobody knows (`listener_builder.go: buildAllowAnyDynamicDNSHTTPFilterChain`). */
export const dynamicChain = (ref: Ref): Chain => ({
  name: 'virtualOutbound-catchall-tcp-http',
  alpn: ['http/1.1', 'h2c'],
  http: { rds: ROUTE },
  rbac: [],
  refs: [ref],
});

export const isDynamicRoute = (rds: string): boolean => rds === ROUTE;

/** The cluster that they go to (`cluster_builder.go: buildAllowAnyDFPCluster`). */
export function dynamicCluster(mesh: Mesh, ref: Ref): Cluster {
  const tls = clientTls(mesh, mesh.config.outboundTrafficPolicy?.tls, { ...ref, field: 'outboundTrafficPolicy.tls' });
  return {
    type: 'DYNAMIC',
    endpoints: [],
    isHttp2: false,
    ejectsOutliers: false,
    ...(tls ? { tls } : {}),
    refs: [ref],
  };
}

/** Of TLS that is stated for all hosts: without SNI the name of each, which its certificate must have. */
function clientTls(mesh: Mesh, settings: OutboundTrafficPolicy['tls'], ref: Ref): ClientTls | undefined {
  const { mode = 'DISABLE', sni, subjectAltNames = [], insecureSkipVerify = false } = settings ?? {};
  if (!settings || (mode !== 'SIMPLE' && mode !== 'MUTUAL')) return undefined;
  const { clientCertificate: certificate = '', privateKey: key = '', caCertificates } = settings;
  const limits = clientLimits(mesh);
  return {
    mode,
    ...(sni ? { sni } : {}),
    autoSni: !sni,
    autoSan: !insecureSkipVerify,
    alpn: [],
    subjectAltNames,
    files: { ca: caCertificates || 'system', ...(mode === 'MUTUAL' ? { certificate, key } : {}) },
    skipsVerification: insecureSkipVerify,
    ...(limits ? { limits } : {}),
    refs: [{ ...ref, note: mode }],
  };
}

import { PROXY_LIMITS, type TlsLimits, type TlsVersion } from '../../lib/verify/view/tls-limits';
import type { Tunnel } from '../../lib/verify/view/tunnel';
import type { Chain, ClientTls, Cluster, Route, ServerTls, VirtualHost } from '../../lib/verify/view/types';
import type {
  PushedChain,
  PushedCluster,
  PushedEndpoint,
  PushedRoute,
  PushedTls,
  PushedVHost,
  PushedWeight,
} from './answer';

/** Both sides in one form, in which equal things are equal texts. */

const sorted = (list: readonly string[] | undefined): string[] => [...(list ?? [])].sort();
const blocks = (list: readonly string[] | undefined): string[] => sorted(list?.map((one) => one.replace(/\/32$/, '')));
const text = (value: unknown): string => JSON.stringify(value);

/** Of one destination the weight says nothing. */
const weights = (all: readonly PushedWeight[] | undefined): string[] =>
  sorted(all?.map(({ cluster, weight }) => (all.length === 1 ? cluster : `${cluster} ${weight}`)));

export function pushedChain(chain: PushedChain, isInbound = false): string {
  const { port, prefixes, sni, alpn, transport = '', tls, http, rds, clusters, tunnel, rbac = [] } = chain;
  const leads = http
    ? rds || 'inbound'
    : weights(clusters).map((one) => (isInbound ? one.replace(/\|\|.*/, '||') : one));
  return text({
    ...(isInbound ? { port: port ?? 0 } : {}),
    ...{ sni: sorted(sni), prefixes: blocks(prefixes), alpn: sorted(alpn), transport, leads },
    tls: tls
      ? [tls.requireClient ?? false, tls.certificate ?? '', tls.ca ?? '', sorted(tls.sans), pushedLimits(tls)]
      : null,
    tunnel: tunnel ?? '',
    rbac: rbac.filter(({ action }) => action !== 'LOG').map(({ action, policies }) => `${action} ${sorted(policies)}`),
  });
}

/** @param tunnel of the chain's destination */
export function ownChain(chain: Chain, isInbound = false, tunnel?: Tunnel): string {
  const { destinationPort, prefixes, sni, alpn, transport = '', tls, http, tcp, rbac } = chain;
  const inbound = weights(tcp).map((one) => (isInbound ? one.replace(/\|\|.*/, '||') : one));
  return text({
    ...(isInbound ? { port: destinationPort ?? 0 } : {}),
    sni: sni?.includes('*') ? [] : sorted(sni),
    ...{ prefixes: blocks(prefixes), alpn: sorted(alpn), transport },
    leads: http ? ('rds' in http ? http.rds : 'inbound') : inbound,
    tls: tls ? [...serverTls(tls, isInbound), ownLimits(tls.limits)] : null,
    tunnel: tunnel ? `${tunnel.target} ${tunnel.method === 'POST'}` : '',
    rbac: rbac.map(({ action, policies }) => `${action} ${sorted(policies.map(({ name }) => name))}`),
  });
}

function serverTls(tls: ServerTls, isInbound: boolean): unknown[] {
  const { mode, credential, files, requiresClient, validatesClient, trustDomains, subjectAltNames } = tls;
  const sans = isInbound ? trustDomains?.map((one) => `spiffe://${one}/`) : subjectAltNames;
  if (mode === 'ISTIO_MUTUAL') return [requiresClient, 'default', 'ROOTCA', sorted(sans)];
  const certificate = credential ? `kubernetes://${credential}` : `file-cert:${files?.certificate}~${files?.key}`;
  const ca = credential ? `kubernetes://${credential}-cacert` : `file-root:${files?.ca}`;
  return [requiresClient, certificate, validatesClient ? ca : '', validatesClient ? sorted(sans) : []];
}

/** Versions and ciphers; what istiod does not say is what Envoy does. */
function pushedLimits({ min = '', max = '', ciphers }: PushedTls): unknown[] {
  const version = (text: string, byDefault: TlsVersion) =>
    /^TLSv(\d)_(\d)$/.exec(text)?.slice(1).join('.') ?? byDefault;
  return [version(min, '1.2'), version(max, '1.3'), sorted(ciphers ?? PROXY_LIMITS.ciphers)];
}

const ownLimits = ({ min = '1.2', max = '1.3', ciphers }: TlsLimits = PROXY_LIMITS): unknown[] => [
  ...[min, max, sorted(ciphers)],
];

/** Routes of every domain, and whether it wants TLS. */
export function pushedDomains(all: readonly PushedVHost[]): Map<string, string> {
  return byDomain(
    all.map(({ domains, routes, requireTls = false }) => [domains, text([routes.map(pushedRoute), requireTls])]),
  );
}

export function ownDomains(all: readonly VirtualHost[]): Map<string, string> {
  return byDomain(
    all.map(({ domains, routes, requiresTls = false }) => [domains, text([routes.map(ownRoute), requiresTls])]),
  );
}

function byDomain(all: readonly (readonly [readonly string[], string])[]): Map<string, string> {
  return new Map(all.flatMap(([domains, routes]) => domains.map((domain) => [domain.toLowerCase(), routes] as const)));
}

function pushedRoute({ path, headers = 0, clusters, direct, redirect, host }: PushedRoute): unknown[] {
  return [path, headers, clusters ? weights(clusters) : null, direct ?? 0, redirect ?? false, host ?? ''];
}

function ownRoute({ path, match, clusters, directStatus, redirectStatus, authority }: Route): unknown[] {
  const { headers, withoutHeaders, queryParams, method, authority: host, scheme } = match ?? {};
  const maps = [headers, withoutHeaders, queryParams].map((map) => Object.keys(map ?? {}).length);
  const tests = maps.reduce((sum, one) => sum + one, [method, host, scheme].filter((one) => one).length);
  return [
    `${path.kind} ${path.value}`,
    tests,
    clusters?.length ? weights(clusters) : null,
    directStatus ?? 0,
    redirectStatus !== undefined,
    authority ?? '',
  ];
}

export function pushedCluster({
  type,
  tls,
  autoTls,
  http2 = false,
  autoSni,
  autoSan,
  port = 0,
}: PushedCluster): string {
  return text({
    type,
    http2,
    port,
    auto: [autoSni ?? false, autoSan ?? false],
    tls: clientTls(tls),
    autoTls: clientTls(autoTls),
  });
}

const clientTls = (tls: PushedTls | undefined): unknown =>
  tls
    ? [tls.sni ?? '', sorted(tls.alpn), tls.certificate ?? '', tls.ca ?? '', sorted(tls.sans), pushedLimits(tls)]
    : null;

export function ownCluster({ type, tls, autoTls, isHttp2, portOverride = 0 }: Cluster): string {
  return text({
    ...{ type, http2: isHttp2, port: portOverride },
    auto: [tls?.autoSni ?? false, tls?.autoSan ?? false],
    tls: tls ? [...ownClientTls(tls), ownLimits(tls.limits)] : null,
    autoTls: autoTls ? [...ownClientTls(autoTls), ownLimits(autoTls.limits)] : null,
  });
}

function ownClientTls({
  mode,
  sni = '',
  alpn,
  subjectAltNames,
  credential,
  files,
  skipsVerification,
}: ClientTls): unknown[] {
  const common = [sni, sorted(alpn)];
  const sans = skipsVerification ? [] : sorted(subjectAltNames);
  if (mode === 'ISTIO_MUTUAL') return [...common, 'default', 'ROOTCA', sorted(subjectAltNames)];
  const file = `file-cert:${files?.certificate}~${files?.key}`;
  const certificate = mode === 'MUTUAL' ? (credential ? `kubernetes://${credential}` : file) : '';
  const ca = credential ? `kubernetes://${credential}-cacert` : `file-root:${files?.ca}`;
  return [...common, certificate, skipsVerification ? '' : ca, sans];
}

/** Addresses with their mTLS, where it is decided per endpoint, and the order of their priorities. */
export function pushedEndpoints(sent: readonly PushedEndpoint[], isAuto: boolean): string {
  // an endpoint of an unknown network has no address: Envoy does not take it
  const all = sent.filter(({ address }) => !address.startsWith(':'));
  const ranks = [...new Set(all.map(({ priority = 0 }) => priority))].sort();
  return text(
    sorted(
      all.map(({ address, mtls = false, priority = 0 }) => `${address} ${isAuto && mtls} ${ranks.indexOf(priority)}`),
    ),
  );
}

export function ownEndpoints({ endpoints, autoTls }: Cluster): string {
  const all = endpoints.flatMap((group, rank) =>
    group
      .filter(({ address }) => address !== '')
      .map(({ address, port, usesMtls }) => `${address}:${port} ${autoTls !== undefined && usesMtls} ${rank}`),
  );
  return text(sorted(all));
}

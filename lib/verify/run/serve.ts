import type { ProxyView } from '../view/proxy';
import { PROXY_LIMITS } from '../view/tls-limits';
import type { Chain, Listener, ServerTls, VirtualHost, Weighted } from '../view/types';
import { pickVirtualHost, questionsOfHost } from '../view/vhosts';
import { type Bytes, eof, type HttpBytes, layerOf, type Reply, reset } from './bytes';
import { type Connection, chooseChain } from './chain-match';
import type { TraceCode } from './codes';
import { complaint, dnsNamesOf, handshake, namesOf, urisOf } from './handshake';
import { answered, type Branch, ends, type Failure, fork, type Hop, hopAt, type Leg } from './hop';
import { chooseRoute, isMalformed, normalized, rewritten } from './http';
import { inTime } from './patience';
import { decide, type PolicySubject } from './policy';
import { retried } from './retries';
import type { Arrival, Surroundings, Terminated } from './stations';
import { authenticated } from './tokens';
import { asksForTunnel, noTunnel } from './tunnel';
import { unsaidIn } from './unsaid';
import { sendHttp, sendTcp, unsendable } from './upstream';

/** A proxy takes a connection: it chooses a chain, opens TLS, asks its policies, and sends on. */
export function serve(engine: Surroundings, arrival: Arrival, listener: Listener, bytes: Bytes): Branch[] {
  const { proxy, role, connection } = arrival;
  const hop: Hop = hopAt(proxy.workload.id, role, listener.name, legOf(bytes));
  if (listener.refused) {
    const { why, ref } = listener.refused;
    return ends({ kind: 'not-ready' }, { ...hop, failure: { code: 'MESH-T203', why }, refs: [ref] });
  }
  const chain = chooseChain(listener, connection, bytes);
  if (!chain) return ends(reset(bytes, 'filter_chain_not_found'), noChain(hop, bytes, listener));
  const at: Hop = { ...hop, chain: chain.name, refs: chain.refs };
  if (!chain.tls) return pass(engine, { isOpened: false, ...arrival }, chain, bytes, subjectOf(connection, bytes), at);
  const led: Terminated = { isOpened: true, opened: layerOf(bytes), ...arrival };
  const ended =
    chain.tcp && role !== 'sidecar inbound' ? nowhereToGo(engine, led, chain, chain.tcp, bytes, at) : undefined;
  if (ended) return ended;
  const opened = open(engine, proxy, chain.tls, bytes);
  const secured: Hop = {
    ...at,
    received: { ...legOf(bytes, chain.tls.validatesClient), tls: chain.tls.mode },
    refs: [...at.refs, ...chain.tls.refs],
  };
  if ('reply' in opened) {
    return ends(opened.reply, { ...secured, flag: '', failure: { code: opened.code, why: opened.why } });
  }
  const subject = { peer: peerOf(bytes, chain.tls), ...subjectOf(connection, bytes) };
  return pass(engine, led, chain, opened.inner, subject, secured);
}

/** How a connection of bytes ends that no destination can take: whatever certificate comes, nobody looks at it. */
function nowhereToGo(
  engine: Surroundings,
  arrival: Terminated,
  { forward }: Chain,
  destinations: readonly Weighted[],
  bytes: Bytes,
  hop: Hop,
): Branch[] | undefined {
  const ended = destinations.flatMap(({ cluster, weight }) => {
    const branches = unsendable(engine, arrival, { name: cluster, bytes, hop: { ...hop, cluster }, forward });
    return branches ? [{ weight, branches }] : [];
  });
  return ended.length === destinations.length ? fork(ended, ({ branches }) => branches) : undefined;
}

/** What one sees of bytes from outside. */
function legOf(bytes: Bytes, isAsked = true): Leg {
  if (bytes.kind !== 'tls') return { tls: 'clear' };
  const { sni, client } = bytes;
  const presented = client.certificate && isAsked ? { presented: namesOf(client.certificate) } : {};
  return { tls: 'passed on', ...(sni === undefined ? {} : { sni }), ...presented };
}

function noChain(hop: Hop, bytes: Bytes, { chains }: Listener): Hop {
  const what =
    bytes.kind === 'tls'
      ? `TLS with SNI ${bytes.sni ?? '(none)'} and ALPN ${bytes.alpn.join() || '(none)'}`
      : 'clear text';
  const names = [...new Set(chains.flatMap(({ sni = [] }) => sni))].slice(0, 5);
  const known = names.length > 0 ? `; its chains are for ${names.join(', ')}` : '';
  return {
    ...hop,
    flag: 'NR',
    failure: { code: 'MESH-T201', why: `no filter chain for ${what}${known}` },
    refs: chains[0]?.refs ?? [],
  };
}

const subjectOf = (connection: Connection, bytes: Bytes): PolicySubject =>
  bytes.kind === 'tls' && bytes.sni !== undefined ? { sni: bytes.sni, ...connection } : connection;

/** A server that does not ask for a certificate does not see one. */
function peerOf(bytes: Bytes, { validatesClient }: ServerTls): PolicySubject['peer'] {
  const certificate = bytes.kind === 'tls' && validatesClient ? bytes.client.certificate : undefined;
  if (!certificate) return undefined;
  const { name, origin } = certificate;
  return { uris: urisOf(certificate), dns: dnsNamesOf(certificate), subject: `CN=${name}`, origin };
}

/** Opens TLS: the bytes inside, or why not. */
function open(
  engine: Surroundings,
  { workload }: ProxyView,
  tls: ServerTls,
  bytes: Bytes,
): { inner: Bytes } | { reply: Reply; code: TraceCode; why: string } {
  if (bytes.kind !== 'tls') {
    const why = `clear text to a chain with TLS ${tls.mode}`;
    return { reply: reset(bytes, why), code: 'MESH-T205', why };
  }
  const secrets = engine.secrets(workload);
  const pair = secrets.serverPair(workload, tls);
  const roots = tls.validatesClient ? secrets.serverRoots(workload, tls) : undefined;
  const lacks = (missing: string) => ({ reply: reset(bytes, missing), code: 'MESH-T204' as const, why: missing });
  if ('missing' in pair) return lacks(pair.missing);
  if (roots && 'missing' in roots) return lacks(roots.missing);
  const check = roots && {
    roots: roots.value,
    isRequired: tls.requiresClient,
    ...(tls.trustDomains ? { trustDomains: tls.trustDomains } : {}),
    ...(tls.subjectAltNames ? { names: tls.subjectAltNames } : {}),
  };
  const reply = handshake(bytes, pair.value, check, tls.limits ?? PROXY_LIMITS);
  return reply === undefined ? { inner: bytes.inner } : { reply, ...complaint(reply) };
}

/** Policies, then TCP or HTTP. */
function pass(
  engine: Surroundings,
  arrival: Terminated,
  chain: Chain,
  bytes: Bytes,
  subject: PolicySubject,
  hop: Hop,
): Branch[] {
  if (bytes.kind !== 'http') engine.assumeNoTokens(chain.rbac, false);
  if (chain.tcp) {
    const { denied, refs } = decide(chain.rbac, subject);
    const at: Hop = { ...hop, refs: [...hop.refs, ...refs] };
    const { forward } = chain;
    return fork(chain.tcp, (to) => {
      const sent = { name: to.cluster, bytes, hop: { ...at, cluster: to.cluster }, forward };
      if (denied !== undefined) {
        // the connection is led on when it comes, and denied when its first byte does
        const denies = () => ends(eof(bytes, 'rbac_access_denied'), { ...at, failure: denial(denied, chain, subject) });
        return unsendable(engine, arrival, sent) ?? denies();
      }
      const tunnel = arrival.role === 'sidecar inbound' ? undefined : arrival.proxy.tunnel(chain, to);
      return sendTcp(engine, arrival, { ...sent, tunnel });
    });
  }
  if (bytes.kind !== 'http') {
    const failure = { code: 'MESH-T208' as const, why: `${bytes.kind.toUpperCase()} on a port that speaks HTTP` };
    return ends({ kind: 'garbage', layer: layerOf(bytes) }, { ...hop, flag: 'DPE', failure });
  }
  // a listener of requests has no tunnels: it routes CONNECT nowhere
  if (asksForTunnel(bytes)) {
    const failure = { code: 'MESH-T212' as const, why: `${hop.at} is no proxy that connects to ${bytes.host}` };
    return ends(noTunnel(bytes, failure.why), { ...hop, failure });
  }
  const asked = { ...subject, ...clientOf(arrival, bytes, subject) };
  if (isMalformed(bytes.path, normalizationOf(engine, arrival))) {
    return answered(400, '', 'MESH-T210', `the path ${bytes.path} cannot be normalized`, hop);
  }
  const known = arrival.role === 'sidecar outbound' ? [] : arrival.proxy.tokenRules();
  const token = authenticated(received(engine, arrival, bytes, subject), known);
  if (token.believed) engine.leaveOut(token.believed);
  if ('refused' in token) {
    const failure = { code: 'MESH-T302' as const, why: token.refused };
    return ends({ kind: 'http', status: token.status }, { ...hop, failure, refs: [...hop.refs, ...token.refs] });
  }
  const { request } = token;
  engine.assumeNoTokens(chain.rbac, (request.token ?? request.claims) !== undefined);
  const { denied, refs } = decide(chain.rbac, { request, ...asked });
  const at: Hop = { ...hop, refs: [...hop.refs, ...token.refs, ...refs] };
  if (denied !== undefined) {
    const reply: Reply = { kind: 'http', status: 403 };
    return ends(reply, { ...at, failure: denial(denied, chain, { request, ...asked }) });
  }
  if (chain.http && 'inbound' in chain.http) {
    const cluster = chain.http.inbound;
    return sendHttp(engine, arrival, cluster, request, { ...at, cluster });
  }
  return route(engine, arrival, chain.http?.rds ?? '', request, at);
}

/**
 * The client that a trusted proxy tells of, by the header that each proxy adds an address to; where there are fewer than
 * trusted proxies, it is who connects (Envoy's `xff_num_trusted_hops`).
 */
function clientOf(
  { proxy: { workload }, role }: Arrival,
  { headers }: HttpBytes,
  { remoteIp }: PolicySubject,
): Pick<PolicySubject, 'remoteIp'> {
  const trusted = workload.trustedProxies ?? 0;
  if (remoteIp !== undefined || role !== 'gateway' || trusted === 0) return {};
  const told = headers[FORWARDED_FOR]?.split(',').at(-trusted)?.trim();
  return told === undefined || told === '' ? {} : { remoteIp: told };
}

const FORWARDED_FOR = 'x-forwarded-for';

function denial(why: string, { rbac }: Chain, subject: PolicySubject): Failure {
  const unsaid = unsaidIn(rbac, subject);
  return { code: 'MESH-T301', why, ...(unsaid.length > 0 ? { unsaid } : {}) };
}

/**
 * The request as policies see it: the path normalized, the client's names in the header that proxies use for them, and its
 * address in the one that gateways add it to.
 */
function received(engine: Surroundings, arrival: Arrival, request: HttpBytes, subject: PolicySubject): HttpBytes {
  const { peer, sourceIp } = subject;
  const { proxy, role } = arrival;
  const normalization = normalizationOf(engine, arrival);
  const path = normalized(request.path, normalization);
  const { [XFCC]: forwarded, [FORWARDED_FOR]: told, ...others } = request.headers;
  const tells = role === 'gateway' ? [told, sourceIp].filter(Boolean).join(',') : told;
  const headers = tells === undefined ? others : { ...others, [FORWARDED_FOR]: tells };
  const { isHttp2: _, origins, ...kept } = request;
  const read = origins?.after('path', { kind: 'normalize', mode: normalization ?? 'BASE' });
  const opened = { ...kept, ...(read ? { origins: peer ? read.with(`header ${XFCC}`, 'mixed') : read } : {}) };
  // an outbound proxy leaves the names alone; a gateway replaces them, a sidecar adds to them
  if (role === 'sidecar outbound') return { ...opened, path };
  const before = role === 'gateway' ? undefined : forwarded;
  const own =
    peer && [`By=${proxy.workload.id}`, `Subject="${peer.subject}"`, ...peer.uris.map((uri) => `URI=${uri}`)].join(';');
  const value = [before, own].filter((one) => one !== undefined).join(',');
  return { ...opened, path, headers: value === '' ? headers : { ...headers, [XFCC]: value } };
}

const normalizationOf = ({ world }: Surroundings, { proxy }: Arrival): string | undefined =>
  world.meshes.get(proxy.workload.cluster)?.config.pathNormalization?.normalization;

const XFCC = 'x-forwarded-client-cert';

function route(engine: Surroundings, arrival: Terminated, rds: string, request: HttpBytes, hop: Hop): Branch[] {
  const { proxy, role } = arrival;
  const host = request.host;
  const found = role === 'gateway' ? gatewayHost(proxy.gatewayTable(rds), request) : proxy.virtualHost(rds, host);
  if (!found) return answered(404, 'NR', 'MESH-T401', `no virtual host for ${host}`, hop);
  const at: Hop = { ...hop, route: found.name };
  if (found.requiresTls && !isTakenForTls(arrival, request)) return ends({ kind: 'http', status: 301 }, at);
  return follow(engine, arrival, found, request, at);
}

/** A redirect asks the request itself where proxies before the gateway are trusted (Envoy, `x-forwarded-proto`). */
function isTakenForTls({ proxy: { workload }, isOpened }: Terminated, { headers }: HttpBytes): boolean {
  const isTrusted = (workload.trustedProxies ?? 0) > 0;
  return isOpened || (isTrusted && headers['x-forwarded-proto'] === 'https');
}

function gatewayHost(table: readonly VirtualHost[], { host, origins }: HttpBytes): VirtualHost | undefined {
  for (const { match, answer } of origins ? questionsOfHost(table, host) : []) {
    origins?.note('host', match, answer, { kind: 'host' });
  }
  return pickVirtualHost(table, host);
}

function follow(engine: Surroundings, arrival: Terminated, host: VirtualHost, request: HttpBytes, hop: Hop): Branch[] {
  const { proxy } = arrival;
  const chosen = chooseRoute(host, request);
  if (!chosen) {
    const refs = [...hop.refs, ...host.refs];
    return answered(404, 'NR', 'MESH-T402', `no route of ${host.name} for ${request.method} ${request.path}`, {
      ...hop,
      refs,
    });
  }
  const at: Hop = { ...hop, refs: [...hop.refs, ...chosen.refs] };
  if (chosen.abortStatus)
    return answered(chosen.abortStatus, 'FI', 'MESH-T408', `aborted with ${chosen.abortStatus}`, at);
  if (chosen.directStatus) {
    if (host.name === 'block_all')
      return answered(chosen.directStatus, '', 'MESH-T403', `${request.host} is unknown`, at);
    return ends({ kind: 'http', status: chosen.directStatus }, at);
  }
  if (chosen.redirectStatus) return ends({ kind: 'http', status: chosen.redirectStatus }, at);
  if (!chosen.clusters?.length)
    return answered(503, 'NC', 'MESH-T404', 'the route has no destination with a weight', at);
  const ways = fork(chosen.clusters, (to) =>
    sendHttp(engine, arrival, to.cluster, rewritten(chosen, request, to), { ...at, cluster: to.cluster }),
  );
  return retried(inTime(ways, chosen), chosen, proxy.controlPlane.mesh);
}

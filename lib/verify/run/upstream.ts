import { isHttp2 } from '../registry/protocol';
import { isRefused, parseClusterName } from '../view/clusters';
import { INBOUND_PASSTHROUGH } from '../view/inbound';
import type { ProxyView } from '../view/proxy';
import type { SniForward } from '../view/sni-forward';
import { PROXY_LIMITS } from '../view/tls-limits';
import type { Tunnel } from '../view/tunnel';
import type { ClientTls, Cluster } from '../view/types';
import { isIp } from '../world/addresses';
import { application } from './application';
import { type Bytes, type HttpBytes, type Layer, type Reply, reset } from './bytes';
import type { TraceCode } from './codes';
import { ejecting } from './ejection';
import { namesOf } from './handshake';
import { answered, type Branch, ends, type Flag, fork, type Hop, type Leg } from './hop';
import { whyNoCluster } from './no-cluster';
import type { Surroundings, Terminated } from './stations';
import { askedFor, noteRoutes, type Target, targets, whyNoTarget } from './targets';
import { httpBranch, tcpBranch } from './translate';

/** Sends a request to a cluster, and puts what comes of it into the words of HTTP. */
export function sendHttp(
  engine: Surroundings,
  arrival: Terminated,
  name: string,
  request: HttpBytes,
  hop: Hop,
): Branch[] {
  const asHttp = (branches: Branch[], layer?: Layer) => branches.map((branch) => httpBranch(branch, layer));
  const direct = withoutCluster(engine, arrival, name, request, hop, true);
  if (direct) return asHttp(direct);
  const cluster = arrival.proxy.cluster(name);
  if (!cluster || isRefused(cluster)) {
    const { why, refs } = whyNoCluster(arrival.proxy, name);
    return answered(503, 'NC', 'MESH-T404', why, { ...hop, refs: [...hop.refs, ...refs] });
  }
  noteRoutes(engine, arrival, name);
  const at: Hop = { ...hop, refs: [...hop.refs, ...cluster.refs] };
  const asked = askedFor(request, cluster, arrival.connection.port);
  const groups = targets(engine, arrival, cluster, asked);
  if (groups.length === 0) {
    const { flag, why } = whyNoTarget(name, cluster, asked, true);
    return answered(503, flag, 'MESH-T405', why, at);
  }
  const bytes: HttpBytes = cluster.isHttp2 ? { ...request, isHttp2: true } : request;
  const toGroup = (group: readonly Target[]) => {
    const ways = group.map((target) => ({
      weight: target.weight,
      branches: through(engine, arrival, cluster, target, bytes, request.host, at, asHttp),
    }));
    // what could not be connected is tried again elsewhere
    const connected = ways.filter(({ branches }) => branches.some(({ isRetried }) => !isRetried));
    return fork(connected.length > 0 ? connected : ways, ({ branches }) => branches);
  };
  let branches = toGroup(groups[0]);
  for (const group of cluster.ejectsOutliers ? groups.slice(1) : []) {
    // in the long run failing endpoints are ejected, and the next priority answers
    if (!branches.every(({ reply }) => reply.kind === 'http' && reply.status >= 500)) break;
    branches = toGroup(group);
  }
  return ejecting(engine, name, cluster, branches);
}

/** A connection that a chain leads to a cluster. */
export interface Led {
  /** Of the cluster. */
  readonly name: string;
  readonly bytes: Bytes;
  readonly hop: Hop;
  /** What filters of the chain do with it before. */
  readonly tunnel?: Tunnel | undefined;
  readonly forward?: SniForward | undefined;
}

/** Sends a connection to a cluster. */
export function sendTcp(engine: Surroundings, arrival: Terminated, led: Led): Branch[] {
  const { name, bytes, hop, tunnel } = led;
  const carries = tunnel && { layer: engine.layer('tunnel'), bytes };
  const asTcp = (branches: Branch[], layer?: Layer) =>
    branches.map((branch) => tcpBranch(branch, bytes, arrival, layer, carries?.layer));
  const direct = withoutCluster(engine, arrival, name, bytes, hop, false);
  if (direct) return asTcp(direct);
  const to = destination(engine, arrival, led);
  if ('ended' in to) return to.ended;
  const { cluster, group, at } = to;
  const sent: Bytes =
    tunnel && carries
      ? { kind: 'http', method: tunnel.method, path: '', host: tunnel.target, headers: {}, carries }
      : bytes;
  const from: Hop = tunnel ? { ...at, refs: [...at.refs, tunnel.ref] } : at;
  const branches = fork(group, (target) => through(engine, arrival, cluster, target, sent, undefined, from, asTcp));
  return ejecting(engine, name, cluster, branches);
}

/** How a connection ends that no destination can take; undefined where one may. */
export function unsendable(engine: Surroundings, arrival: Terminated, led: Led): Branch[] | undefined {
  const isSpecial = !parseClusterName(led.name) && !arrival.proxy.cluster(led.name);
  const to = isSpecial ? undefined : destination(engine, arrival, led);
  return to && 'ended' in to ? to.ended : undefined;
}

/** Addresses of a cluster. Without one the connection is closed as soon as it comes: TLS that would be opened here never stands. */
function destination(
  engine: Surroundings,
  arrival: Terminated,
  { name, bytes, hop, forward }: Led,
): { ended: Branch[] } | { cluster: Cluster; group: readonly Target[]; at: Hop } {
  const broken = (flag: Flag, code: TraceCode, why: string, at: Hop) => {
    const reply: Reply = arrival.opened === undefined ? reset(bytes, why) : { kind: 'eof', layer: arrival.opened, why };
    return { ended: ends(reply, { ...at, flag, failure: { code, why } }) };
  };
  const cluster = arrival.proxy.cluster(name);
  if (!cluster || isRefused(cluster)) {
    const { why, refs } = whyNoCluster(arrival.proxy, name);
    return broken('NC', 'MESH-T404', why, { ...hop, refs: [...hop.refs, ...refs] });
  }
  noteRoutes(engine, arrival, name);
  const at: Hop = { ...hop, refs: [...hop.refs, ...cluster.refs] };
  const asked = askedFor(bytes, cluster, arrival.connection.port, forward);
  const [group] = targets(engine, arrival, cluster, asked);
  if (group) return { cluster, group, at };
  const { flag, why } = whyNoTarget(name, cluster, asked, false);
  return broken(flag, 'MESH-T405', why, at);
}

/** Clusters that are no service: the own application, the dialled address, the black hole. */
function withoutCluster(
  engine: Surroundings,
  arrival: Terminated,
  name: string,
  bytes: Bytes,
  hop: Hop,
  isHttp: boolean,
): Branch[] | undefined {
  const { proxy, connection, depth } = arrival;
  const { workload } = proxy;
  if (name === INBOUND_PASSTHROUGH || name.startsWith('inbound|')) {
    const { port, isH2 } = localPort(proxy, name, connection.port);
    const local: Bytes = isH2 && bytes.kind === 'http' ? { ...bytes, isHttp2: true } : bytes;
    return behind(hop, application(engine, workload, port, local, depth));
  }
  const { ip, port } = connection;
  if (name === 'PassthroughCluster') {
    return behind(
      { ...hop, endpoint: `${engine.world.shown(ip)}:${port}` },
      engine.send({ source: workload, ip, port, bytes, depth }),
    );
  }
  if (name !== 'BlackHoleCluster') return undefined;
  const why = `${engine.world.shown(ip)}:${port} is unknown, and unknown addresses are blocked`;
  const reply: Reply = isHttp ? { kind: 'http', status: 503 } : reset(bytes, why);
  return ends(reply, { ...hop, flag: 'UH', failure: { code: 'MESH-T403', why } });
}

/** Where a sidecar hands a connection to its application. */
function localPort(
  { workload, controlPlane }: ProxyView,
  cluster: string,
  dialled: number,
): { port: number; isH2: boolean } {
  if (cluster === INBOUND_PASSTHROUGH) return { port: dialled, isH2: false };
  const [, port, , endpoint] = cluster.split('|');
  const target = controlPlane.registry.targets(workload).find((one) => one.target === Number(port));
  const stated = endpoint ? Number(endpoint.split(':').pop()) : Number(port);
  return { port: stated, isH2: target !== undefined && isHttp2(target.port.protocol) };
}

/** One target: TLS around the bytes, if any, then the network. */
function through(
  engine: Surroundings,
  { proxy, depth }: Terminated,
  cluster: Cluster,
  { ip, port, name, endpoint }: Target,
  bytes: Bytes,
  host: string | undefined,
  hop: Hop,
  translate: (branches: Branch[], layer?: Layer) => Branch[],
): Branch[] {
  const tls = cluster.tls ?? (endpoint?.usesMtls ? cluster.autoTls : undefined);
  const { workload } = proxy;
  const dial = { source: workload, ip, port, depth };
  if (!tls) {
    const sent: Leg = { tls: bytes.kind === 'tls' ? 'passed on' : 'clear' };
    return translate(behind({ ...hop, endpoint: name, sent }, engine.send({ bytes, ...dial })));
  }
  let made = originate(engine, proxy, tls, host, bytes);
  // a cluster that waits for a Secret is not used before it has it: a running proxy keeps the one from before
  const kept = 'missing' in made ? engine.before(workload)?.cluster(hop.cluster ?? '')?.tls : undefined;
  if (kept) made = originate(engine, proxy, kept, host, bytes);
  const at: Hop = { ...hop, endpoint: name, refs: [...hop.refs, ...tls.refs] };
  if ('missing' in made) {
    // the transport socket is not ready: it fails before anything is dialled
    const failure = { code: 'MESH-T406' as const, why: made.missing };
    return translate(
      ends(reset(bytes, made.missing), { ...at, sent: { tls: tls.mode }, flag: 'UF', failure }),
      'missing',
    );
  }
  const { client, sni, layer } = made;
  const sent: Leg = {
    tls: tls.mode,
    ...(sni === undefined ? {} : { sni }),
    ...(client.names?.length ? { expects: client.names } : {}),
    ...(client.roots === undefined ? { isUnverified: true } : {}),
    ...(client.certificate ? { presented: namesOf(client.certificate) } : {}),
  };
  return translate(behind({ ...at, sent }, engine.send({ bytes: made, ...dial })), layer);
}

/** What a proxy's TLS client sends (`cluster_tls.go`). */
function originate(
  engine: Surroundings,
  { workload }: ProxyView,
  tls: ClientTls,
  host: string | undefined,
  inner: Bytes,
) {
  const secrets = engine.secrets(workload);
  const pair = secrets.clientPair(workload, tls);
  if (pair && 'missing' in pair) return pair;
  const roots = tls.skipsVerification ? undefined : secrets.clientRoots(workload, tls);
  if (roots && 'missing' in roots) return roots;
  if (tls.sni === undefined && tls.autoSni && inner.kind === 'http') inner.origins?.decides('host');
  const name = host?.replace(/:\d+$/, '');
  const sni = tls.sni ?? (tls.autoSni && name && !isIp(name) ? name : undefined);
  const names = tls.skipsVerification ? [] : tls.autoSan && sni ? [sni] : tls.subjectAltNames;
  const limits = tls.limits ?? PROXY_LIMITS;
  return engine.wrap(
    { names, limits, ...(pair ? { certificate: pair.value } : {}), ...(roots ? { roots: roots.value } : {}) },
    sni,
    tls.alpn,
    inner,
  );
}

/** The same ways, behind a hop. */
const behind = (hop: Hop, branches: readonly Branch[]): Branch[] =>
  branches.map((branch) => ({ ...branch, hops: [hop, ...branch.hops] }));

import { serviceHost } from '../../facts/service-host';
import type { RouterFact } from '../world/facts';
import { type CertificateFact, UNKNOWN_AUTHORITY } from '../world/facts';
import type { Mesh } from '../world/mesh';
import { refTo } from '../world/resource';
import type { Workload } from '../world/workloads';
import { type Bytes, eof, type HttpBytes, type Layer, layerOf, type Reply, type TlsBytes } from './bytes';
import { complaint, handshake } from './handshake';
import { type Branch, ends, fork, type Hop, type Leg } from './hop';
import { backendsOf, type Route, type RouteBackend, routesOf } from './router-routes';
import type { Dial, Surroundings } from './stations';

/** A connection at the router of OpenShift in a cluster. */
export interface AtRouter {
  readonly engine: Surroundings;
  readonly mesh: Mesh;
  readonly fact: RouterFact;
  readonly dial: Dial;
}

const RANDOM_NAME = 'router';

/** What the router does with a connection (OpenShift's HAProxy template). */
export function throughRouter(at: AtRouter): Branch[] {
  const { mesh, dial } = at;
  const { port, bytes } = dial;
  const hop: Hop = {
    at: `${mesh.cluster}/openshift-ingress/router`,
    role: 'gateway',
    received: legOf(bytes),
    refs: [],
  };
  if (port === 443) return secure(at, bytes, hop);
  if (port === 80) return plain(at, bytes, hop);
  const failure = { code: 'MESH-T202' as const, why: `a router listens on 80 and 443, not on ${port}` };
  return ends({ kind: 'refused' }, { ...hop, failure });
}

function legOf(bytes: Bytes): Leg {
  if (bytes.kind !== 'tls') return { tls: 'clear' };
  return { tls: 'passed on', ...(bytes.sni === undefined ? {} : { sni: bytes.sni }) };
}

/** What has the SNI of a passed host goes on as it is; the rest is opened. */
function secure(at: AtRouter, bytes: Bytes, hop: Hop): Branch[] {
  const { mesh, fact, engine } = at;
  if (bytes.kind !== 'tls') {
    const failure = { code: 'MESH-T205' as const, why: 'clear text to port 443 of a router' };
    return ends(eof(bytes, failure.why), { ...hop, failure });
  }
  const routes = routesOf(mesh);
  const passed = routes.find(
    ({ spec: { host, tls } }) => tls?.termination === 'passthrough' && isSame(host, bytes.sni),
  );
  if (passed) return forward(at, passed, bytes, hop, (branches) => branches);
  const own = routes.find(({ spec: { host, tls } }) => tls?.certificate !== undefined && isSame(host, bytes.sni));
  const stated = bytes.sni === undefined ? undefined : fact.certificates?.[bytes.sni.toLowerCase()];
  const certificate = certificateOf(engine, own?.spec.tls?.certificate ?? stated ?? fact.certificate);
  const refused = handshake(bytes, certificate);
  const opened: Hop = { ...hop, received: { ...legOf(bytes), tls: 'SIMPLE' } };
  if (refused) return ends(refused, { ...opened, failure: complaint(refused) });
  return byHost(at, bytes.inner, opened, (route) => {
    const { termination } = route.spec.tls ?? {};
    return termination === 'edge' || termination === 'reencrypt' ? 'serve' : undefined;
  });
}

function plain(at: AtRouter, bytes: Bytes, hop: Hop): Branch[] {
  return byHost(at, bytes, hop, ({ spec: { tls } }) => {
    if (!tls) return 'serve';
    const policy = tls.insecureEdgeTerminationPolicy ?? 'None';
    if (policy === 'Redirect') return 'redirect';
    return policy === 'Allow' && tls.termination !== 'passthrough' ? 'serve' : undefined;
  });
}

/** The first Route of the host and path; redirects come before all others. */
function byHost(
  at: AtRouter,
  bytes: Bytes,
  hop: Hop,
  use: (route: Route) => 'serve' | 'redirect' | undefined,
): Branch[] {
  if (bytes.kind !== 'http') {
    const failure = { code: 'MESH-T208' as const, why: `${bytes.kind.toUpperCase()} where a router reads HTTP` };
    return ends(eof(bytes, failure.why), { ...hop, failure });
  }
  bytes.origins?.decides('host');
  bytes.origins?.decides('path');
  const host = bytes.host.replace(/:\d+$/, '');
  const matching = routesOf(at.mesh).filter(
    ({ spec }) => isSame(spec.host, host) && bytes.path.startsWith(spec.path ?? '/'),
  );
  const redirect = matching.find((route) => use(route) === 'redirect');
  if (redirect) return ends({ kind: 'http', status: 302 }, { ...hop, refs: [refTo(redirect, 'spec.tls')] });
  const found = matching.find((route) => use(route) === 'serve');
  if (!found) {
    const failure = { code: 'MESH-T401' as const, why: `no Route of ${host} takes the request` };
    return ends({ kind: 'http', status: 503 }, { ...hop, failure });
  }
  return forward(at, found, telling(bytes, at.dial), hop, asHttp, wrapped(at, found));
}

/** A reencrypt Route demands its own authority, or the cluster's service authority and the Service's name; it sends no SNI. */
function wrapped({ engine, fact }: AtRouter, { namespace, spec }: Route) {
  const { termination, destinationCACertificate: ca } = spec.tls ?? {};
  if (termination !== 'reencrypt') return undefined;
  return ({ service }: RouteBackend, request: HttpBytes): TlsBytes => {
    const roots = [ca === undefined ? (fact.serviceCa ?? UNKNOWN_AUTHORITY) : authorityOf(ca)];
    const names = ca === undefined ? { hostname: `${service}.${namespace}.svc` } : {};
    return engine.wrap({ roots, ...names }, undefined, [], request);
  };
}

function forward<T extends Bytes>(
  { engine, mesh, fact, dial }: AtRouter,
  route: Route,
  bytes: T,
  hop: Hop,
  translate: (branches: Branch[], layer?: Layer) => Branch[],
  wrap?: (backend: RouteBackend, bytes: T & HttpBytes) => TlsBytes,
): Branch[] {
  const refs = [refTo(route, 'spec')];
  const { registry } = engine.plane(mesh);
  const targets = backendsOf(mesh, route).flatMap((backend) => {
    const host = serviceHost(backend.service, route.namespace, mesh.dnsDomain);
    const known = registry.byHost.get(host)?.get(route.namespace);
    const all = known && backend.port ? registry.endpoints(known, backend.port.port) : [];
    return all.map(({ address, port }) => ({ backend, ip: address, port, weight: backend.weight }));
  });
  if (targets.length === 0) {
    const failure = { code: 'MESH-T104' as const, why: `Route ${route.namespace}/${route.name} has no endpoints` };
    const reply: Reply = bytes.kind === 'http' ? { kind: 'http', status: 503 } : eof(bytes, failure.why);
    return ends(reply, { ...hop, failure, refs });
  }
  return fork(targets, ({ backend, ip, port }) => {
    const sent = wrap ? wrap(backend, bytes as T & HttpBytes) : bytes;
    const leg: Leg = { tls: wrap ? 'SIMPLE' : bytes.kind === 'tls' ? 'passed on' : 'clear' };
    const at: Hop = { ...hop, endpoint: `${ip}:${port}`, sent: leg, refs };
    const source = mesh.workloads.find((one) => one.ip === fact.address) ?? stranger(mesh, fact.address);
    const seen = bytes.kind === 'http' ? toldBy(fact, dial) : {};
    const branches = engine.send({ source, ip, port, bytes: sent, depth: dial.depth + 1, ...seen });
    const behind = branches.map((branch) => ({ ...branch, hops: [at, ...branch.hops] }));
    return translate(behind, wrap ? layerOf(sent) : undefined);
  });
}

/** The request with the address of its client, which the router adds to what it finds (HAProxy's `forwardfor`). */
function telling(request: HttpBytes, { source: { ip } }: Dial): HttpBytes {
  const { [FORWARDED_FOR]: told, ...headers } = request.headers;
  const addresses = told === undefined ? ip : `${told},${ip}`;
  return { ...request, headers: { ...headers, [FORWARDED_FOR]: addresses } };
}

const FORWARDED_FOR = 'x-forwarded-for';

/** Where it reads requests, a router opens connections of its own, and tells who called it (`X-Forwarded-For`). */
function toldBy({ address }: RouterFact, { seen }: Dial): Pick<Dial, 'seen'> {
  return seen === undefined ? {} : { seen: { sourceIp: address, remoteIp: seen.remoteIp ?? seen.sourceIp } };
}

/** What HAProxy says of a server: 503 where it cannot be connected, 502 where it ends the connection. */
function asHttp(branches: Branch[], layer?: Layer): Branch[] {
  return branches.map((branch) => {
    const { reply } = branch;
    if (reply.kind === 'http' || reply.kind === 'timeout' || reply.kind === 'not-ready') return branch;
    const isConnected =
      (reply.kind === 'tls-failure' && reply.phase === 'after') ||
      reply.kind === 'garbage' ||
      ((reply.kind === 'reset' || reply.kind === 'eof' || reply.kind === 'data') && reply.layer !== layer);
    return { ...branch, reply: { kind: 'http', status: isConnected ? 502 : 503 } };
  });
}

const isSame = (host: string | undefined, name: string | undefined): boolean =>
  host !== undefined && name !== undefined && host.toLowerCase() === name.toLowerCase();

/** A certificate by reference (`cert:NAME`); of PEM nothing is known. */
function certificateOf({ world }: Surroundings, text: string | undefined): CertificateFact {
  const known = text === undefined ? undefined : world.certificates.get(text.replace(/^cert:/, ''));
  return known ?? { name: RANDOM_NAME, ca: UNKNOWN_AUTHORITY };
}

const authorityOf = (text: string): string => (text.startsWith('ca:') ? text.slice(3) : UNKNOWN_AUTHORITY);

const stranger = ({ cluster, dnsDomain }: Mesh, ip: string): Workload => ({
  ...{ cluster, namespace: 'openshift-ingress', name: 'router', id: `${cluster}/openshift-ingress/router` },
  ...{ labels: {}, annotations: {}, serviceAccount: '', ip, moreIps: [], containers: [], proxyMounts: [] },
  ...{ replicas: 1, locality: '', dnsCapture: false, dnsDomain, proxyMetadata: {} },
});

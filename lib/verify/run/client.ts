import { MeshError } from '../../facts/error';
import type { TlsLimits } from '../view/tls-limits';
import { isIp } from '../world/addresses';
import type { Workload } from '../world/workloads';
import type { World } from '../world/world';
import type { Bytes, TlsClient } from './bytes';
import type { Call, TlsOffer } from './call';
import type { Engine } from './engine';
import type { Branch } from './hop';
import { resolve } from './names';
import { type Outcome, outcomeOf, type Spoke, unresolved } from './outcome';

/** One way that a call may take, with what the client reports of it. */
export interface Way extends Omit<Branch, 'reply' | 'isRetried'> {
  readonly outcome: Outcome;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/**
 * Makes a call.
 *
 * @throws MESH1107 when the call names a workload, certificate or URL that the world does not have.
 */
export function makeCall(engine: Engine, call: Call): Way[] {
  const source = callerOf(engine.world, call);
  const target = targetOf(call);
  const { scheme, host, port } = target;
  const [ip] = resolve(engine.world, engine.plane(source), source, host) ?? [];
  if (ip === undefined) {
    const why = `${host} is known neither to DNS of ${source.cluster} nor to a ServiceEntry that ${source.id} sees`;
    const hop = { at: source.id, role: 'network' as const, failure: { code: 'MESH-T101' as const, why }, refs: [] };
    return [{ probability: 1, outcome: unresolved({ scheme }), hops: [hop] }];
  }
  const { bytes, spoke } = spokenBytes(engine, call, target);
  const { sourceIp, remoteIp } = call;
  engine.seen = sourceIp === undefined ? undefined : { sourceIp, ...(remoteIp === undefined ? {} : { remoteIp }) };
  const branches = engine.dial({ source, ip, port, bytes, depth: 0 });
  return branches
    .filter(({ probability }) => probability > 0)
    .map(({ probability, reply, hops }) => ({ probability, hops, outcome: outcomeOf(reply, spoke) }));
}

interface Target {
  readonly scheme: Spoke['scheme'];
  readonly host: string;
  readonly port: number;
  readonly authority: string;
  readonly path: string;
}

function targetOf({ url, sni }: Call): Target {
  const [, scheme = '', rest = ''] = /^(https?|tcp|tls):\/\/(.+)$/.exec(url) ?? [];
  const parsed = parsedUrl(rest);
  const [, stated] = /^[^/?#]*:(\d+)(?:[/?#]|$)/.exec(rest) ?? [];
  const port = Number(stated ?? DEFAULT_PORTS[scheme]);
  if (parsed?.hostname.startsWith('[')) {
    throw new MeshError('MESH1107', url, 'addresses of IPv6 are not modelled; dial a name, or an address of IPv4');
  }
  if (!parsed || Number.isNaN(port)) {
    const expected =
      "expected something like 'http://reviews.default:9080/ratings/0', or tcp:// and tls:// with a port";
    throw new MeshError('MESH1107', url, `the URL cannot be called; ${expected}`);
  }
  const { hostname: host } = parsed;
  // an HTTP client takes SNI and authority from one name: it connects elsewhere, it does not say something else
  const named = sni !== undefined && scheme === 'https' ? sni : host;
  const authority = port === DEFAULT_PORTS[scheme] ? named : `${named}:${port}`;
  return { scheme: scheme as Target['scheme'], host, port, authority, path: pathOf(rest) };
}

/** Path and query as they are written: dot segments, escapes and double slashes are for proxies to read. */
function pathOf(rest: string): string {
  const written = rest.replace(/^[^/?#]*/, '').replace(/#.*$/, '');
  return written.startsWith('/') ? written : `/${written}`;
}

function parsedUrl(rest: string): URL | undefined {
  try {
    return new URL(`http://${rest}`);
  } catch {
    return undefined;
  }
}

function callerOf(world: World, { from }: Call): Workload {
  const [cluster, namespace, name] = from.split('/');
  const found = name === undefined ? undefined : world.workload(cluster, namespace, name);
  if (found) return found;
  const known = [...world.meshes.values()].flatMap(({ workloads }) => workloads.map(({ id }) => id)).sort();
  const list = known.slice(0, 20).join(', ') || 'none';
  throw new MeshError(
    'MESH1107',
    from,
    `there is no such workload; expected <cluster>/<namespace>/<name>, there are ${list}`,
  );
}

function spokenBytes(
  engine: Engine,
  call: Call,
  { scheme, host, authority, path }: Target,
): { bytes: Bytes; spoke: Spoke } {
  const headers = Object.entries(call.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const plain: Bytes =
    scheme === 'tcp' || scheme === 'tls'
      ? { kind: 'tcp' }
      : {
          kind: 'http',
          method: call.method ?? 'GET',
          path,
          host: headers.find(([name]) => name === 'host')?.[1] ?? authority,
          headers: Object.fromEntries(headers.filter(([name]) => name !== 'host')),
          ...(call.http2 ? { isHttp2: true } : {}),
          ...(call.token ? { token: call.token } : {}),
        };
  const isGrpc = plain.kind === 'http' && GRPC.test(plain.headers['content-type'] ?? '');
  if (scheme === 'http' || scheme === 'tcp') return { bytes: plain, spoke: { scheme, isGrpc } };
  const sni = call.sni ?? (isIp(host) ? undefined : host);
  const alpn = call.alpn ?? (scheme === 'https' ? ['h2', 'http/1.1'] : []);
  const bytes = engine.wrap(tlsClient(engine.world, call, call.sni ?? host), sni, alpn, plain);
  return { bytes, spoke: { scheme, isGrpc, layer: bytes.layer } };
}

const GRPC = /^application\/grpc($|\+)/;

function tlsClient({ certificates }: World, { as, ca, from, tls }: Call, hostname: string): TlsClient {
  const certificate = as === undefined ? undefined : certificates.get(as);
  if (as !== undefined && !certificate) {
    const known = [...certificates.keys()].sort().join(', ') || 'none';
    throw new MeshError('MESH1107', from, `there is no certificate '${as}' in the facts; there are ${known}`);
  }
  return {
    ...(certificate ? { certificate } : {}),
    ...(ca === undefined ? {} : { roots: [ca], hostname }),
    ...(tls ? { limits: limitsOf(tls) } : {}),
  };
}

function limitsOf({ min, max, ciphers }: TlsOffer): TlsLimits {
  return { ...(min ? { min } : {}), ...(max ? { max } : {}), ...(ciphers ? { ciphers: ciphers.split(':') } : {}) };
}

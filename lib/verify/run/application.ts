import type { ApplicationFact } from '../world/facts';
import type { Container, Workload } from '../world/workloads';
import { type Bytes, layerOf, type Reply, reset, type Served } from './bytes';
import { complaint, handshake } from './handshake';
import { type Branch, ends, type Failure, type Hop } from './hop';
import type { Surroundings } from './stations';
import { asksForTunnel, connected, noTunnel } from './tunnel';

/** What an application does with a connection to one of its ports. */
export function application(
  engine: Surroundings,
  workload: Workload,
  port: number,
  bytes: Bytes,
  depth: number,
): Branch[] {
  const hop: Hop = { at: workload.id, role: 'application', refs: [] };
  const found = listening(engine, workload, port);
  if (!found) {
    const why = `no container of ${workload.id} listens on ${port}`;
    return ends({ kind: 'refused' }, { ...hop, failure: { code: 'MESH-T105', why } });
  }
  const { container, fact } = found;
  if (fact.speaks === 'connect') return connected(engine, workload, fact, bytes, hop, depth);
  if (asksForTunnel(bytes)) {
    const why = `${workload.id} is no proxy that connects to ${bytes.host}`;
    return ends(noTunnel(bytes, why), { ...hop, failure: { code: 'MESH-T212', why } });
  }
  const served = servedBy(workload, container, port);
  if (fact.speaks === 'tcp') return ends({ kind: 'data', served, layer: layerOf(bytes) }, hop);
  if (fact.speaks === 'http') return answer(engine, workload, fact, bytes, served, hop);
  if (bytes.kind !== 'tls') {
    const why = 'clear text to an application that speaks TLS';
    return ends(reset(bytes, why), { ...hop, failure: { code: 'MESH-T107', why } });
  }
  const failed = tlsFailure(engine, workload, container, fact, bytes);
  if (failed) return ends(failed.reply, { ...hop, failure: failed.failure });
  if (fact.speaks === 'tls') return ends({ kind: 'data', served, layer: layerOf(bytes.inner) }, hop);
  return answer(engine, workload, fact, bytes.inner, served, hop);
}

function listening(
  engine: Surroundings,
  workload: Workload,
  port: number,
): { container: Container; fact: ApplicationFact } | undefined {
  for (const container of workload.containers) {
    const { images, containers } = engine.world.facts;
    const fact = containers?.[`${workload.id}/${container.name}`] ?? images?.[container.image];
    if (fact?.speaks === 'none') continue;
    const ports = container.ports.length > 0 ? container.ports : (fact?.ports ?? []);
    if (fact && ports.includes(port)) return { container, fact };
    if (!fact && (ports.length === 0 || ports.includes(port))) {
      return { container, fact: assumed(engine, workload, port) };
    }
  }
  return undefined;
}

/** Without a fact an application speaks what a Service says of the port, and answers 200. */
function assumed(engine: Surroundings, workload: Workload, port: number): ApplicationFact {
  const target = engine
    .plane(workload)
    .registry.targets(workload)
    .find((one) => one.target === port);
  const protocol = target?.port.protocol ?? 'Unsupported';
  const isTcp = !['HTTP', 'HTTP2', 'GRPC', 'GRPC-Web', 'Unsupported'].includes(protocol);
  engine.assume(`${workload.id} ${isTcp ? 'takes any bytes' : 'answers 200'} on port ${port}`);
  return { speaks: isTcp ? 'tcp' : 'http', http2: protocol !== 'HTTP' };
}

function servedBy({ id, labels }: Workload, { env }: Container, port: number): Served {
  const version = env.VERSION ?? labels.version;
  return { workload: id, port, app: env.APP ?? labels.app ?? '', ...(version === undefined ? {} : { version }) };
}

function answer(
  engine: Surroundings,
  workload: Workload,
  { statusInPath, delayInPath, failuresInPath, http2 }: ApplicationFact,
  bytes: Bytes,
  served: Served,
  hop: Hop,
): Branch[] {
  if (bytes.kind !== 'http' || (bytes.isHttp2 ? !http2 : http2 === 'only')) {
    const what = bytes.kind === 'http' ? (bytes.isHttp2 ? 'HTTP/2' : 'HTTP/1.1') : bytes.kind.toUpperCase();
    const why = `${what} to an application that speaks ${http2 === 'only' ? 'HTTP/2' : 'HTTP/1.1'}`;
    // bytes in clear text are told so in clear text, by a line of HTTP
    const isTold = bytes.kind === 'tcp' && http2 !== 'only';
    const reply: Reply = isTold ? { kind: 'http', status: 400 } : { kind: 'garbage', layer: layerOf(bytes) };
    return ends(reply, { ...hop, failure: { code: 'MESH-T107', why } });
  }
  const failing = engine.world.facts.failing?.[workload.id];
  const [, inPath] = (statusInPath && new RegExp(statusInPath).exec(bytes.path)) || [];
  const status = failing ?? (inPath === undefined ? 200 : Number(inPath));
  const [, failures = '0'] = (failuresInPath && new RegExp(failuresInPath).exec(bytes.path)) || [];
  const [, delay] = (delayInPath && new RegExp(delayInPath).exec(bytes.path)) || [];
  const late = delay === undefined ? {} : { after: Number(delay) };
  const reply: Reply = { kind: 'http', status, served: { ...served, request: bytes }, ...late };
  const fails = (why: string): Hop => ({ ...hop, failure: { code: 'MESH-T108', why } });
  if (failing !== undefined) return ends(reply, fails(`it answers ${failing}`));
  if (Number(failures) === 0) return ends(reply, hop);
  const recovers = { after: Number(failures), status };
  return ends(
    { ...reply, status: FAILS_WITH, recovers },
    fails(`it answers ${failures} requests with ${FAILS_WITH} first`),
  );
}

/** Status of answers that come before others (`failuresInPath`). */
const FAILS_WITH = 503;

function tlsFailure(
  engine: Surroundings,
  workload: Workload,
  container: Container,
  { certificate, alpn }: ApplicationFact,
  bytes: Extract<Bytes, { kind: 'tls' }>,
): { reply: Reply; failure: Failure } | undefined {
  const secrets = engine.secrets(workload);
  const directory = certificate?.directory ?? '';
  const file = secrets.file(workload.namespace, container.mounts, `${directory}/tls.crt`);
  const server = file && secrets.certificateIn(file.secret, file.key);
  if (!file || !server) {
    const why = `${workload.id} has no certificate in ${directory}`;
    return { reply: { kind: 'refused' }, failure: { code: 'MESH-T204', why } };
  }
  if (alpn && bytes.alpn.length > 0 && !bytes.alpn.some((one) => alpn.includes(one))) {
    const why = `${workload.id} speaks ${alpn.join(', ')}, the client offers ${bytes.alpn.join(', ')}`;
    const refusal: Reply = { kind: 'tls-failure', layer: bytes.layer, phase: 'handshake', by: 'server', why };
    return { reply: refusal, failure: { code: 'MESH-T107', why } };
  }
  const roots = certificate?.clientCa ? (secrets.rootsIn(file.secret, certificate.clientCa) ?? []) : undefined;
  const reply = handshake(bytes, server, roots && { roots, isRequired: true });
  return reply && { reply, failure: complaint(reply) };
}

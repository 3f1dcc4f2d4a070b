import type { ApplicationFact } from '../world/facts';
import type { Workload } from '../world/workloads';
import { type Bytes, type HttpBytes, layerOf, type Reply } from './bytes';
import { type Branch, ends, type Hop } from './hop';
import { lookUp } from './names';
import type { Surroundings } from './stations';

/** A request that asks for a tunnel, and what goes through it. */
export type TunnelRequest = HttpBytes & Required<Pick<HttpBytes, 'carries'>>;

export const asksForTunnel = (bytes: Bytes): bytes is TunnelRequest =>
  bytes.kind === 'http' && bytes.carries !== undefined;

/** Whoever answers a request for a tunnel with anything but success ends it (Envoy's `tunnel_response`). */
export const noTunnel = ({ carries }: TunnelRequest, why: string): Reply => ({
  kind: 'eof',
  layer: carries.layer,
  why,
});

/** A proxy of a company: it connects its clients to the targets that they ask for, and passes on what follows. */
export function connected(
  engine: Surroundings,
  workload: Workload,
  { targets, names }: ApplicationFact,
  bytes: Bytes,
  hop: Hop,
  depth: number,
): Branch[] {
  const refused = (reply: Reply, why: string) => ends(reply, { ...hop, failure: { code: 'MESH-T212', why } });
  if (!asksForTunnel(bytes) || bytes.method !== 'CONNECT') {
    const why = `${workload.id} is a proxy, which takes CONNECT alone`;
    if (asksForTunnel(bytes)) return refused(noTunnel(bytes, why), why);
    return refused(
      bytes.kind === 'http' ? { kind: 'http', status: 405 } : { kind: 'garbage', layer: layerOf(bytes) },
      why,
    );
  }
  const target = bytes.host;
  if (targets && !targets.includes(target)) {
    const why = `${workload.id} connects nobody to ${target}`;
    return refused(noTunnel(bytes, why), why);
  }
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(target) ?? [];
  const [ip] = lookUp(engine.world, engine.plane(workload), names?.[host] ?? host) ?? [];
  if (ip === undefined) {
    const why = `${workload.id} does not know ${host}`;
    return ends(noTunnel(bytes, why), { ...hop, failure: { code: 'MESH-T101', why } });
  }
  const at: Hop = { ...hop, endpoint: target };
  const sent = engine.send({ source: workload, ip, port: Number(port), bytes: bytes.carries.bytes, depth });
  return sent.map((branch) => {
    const { reply } = branch;
    const isConnected = reply.kind !== 'refused' && reply.kind !== 'unreachable';
    const told = isConnected ? reply : noTunnel(bytes, `${target} is ${reply.kind}`);
    return { ...branch, reply: told, hops: [at, ...branch.hops] };
  });
}

import type { Bytes, Certificate, HttpBytes } from '../run/bytes';
import type { Engine } from '../run/engine';
import type { Branch, Hop, Leg } from '../run/hop';
import { type FreePart, type Recorder, RequestOrigins } from '../run/origin';
import { isIp } from '../world/addresses';
import { type CertificateFact, UNKNOWN_AUTHORITY } from '../world/facts';
import type { Workload } from '../world/workloads';
import type { Sample } from './cells';
import type { Target } from './targets';

/** Who calls: a workload through its own proxy, or somebody who dials an address. */
export type Dialler =
  | { readonly kind: 'workload'; readonly workload: Workload }
  /** @param cluster in whose network they are; undefined outside of all. */
  | { readonly kind: 'stranger'; readonly cluster?: string; readonly hasCertificate: boolean };

/** A server that answers a call. */
export interface Reached {
  readonly server: string;
  readonly port: number;
  /** Proxies that take part, and gateways by name. */
  readonly via: readonly string[];
  /** TLS of each leg between two of them; `clear` where there is none. */
  readonly legs: readonly string[];
  /** Whom the proxy or application at the end sees: the caller itself (`caller`), somebody on the way by name, or `nobody`. */
  readonly identity: string;
  /** Set where the call is of none that are meant. */
  readonly isOutside?: true;
}

/** A call at its server. */
export interface Arrived {
  readonly reached: Reached;
  /** As the server gets it; undefined for other bytes. */
  readonly request?: HttpBytes;
}

/** What a call comes to. */
export interface Reach {
  readonly reached: readonly Reached[];
  /** Why the most likely way that reaches nobody ends. */
  readonly failure?: { readonly code: string; readonly why: string; readonly at: string };
  readonly branches: readonly Branch[];
  /** The request as the server gets it, of each way that reaches one. */
  readonly arrived: readonly Arrived[];
}

/** What a call of a name comes to that nobody knows. */
export const NOWHERE: Reach = {
  ...{ reached: [], branches: [], arrived: [] },
  failure: { code: 'MESH-T101', why: 'nobody knows the name', at: '' },
};

/** Says whether a call that arrives is meant. */
export type Judge = (dialler: Dialler, sample: Sample, arrived: Arrived, recorder: Recorder) => boolean;

/** Makes the call that a sample describes. */
export function reach(
  engine: Engine,
  dialler: Dialler,
  target: Target,
  sample: Sample,
  recorder: Recorder,
  isMeant: Judge = () => true,
): Reach {
  engine.begin();
  const bytes = bytesOf(engine, dialler, target, sample, recorder);
  const branches = dialled(engine, dialler, target, sample, bytes, recorder);
  const own = namesOf(dialler, sample);
  const arrived = branches.flatMap((branch): Arrived[] => {
    const { reply } = branch;
    const served = reply.kind === 'http' || reply.kind === 'data' ? reply.served : undefined;
    if (!served || branch.probability === 0) return [];
    const reached = reachedBy(branch.hops, served.workload, served.port, target, own);
    const one: Arrived = { reached, ...(served.request ? { request: served.request } : {}) };
    if (isMeant(dialler, sample, one, recorder)) return [one];
    const outside: Arrived = { ...one, reached: { ...reached, isOutside: true } };
    return [outside];
  });
  const failed = [...branches].sort((a, b) => b.probability - a.probability).find((one) => lastFailure(one));
  const failure = failed && lastFailure(failed);
  return { reached: distinct(arrived.map((one) => one.reached)), ...(failure ? { failure } : {}), branches, arrived };
}

function dialled(
  engine: Engine,
  dialler: Dialler,
  { ip, port }: Target,
  { address }: Sample,
  bytes: Bytes,
  recorder: Recorder,
): Branch[] {
  if (dialler.kind === 'workload') {
    const { workload } = dialler;
    const named = (match: Parameters<RequestOrigins['note']>[1], answer: boolean) =>
      recorder.note({ about: 'caller', match }, answer);
    engine.explored = { caller: workload.id, origin: { named, signedBy: () => undefined } };
    try {
      return engine.dial({ source: workload, ip, port, bytes, depth: 0 });
    } finally {
      engine.explored = undefined;
    }
  }
  const origin = { inBlock: (block: string, answer: boolean) => recorder.note({ about: 'address', block }, answer) };
  return engine.send({ source: stranger(address), ip, port, bytes, depth: 0, origin });
}

const stranger = (ip: string): Workload => ({
  ...{ cluster: '', namespace: '', name: 'stranger', id: 'stranger', labels: {}, annotations: {} },
  ...{ serviceAccount: '', ip, moreIps: [], containers: [], proxyMounts: [], replicas: 1, locality: '' },
  ...{ dnsCapture: false, dnsDomain: '', proxyMetadata: {} },
});

function bytesOf(engine: Engine, dialler: Dialler, target: Target, sample: Sample, recorder: Recorder): Bytes {
  const plain: Bytes = target.sends === 'tcp' ? { kind: 'tcp' } : requestOf(target, sample, recorder);
  if (!target.tls) return plain;
  const { sni, alpn } = target.tls;
  const certificate =
    dialler.kind === 'stranger' && dialler.hasCertificate ? certificateOf(sample, recorder) : undefined;
  return engine.wrap(certificate ? { certificate } : {}, sni !== undefined && isIp(sni) ? undefined : sni, alpn, plain);
}

function requestOf({ host }: Target, sample: Sample, recorder: Recorder): HttpBytes {
  const { parts } = sample;
  const of = (kind: 'header' | 'query') =>
    parts.flatMap((part): [string, string][] => {
      const value = part.startsWith(`${kind} `) ? sample.text(part) : undefined;
      return value === undefined ? [] : [[part.slice(kind.length + 1), value]];
    });
  const query = new URLSearchParams(of('query')).toString();
  return {
    kind: 'http',
    method: sample.text('method') ?? 'GET',
    path: (sample.text('path') ?? '/') + (query === '' ? '' : `?${query}`),
    host: host ?? sample.text('host') ?? '',
    headers: Object.fromEntries(of('header')),
    token: sample.claims,
    origins: new RequestOrigins(recorder, new Map<FreePart, 'fixed'>(host === undefined ? [] : [['host', 'fixed']])),
  };
}

/** A certificate of anybody, with the name and signer that the sample says. */
function certificateOf(sample: Sample, recorder: Recorder): Certificate {
  const name = sample.text('san') ?? '';
  return {
    ...{ name: 'anybody', ca: sample.root, san: [name.includes('://') ? `URI:${name}` : `DNS:${name}`] },
    origin: {
      named: (match, answer) => recorder.note({ about: 'san', steps: [], match }, answer),
      signedBy: (roots, answer) => recorder.note({ about: 'root', roots }, answer),
    },
  };
}

const namesOf = (dialler: Dialler, sample: Sample): readonly string[] => {
  if (dialler.kind === 'workload') return sample.caller?.names.flat() ?? [];
  return dialler.hasCertificate ? [sample.text('san') ?? ''] : [];
};

/** TLS modes that ask clients for certificates. */
const ASKS = ['MUTUAL', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL'];

function reachedBy(
  hops: readonly Hop[],
  server: string,
  port: number,
  target: Target,
  own: readonly string[],
): Reached {
  const proxies = hops.filter(({ role }) => role !== 'application' && role !== 'network');
  const sent = proxies.flatMap((hop) => (hop.sent && hop.role !== 'sidecar inbound' ? [legOf(hop.sent)] : []));
  const first = proxies[0]?.role === 'sidecar outbound' ? [] : [target.tls ? 'TLS' : 'clear'];
  const last = proxies.at(-1)?.received;
  const presented = last && ASKS.includes(last.tls) ? (last.presented ?? []) : [];
  const identity =
    presented.length === 0 ? 'nobody' : presented.some((one) => own.includes(one)) ? 'caller' : presented.join();
  return { server, port, via: proxies.map(nameOf), legs: [...first, ...sent], identity };
}

/** TLS of a leg, and what of the next hop's certificate is not checked. */
function legOf({ tls, isUnverified, expects = [] }: Leg): string {
  if (tls === 'clear') return tls;
  if (tls === 'passed on') return 'TLS';
  return isUnverified ? `${tls}, any certificate` : expects.length > 0 ? tls : `${tls}, any name`;
}

function nameOf({ at, role }: Hop): string {
  if (role === 'gateway') return at;
  return role === 'sidecar outbound' ? 'sidecar of the caller' : 'sidecar';
}

function lastFailure({ hops }: Branch): Reach['failure'] {
  const hop = [...hops].reverse().find((one) => one.failure);
  return hop?.failure && { code: hop.failure.code, why: hop.failure.why, at: hop.at };
}

function distinct(all: readonly Reached[]): Reached[] {
  const byKey = new Map(all.map((one) => [JSON.stringify(one), one]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Authorities that a stranger's certificate may be of. */
export function rootsOf({ world }: Engine): string[] {
  const own = [...world.meshes.values()].map(({ root }) => root);
  const known = [...world.certificates.values()].map(({ ca }: CertificateFact) => ca);
  const trusted = (world.facts.secrets ?? []).flatMap(({ data }) =>
    Object.values(data).flatMap((value) => (value.startsWith('ca:') ? [value.slice(3)] : [])),
  );
  return [...new Set([...own, ...known, ...trusted])].filter((root) => root !== UNKNOWN_AUTHORITY).sort();
}

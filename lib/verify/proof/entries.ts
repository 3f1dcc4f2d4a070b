import type {
  CallersSummary,
  ExposureSummary,
  MeshFacts,
  NextHopSummary,
  PeeringSummary,
  RoutingSummary,
} from '../../facts/fleet';
import type { Manifest } from '../../facts/manifest';
import { isHttp } from '../../facts/port';
import { serviceHost } from '../../facts/service-host';
import { type Resource, resource } from '../world/resource';

/** A name that leads to an exposure when workloads of the consumer dial it. */
export interface Entry {
  readonly host: string;
  readonly port: number;
  /** Whose calls lead there; absent: everybody's. */
  readonly callers?: CallersSummary;
  /** Paths that lead there; absent: all. */
  readonly paths?: readonly string[];
  /** Paths that lead elsewhere before. */
  readonly before?: readonly string[];
}

/** How workloads of the consumer come to an exposure: by its own host, by rules, else by a rule that nobody wrote. */
export function entriesOf(
  consumer: MeshFacts,
  peering: PeeringSummary,
  exposure: ExposureSummary,
  domain: string,
): Entry[] {
  const found = known(consumer, exposure);
  // no rule can lead to all names of a domain: which one is meant, its calls say
  const isDomain = exposure.host?.startsWith('*.') ?? false;
  if (found.length > 0 || exposure.nextHop === undefined || isDomain) return found;
  const probe = probeOf(consumer, peering, exposure);
  return [{ host: serviceHost(probe.name, probe.namespace, domain), port: PROBE_PORT }];
}

function known({ routings = [] }: MeshFacts, { dialled, nextHop }: ExposureSummary): Entry[] {
  const isRouted = routings.some(
    ({ host, rules }) => host === dialled?.host && rules.some(({ port }) => port === dialled.port),
  );
  const own = dialled && !isRouted ? [dialled] : [];
  return [...own, ...routings.flatMap((routing) => (nextHop ? byRules(routing, nextHop) : []))];
}

/** Rules that lead there, as far as paths and callers alone tell their calls apart, also those of the rules before. */
function byRules({ host, rules }: RoutingSummary, nextHop: NextHopSummary): Entry[] {
  return rules.flatMap(({ port, paths, callers, isNarrow, to }, index) => {
    const earlier = rules.slice(0, index).filter((one) => one.port === port);
    const isClear = !isNarrow && earlier.every((one) => !one.isNarrow && one.paths !== undefined);
    if (!isClear || !to.some((one) => isSame(one, nextHop))) return [];
    const before = earlier.flatMap((rule) => rule.paths ?? []);
    return [{ host, port, before, ...(paths ? { paths } : {}), ...(callers ? { callers } : {}) }];
  });
}

const isSame = (a: NextHopSummary, b: NextHopSummary): boolean =>
  a.host === b.host && a.port === b.port && a.subset === b.subset && a.authority === b.authority;

const PROBE_PORT = 17_000;

function probeOf({ namespaces, gateways }: MeshFacts, { name, callers }: PeeringSummary, { key }: ExposureSummary) {
  const ofGateways = new Set(gateways.map(({ namespace }) => namespace));
  const [own = namespaces.find((one) => !ofGateways.has(one)) ?? 'default'] = callers?.namespaces ?? [];
  return { namespace: own, name: ['multimesh-call', name, ...key.replaceAll('.', '__').split(/[/:]/)].join('_') };
}

/** The rule that nobody wrote: a Service without pods, and a VirtualService that leads its calls to the exposure. */
export function probeResources(
  consumer: MeshFacts,
  peering: PeeringSummary,
  exposure: ExposureSummary,
  domain: string,
): Resource[] {
  const { nextHop, protocol } = exposure;
  if (nextHop === undefined || known(consumer, exposure).length > 0) return [];
  const metadata = probeOf(consumer, peering, exposure);
  const host = serviceHost(metadata.name, metadata.namespace, domain);
  const { authority, subset, port } = nextHop;
  const destination = { host: nextHop.host, port: { number: port }, ...(subset === undefined ? {} : { subset }) };
  const headers = authority === undefined ? {} : { headers: { request: { set: { ':authority': authority } } } };
  const match = { port: PROBE_PORT, ...(protocol === 'tls' ? { sniHosts: [host] } : {}) };
  const route = isHttp(protocol)
    ? { http: [{ route: [{ destination, ...headers }] }] }
    : { [protocol]: [{ match: [match], route: [{ destination }] }] };
  const make = (manifest: Omit<Manifest, 'metadata'>) =>
    resource(consumer.cluster, { ...manifest, metadata } as Manifest);
  return [
    make({ apiVersion: 'v1', kind: 'Service', spec: { ports: [{ name: protocol, port: PROBE_PORT }] } }),
    make({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: { hosts: [host], ...route } }),
  ];
}

import { type NextHop, nextHopSummary } from '../facts/destination';
import type { ExposureFacts } from '../facts/exposure';
import type {
  BackendSummary,
  CallersSummary,
  ExposureSummary,
  OnwardSummary,
  PeeringSummary,
  PlaceSummary,
} from '../facts/fleet';
import type { MeshService } from '../facts/service';
import { conditionsSummary } from '../mesh/call-conditions';
import type { ExternalProxy } from '../mesh/external-proxy';
import type { Callers } from './callers';
import type { Noted } from './exposures';
import type { Consumer, Provider } from './parties';

/** How the way between two sides is protected, as `dist/fleet.json` says it. */
export type Protection = Pick<PeeringSummary, 'tls' | 'clientCertificate' | 'server' | 'client' | 'mounts'>;

/** A gateway, and a port of its Service. */
export interface EntryPoint {
  readonly gateway: { readonly name: string };
  readonly port: number;
}

/** What is said of a peering. */
interface Summarized {
  readonly name: string;
  /** Construct path. */
  readonly path: string;
  readonly strategy: string;
  readonly consumer: Consumer;
  readonly provider: Provider;
  readonly protection: Protection;
  /** Which workloads of the consumer use it; absent: all. */
  readonly usedBy?: Callers;
  readonly decidedBy?: PeeringSummary['decidedBy'];
  readonly through?: ExternalProxy;
  readonly exposures: ExposureSummary[];
}

/** A peering as `dist/fleet.json` holds it. */
export function peeringSummary(peering: Summarized): PeeringSummary {
  const { name, path, strategy, consumer, provider, protection, usedBy, decidedBy, through, exposures } = peering;
  return {
    name,
    path,
    strategy,
    consumer: consumer.name,
    provider: provider.name,
    ...protection,
    ...(consumer.kind === 'mesh' && usedBy && { callers: callersSummary(usedBy) }),
    ...(decidedBy && { decidedBy }),
    ...(through && { through: { hosts: through.hosts, port: through.port } }),
    exposures,
  };
}

/** Callers as `dist/fleet.json` holds them. */
function callersSummary({ kind, namespaces, labels, serviceAccounts }: Callers): CallersSummary {
  const accounts =
    kind === 'workload' ? serviceAccounts?.map((account) => `${namespaces[0]}/${account}`) : serviceAccounts;
  return {
    namespaces: [...namespaces].sort(),
    ...(labels && { labels }),
    ...(accounts && { serviceAccounts: [...accounts].sort() }),
  };
}

/** An exposure as `dist/fleet.json` holds it: what both sides agreed on, and what our own know beside. */
export function exposureSummary(
  { facts, nextHop, standsBy, service, conditions, alsoFrom = [] }: Noted,
  { arrival, onward }: { readonly arrival?: EntryPoint; readonly onward?: OnwardSummary },
): ExposureSummary {
  const { key, host, access } = facts;
  const { endpoint, servers, tls, toldApart, mirrorOf } = facts as ExposureFacts & Partial<StrategyFacts>;
  const dialled = nextHop && dialledPlace(facts, nextHop);
  return {
    key,
    ...(host !== undefined && { host }),
    protocol: facts.service.protocol,
    access,
    ...conditionsSummary(conditions),
    ...(alsoFrom.length > 0 && { alsoFrom: [...alsoFrom].sort() }),
    ...(dialled && { dialled }),
    ...(nextHop && { nextHop: nextHopSummary(nextHop) }),
    ...(standsBy && { standsBy }),
    ...(endpoint && { endpoint }),
    ...(arrival && { arrival: { gateway: arrival.gateway.name, port: arrival.port } }),
    ...(toldApart && tls && { wire: { sni: tls.sni, ...(toldApart.prefix && { prefix: toldApart.prefix }) } }),
    ...(mirrorOf && { mirrorOf }),
    ...(onward ? { onward } : service && { backend: backendOf(service, facts) }),
    ...(servers && { servers: servers.map((uri) => uri.replace(/^spiffe:\/\//, '')) }),
  };
}

/** What strategies may say beside. */
interface StrategyFacts {
  readonly port: number;
  readonly endpoint: ExposureSummary['endpoint'];
  readonly servers: readonly string[];
  readonly tls: { readonly sni: string };
  readonly toldApart: { readonly prefix?: string };
  readonly mirrorOf: readonly string[];
}

/** A next hop that says more than host and port is a gateway, which nobody dials. */
function dialledPlace(facts: ExposureFacts & Partial<StrategyFacts>, nextHop: NextHop): PlaceSummary | undefined {
  const { host, port } = facts;
  if (host !== undefined && port !== undefined) return { host, port };
  const isPlain = nextHop.subset === undefined && nextHop.authority === undefined;
  return isPlain ? { host: nextHop.host, port: nextHop.port } : undefined;
}

function backendOf(
  { pods, subsets, ports }: MeshService,
  { service: { port, subset } }: ExposureFacts,
): BackendSummary {
  return {
    labels: sorted(pods),
    ...(subset !== undefined && { subset: sorted(subsets[subset]) }),
    port: ports.find(({ number }) => number === port)?.targetPort ?? port,
  };
}

const sorted = (labels: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

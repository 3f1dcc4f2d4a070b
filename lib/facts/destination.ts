import type { NextHopSummary } from './fleet';
import type { Protocol } from './port';

/** Where a rule of the consumer sends a call: what a VirtualService destination names. */
export interface NextHop {
  /** Host of a service of the consumer's own registry. */
  readonly host: string;
  /** Port number of that host. */
  readonly port: number;
  /** Subset of that host. */
  readonly subset?: string;
  /** Authority (HTTP `Host`) that the next proxy routes by. */
  readonly authority?: string;
  /** `*.` and a domain, where it is all names of one: each call names its own, and keeps it. */
  readonly domain?: string;
  /** Whether the caller's own proxy reaches it through a proxy of the company. */
  readonly isHidden?: boolean;
  /** Other authorities that the next proxies take: of requests whose copies are sent here. */
  readonly copiesOf?: readonly string[];
  /** Workloads of the mesh that it is there for: others have no way to it. Absent: all. */
  readonly callers?: NextHopCallers;
}

/** For which workloads a next hop is there. */
export interface NextHopCallers {
  readonly namespaces: readonly string[];
  /** Pod labels; absent: all workloads of the namespaces. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Something that a `Rule` can point at: a local service, a subset of it, or an exposure. */
export interface Destination<P extends Protocol = Protocol> {
  /** What flows to it. */
  readonly protocol: P;
  /** Construct path of the mesh whose rules may name it. */
  readonly usableIn: string;
  /** What the rule names. */
  readonly nextHop: NextHop;
}

/** A next hop as `dist/fleet.json` holds it. */
export function nextHopSummary({ host, port, subset, authority }: NextHop): NextHopSummary {
  return { host, port, ...(subset !== undefined && { subset }), ...(authority !== undefined && { authority }) };
}

/** Whose proxies see where a host leads. */
export interface SeenBy {
  /** The first is that of the ServiceEntry. */
  readonly namespaces: readonly string[];
  /** Labels of the pods for which alone a DestinationRule is; absent: it is for all pods of the namespaces. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether these are the pods of a gateway, which calls nobody on its own. */
  readonly isGateway?: boolean;
}

/** Who leads a host elsewhere. */
export interface Leader {
  /** Construct path of the peering. */
  readonly by: string;
  /** Whose proxies see that; absent: all of the mesh. */
  readonly seenBy?: SeenBy;
  /** The host's ServiceEntry, when all is known of it; absent: it stands beside no other. */
  readonly registers?: () => object;
}

/** Why a host leads elsewhere already. */
export interface LedElsewhere {
  /** What leads it: a peering, or a service of the mesh. */
  readonly by: string;
  /** Namespace that would see both, where each is for some alone. */
  readonly shared?: string;
  /** Whether both are for some pods of that namespace, of which one could have the labels of both. */
  readonly isOfPods?: boolean;
}

/**
 * Where hosts lead that are no services of a mesh. A proxy takes one ServiceEntry, one VirtualService and one
 * DestinationRule of a host, so two may lead it as long as no proxy sees both; or, where both register it the same way in
 * one namespace, as long as the rule of each selects pods that the other one's does not.
 */
export class LedHosts {
  private readonly leaders = new Map<string, Leader[]>();

  /** Notes who leads a host, unless a proxy would see another one. */
  public claim(host: string, leader: Leader): LedElsewhere | undefined {
    const known = this.leaders.get(host) ?? [];
    for (const other of known) {
      const { by, seenBy } = other;
      if (leader.seenBy === undefined || seenBy === undefined) return { by };
      const shared = leader.seenBy.namespaces.find((one) => seenBy.namespaces.includes(one));
      if (shared === undefined || standBeside(leader, other)) continue;
      return { by, shared, isOfPods: leader.seenBy.labels !== undefined && seenBy.labels !== undefined };
    }
    this.leaders.set(host, [...known, leader]);
    return undefined;
  }

  /** The first that leads a host, if any. */
  public of(host: string): string | undefined {
    return this.leaders.get(host)?.[0].by;
  }

  /** Another one that registers a host in the namespace of a leader, for other pods. */
  public beside(host: string, { seenBy, registers }: Leader): Leader | undefined {
    const known = this.leaders.get(host) ?? [];
    if (known.length < 2) return undefined;
    const isThere = (other: Leader) => other.seenBy?.namespaces[0] === seenBy?.namespaces[0];
    return known.find((other) => other.registers !== registers && isThere(other));
  }
}

/**
 * Whether two register a host in one namespace, and no pod has the rules of both. Of a rule that selects pods and one for
 * all pods istiod may lose the younger (`mergeDestinationRule`), so both select.
 */
function standBeside(a: Leader, b: Leader): boolean {
  const [one, other] = [a.seenBy, b.seenBy];
  if (!a.registers || !b.registers || !one?.labels || !other?.labels) return false;
  if (one.namespaces[0] !== other.namespaces[0]) return false;
  if (one.isGateway) return !isPartOf(other.labels, one.labels);
  if (other.isGateway) return !isPartOf(one.labels, other.labels);
  const { labels } = one;
  return Object.entries(other.labels).some(([name, value]) => name in labels && labels[name] !== value);
}

/** Whether pods of a gateway have all labels by which callers are selected. */
function isPartOf(callers: NonNullable<SeenBy['labels']>, gateway: NonNullable<SeenBy['labels']>): boolean {
  return Object.entries(callers).every(([name, value]) => gateway[name] === value);
}

/** Who leads a host elsewhere. */
interface Leader {
  /** Construct path of the peering. */
  readonly by: string;
  /** Namespaces whose proxies see that; absent: all of the mesh. */
  readonly namespaces?: readonly string[];
}

/** Why a host leads elsewhere already. */
export interface LedElsewhere {
  /** What leads it: a peering, or a service of the mesh. */
  readonly by: string;
  /** Namespace that would see both, where each is for some alone. */
  readonly shared?: string;
}

/**
 * Where hosts lead that are no services of a mesh. A proxy takes one ServiceEntry and one VirtualService of a host, so
 * two may lead it as long as no proxy sees both.
 */
export class LedHosts {
  private readonly leaders = new Map<string, Leader[]>();

  /** Notes who leads a host, unless a proxy would see another one. */
  public claim(host: string, leader: Leader): LedElsewhere | undefined {
    const known = this.leaders.get(host) ?? [];
    for (const other of known) {
      const shared = leader.namespaces?.find((one) => other.namespaces?.includes(one));
      if (leader.namespaces === undefined || other.namespaces === undefined) return { by: other.by };
      if (shared !== undefined) return { by: other.by, shared };
    }
    this.leaders.set(host, [...known, leader]);
    return undefined;
  }

  /** The first that leads a host, if any. */
  public of(host: string): string | undefined {
    return this.leaders.get(host)?.[0].by;
  }
}

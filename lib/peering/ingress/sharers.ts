/** One consumer's exposure of a service behind a host. */
export interface Sharer {
  /** Construct path of the peering. */
  readonly where: string;
  /** What it may do, as text. */
  readonly access: string;
  /** What is asked of its calls besides, as text. */
  readonly conditions: string;
  /** By what a policy names its client, if it can. */
  readonly principal: string | undefined;
}

interface Numbered extends Sharer {
  readonly number: number;
}

/**
 * Who shares a service behind a host. Policies of two clients add up where each names its own; of those whom a policy
 * cannot tell apart each could do what the other may, so they must be allowed the same, and the first stands for all.
 */
export class Sharers {
  private readonly byPrincipal = new Map<string | undefined, Numbered>();
  /** The first, and the first that is allowed something else: one of the two is unlike anybody. */
  private readonly unlike: Sharer[] = [];
  private count = 0;

  /** How many there are. */
  public get size(): number {
    return this.count;
  }

  /** The first that is allowed something else, and whom a policy cannot tell apart. */
  public opponentOf(sharer: Sharer): Sharer | undefined {
    const { principal } = sharer;
    if (principal === undefined) return this.unlike.find((one) => !isAllowedTheSame(one, sharer));
    const same = this.byPrincipal.get(principal);
    const nameless = this.byPrincipal.get(undefined);
    const first = same && nameless && nameless.number < same.number ? nameless : (same ?? nameless);
    // where both are there, they are allowed the same
    return first && !isAllowedTheSame(first, sharer) ? first : undefined;
  }

  /** Adds one that has no opponent. */
  public add(sharer: Sharer): void {
    const { byPrincipal, unlike } = this;
    if (!byPrincipal.has(sharer.principal)) byPrincipal.set(sharer.principal, { ...sharer, number: this.count });
    this.count++;
    if (unlike.length < 2 && (unlike.length === 0 || !isAllowedTheSame(unlike[0], sharer))) unlike.push(sharer);
  }
}

const isAllowedTheSame = (a: Sharer, b: Sharer) => a.access === b.access && a.conditions === b.conditions;

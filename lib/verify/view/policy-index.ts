import { push } from '../../facts/memo';
import type { Ref } from '../world/resource';
import type { Condition, TextMatch } from './condition';

/** One rule of a policy. */
export interface Policy {
  readonly name: string;
  readonly condition: Condition;
  readonly ref: Ref;
}

interface Placed {
  readonly policy: Policy;
  /** Which one it is: the first that holds decides. */
  readonly place: number;
}

/** By what policies are looked up. */
export interface LookedUp {
  /** Names of the client's certificate. */
  readonly peer: readonly string[];
  readonly host?: string;
}

/**
 * Policies of a filter by what they cannot hold without: a name of the client's certificate, or the host of a request. A
 * gateway has one for each of thousands of consumers, of whom one calls.
 */
export class PolicyIndex {
  private readonly byPeer = new Map<string, Placed[]>();
  private readonly byHost = new Map<string, Placed[]>();
  /** Those that hold for others, too. */
  private readonly others: Placed[] = [];
  /** Those that ask what a call may leave open: addresses, headers, tokens. */
  public readonly open: readonly Policy[];
  private listed?: string;

  constructor(private readonly policies: readonly Policy[]) {
    for (const [place, policy] of policies.entries()) this.add({ policy, place });
    this.open = policies.filter(({ condition }) => mayBeOpen(condition));
  }

  /** Their names, for messages. */
  public get names(): string {
    this.listed ??= this.policies.map(({ name }) => name).join(', ');
    return this.listed;
  }

  /** The first whose condition holds. */
  public first({ peer, host }: LookedUp, holds: (condition: Condition) => boolean): Policy | undefined {
    let best: Placed | undefined;
    const look = (list: readonly Placed[] = []): void => {
      for (const one of list) {
        if (best !== undefined && one.place > best.place) return;
        if (!holds(one.policy.condition)) continue;
        best = one;
        return;
      }
    };
    for (const name of peer) look(this.byPeer.get(name));
    if (host !== undefined) look(this.byHost.get(nameOf(host)));
    look(this.others);
    return best?.policy;
  }

  private add(placed: Placed): void {
    const { condition } = placed.policy;
    const peers = neededBy(condition, 'peer', exactly);
    const hosts = peers === undefined ? neededBy(condition, 'host', hostOf) : undefined;
    const needed = peers ?? hosts;
    if (needed === undefined) this.others.push(placed);
    else for (const key of new Set(needed)) push(peers === undefined ? this.byHost : this.byPeer, key, placed);
  }
}

function mayBeOpen(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(mayBeOpen);
  if ('any' in condition) return condition.any.some(mayBeOpen);
  if ('not' in condition) return mayBeOpen(condition.not);
  if ('variable' in condition) return condition.variable.startsWith('header ');
  return !('destinationPort' in condition);
}

/** What a condition cannot hold without one of; undefined where it may hold with any. */
function neededBy(
  condition: Condition,
  variable: 'peer' | 'host',
  keyOf: (match: TextMatch) => string | undefined,
): string[] | undefined {
  if ('all' in condition) {
    for (const one of condition.all) {
      const needed = neededBy(one, variable, keyOf);
      if (needed !== undefined) return needed;
    }
    return undefined;
  }
  if ('any' in condition) {
    const all: string[] = [];
    for (const one of condition.any) {
      const needed = neededBy(one, variable, keyOf);
      if (needed === undefined) return undefined;
      all.push(...needed);
    }
    return all;
  }
  if (!('variable' in condition) || condition.variable !== variable) return undefined;
  const key = keyOf(condition.match);
  return key === undefined ? undefined : [key];
}

const exactly = ({ kind, value, ignoreCase }: TextMatch): string | undefined =>
  kind === 'exact' && !ignoreCase ? value : undefined;

/** A host itself, or with any port behind it. */
const hostOf = ({ kind, value }: TextMatch): string | undefined =>
  kind === 'exact' || (kind === 'prefix' && value.includes(':')) ? nameOf(value) : undefined;

/** A host as it is looked up: without port, in lower case. */
function nameOf(host: string): string {
  const colon = host.indexOf(':');
  return (colon < 0 ? host : host.slice(0, colon)).toLowerCase();
}

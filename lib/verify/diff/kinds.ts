import type { Reach, Reached } from '../explore/reach';

/** What a change does to a call. */
export type ChangeKind = 'opens' | 'closes' | 'breaks' | 'moves' | 'weakens' | 'rolls';

/** In the order in which people look at them. */
export const KINDS: readonly ChangeKind[] = ['opens', 'breaks', 'rolls', 'weakens', 'moves', 'closes'];

/** One sentence each. */
export const KIND_TITLES: Readonly<Record<ChangeKind, string>> = {
  opens: 'reaches a server that it did not reach',
  breaks: 'reached a server, and fails without a rule that denies it',
  rolls: 'goes on only until a pod restarts',
  weakens: 'is less protected on its way, or tells the server less of the caller',
  moves: 'reaches another server',
  closes: 'is denied',
};

/** What becomes of a call from one world to another; undefined where nothing does that anybody must know. */
export function kindOf(before: Reach | undefined, after: Reach | undefined): ChangeKind | undefined {
  const [old, now] = [before?.reached ?? [], after?.reached ?? []];
  // who is gone calls nobody
  if (!after) return undefined;
  if (now.length === 0) return old.length === 0 ? undefined : after.failure?.code === DENIED ? 'closes' : 'breaks';
  if (old.length === 0) return 'opens';
  const servers = (all: readonly Reached[]) => [...new Set(all.map(({ server, port }) => `${server} ${port}`))].sort();
  if (servers(old).join() !== servers(now).join()) return 'moves';
  return now.some((one) => old.every((other) => isWeaker(one, other))) ? 'weakens' : undefined;
}

const DENIED = 'MESH-T301';

/** How well a leg is protected. */
const STRENGTH: Readonly<Record<string, number>> = {
  clear: 0,
  SIMPLE: 1,
  TLS: 1,
  OPTIONAL_MUTUAL: 1,
  MUTUAL: 2,
  ISTIO_MUTUAL: 2,
};
/** How much of the next hop's certificate is checked. */
const CHECKS: Readonly<Record<string, number>> = { 'any certificate': 0, 'any name': 1 };
/** How much a server knows of who calls. */
const KNOWLEDGE: Readonly<Record<string, number>> = { nobody: 0, caller: 2 };

function isWeaker(now: Reached, old: Reached): boolean {
  const least = ({ legs }: Reached, rank: (leg: string) => number) => Math.min(9, ...legs.map(rank));
  const strength = (leg: string) => STRENGTH[leg.split(', ')[0]] ?? 1;
  const checks = (leg: string) => CHECKS[leg.split(', ')[1]] ?? 2;
  const knowledge = ({ identity }: Reached) => KNOWLEDGE[identity] ?? 1;
  const isLess = (rank: (leg: string) => number) => least(now, rank) < least(old, rank);
  return isLess(strength) || (isLess(checks) && !isClear(now)) || knowledge(now) < knowledge(old);
}

const isClear = ({ legs }: Reached): boolean => legs.every((leg) => leg === 'clear');

import { byText } from '../../facts/by-text';
import type { Trace } from '../trace';
import type { Resource } from '../world/resource';
import { describe } from '../world/resource';

/** A call that goes as stated, unless objects in its way that are not modelled do something else with it. JSON. */
export interface Doubt {
  readonly passed: readonly string[];
}

/** An object that is not modelled, and how many calls pass it. */
export interface Unmodelled {
  readonly object: string;
  readonly calls: number;
}

/** Kinds that close ways and open none. */
const CLOSING = /^(?:AuthorizationPolicy|NetworkPolicy|RequestAuthentication) /;

/** NetworkPolicies that a program writes itself: they are there for what it states, whether enforced or not. */
export function ownPolicies(resources: readonly Resource[]): ReadonlySet<string> {
  return new Set(resources.filter(({ kind, source }) => kind === 'NetworkPolicy' && !source).map(describe));
}

/** What may keep a call from going as stated, although it seems to. */
export function doubtsOf({ unmodelled }: Trace, isServed: boolean, own: ReadonlySet<string>): Doubt[] {
  const objects = unmodelled
    .map(({ object }) => object)
    .filter((object) => !own.has(object) && (isServed || !CLOSING.test(object)));
  return objects.length === 0 ? [] : [{ passed: [...new Set(objects)] }];
}

/** Objects that are passed, those of most calls first. */
export function passedBy(doubts: readonly Doubt[]): Unmodelled[] {
  const calls = new Map<string, number>();
  for (const object of doubts.flatMap(({ passed }) => passed)) calls.set(object, (calls.get(object) ?? 0) + 1);
  return [...calls]
    .map(([object, number]) => ({ object, calls: number }))
    .sort(byText(({ object }) => object))
    .sort((a, b) => b.calls - a.calls);
}

import type { NextHopCallers } from '../facts/destination';
import type { Protocol } from '../facts/port';
import type { Rule } from './rule';

/** Which calls of a mesh a rule is about, as VirtualService matches say it. */
export interface SourceMatch {
  readonly sourceNamespace?: string;
  readonly sourceLabels?: Record<string, string>;
}

/**
 * The workloads for which all destinations of a rule are there. Others have no ServiceEntry or TLS for them: led there,
 * they would get 503 NC, or send clear text to a TLS port; so they fall through to the next rule.
 *
 * @returns undefined when all workloads of the mesh are; no namespaces when none are.
 */
export function callersOf({ reached }: Rule<Protocol>): NextHopCallers | undefined {
  return reached
    .map(({ nextHop }) => nextHop.callers)
    .filter((callers) => callers !== undefined)
    .reduce<NextHopCallers | undefined>((left, right) => (left ? both(left, right) : right), undefined);
}

function both(left: NextHopCallers, right: NextHopCallers): NextHopCallers {
  const labels = { ...left.labels, ...right.labels };
  // labels that contradict each other are on no pod
  const isPossible = Object.entries(left.labels ?? {}).every(([key, value]) => labels[key] === value);
  return {
    namespaces: isPossible ? left.namespaces.filter((namespace) => right.namespaces.includes(namespace)) : [],
    ...((left.labels ?? right.labels) && { labels }),
  };
}

/** A match per namespace of the callers; one that says nothing for all workloads of the mesh. */
export function sourceMatches(callers: NextHopCallers | undefined): SourceMatch[] {
  if (callers === undefined) return [{}];
  const { namespaces, labels } = callers;
  return [...namespaces].sort().map((sourceNamespace) => ({
    sourceNamespace,
    ...(labels && { sourceLabels: Object.fromEntries(Object.entries(labels).sort()) }),
  }));
}

/** What istiod orders objects by. */
export interface Aged {
  readonly name: string;
  readonly namespace: string;
  /** Seconds since the epoch; undefined where nothing says it. */
  readonly created?: number;
}

/**
 * How objects of unknown age are ordered among each other and against objects of known age: `names`, as if all of them
 * had been created in one second and last; `reversed`, the other way round. What comes out equal in both orders does not
 * depend on ages.
 */
export type AgeOrder = 'names' | 'reversed';

/** Orders as istiod does: oldest first, then by name and namespace (`model.sortConfigByCreationTime`). */
export function ageComparator(order: AgeOrder): (a: Aged, b: Aged) => number {
  const unknown = order === 'names' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return (a, b) => {
    const x = a.created ?? unknown;
    const y = b.created ?? unknown;
    if (x !== y) return x < y ? -1 : 1;
    const byName = compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
    return a.created === undefined && order === 'reversed' ? -byName : byName;
  };
}

/** As Go compares strings, for the characters that names have. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

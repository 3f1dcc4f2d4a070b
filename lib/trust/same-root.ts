import type { RootFacts } from '../facts/fleet';

/** By fingerprints, where both state some: while a root is rotated, one in common is enough. By name otherwise. */
export function isSameRoot(a: RootFacts, b: RootFacts): boolean {
  const isComparable = a.sha256.length > 0 && b.sha256.length > 0;
  return isComparable ? a.sha256.some((sha) => b.sha256.includes(sha)) : a.name === b.name;
}

/** How messages call a root. */
export function describeRoot({ name, sha256 }: RootFacts): string {
  return `'${name}'${sha256.length > 0 ? ` (SHA-256 ${sha256.join(', ')})` : ''}`;
}
